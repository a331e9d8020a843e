package gateway.backup;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import gateway.process.DirectoryLock;
import gateway.process.ExplainedFault;
import gateway.store.SqliteSnapshot;

/**
 * The files of a gateway as of one instant: small ones in memory, databases as copies in a private place, the rest
 * where it lies.
 */
final class StateFiles implements AutoCloseable {
    private static final List<String> SMALL =
            List.of("secrets/ledger.json", "webhook.key", "accounts.generation", GatewayState.ID);

    private final Path place;
    private final Instant time;
    private final List<Piece> pieces = new ArrayList<>();
    private final List<Manifest.Tables> databases = new ArrayList<>();
    private final List<Media> media = new ArrayList<>();

    private record Piece(String name, long size, InputStream content) {}

    private record Media(String prefix, Path directory) {}

    /** Takes what the files hold, one after the other. */
    interface Taker {
        void take(String name, long size, Instant time, InputStream content) throws IOException;
    }

    /** @param place takes the copies of databases; for the owner only, and empty */
    StateFiles(Path place, Instant time) {
        this.place = place;
        this.time = time;
    }

    /** Takes hold of everything; the databases first, so that whatever they name is there afterwards. */
    void gather(GatewayState state) throws IOException {
        add("", state);
        small("", GatewayState.SETTINGS, state.settingsText());
        var instances = state.directory().resolve(GatewayState.INSTANCES);
        if (!Files.isDirectory(instances, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var all = Files.list(instances)) {
            for (var home : all.filter(path -> path.getFileName().toString().matches(GatewayState.PORT))
                    .sorted()
                    .toList()) {
                var prefix = GatewayState.INSTANCES + "/" + home.getFileName() + "/";
                for (var name : List.of(".env", ".idempotency")) {
                    copy(prefix, home, name);
                }
                if (Files.isRegularFile(
                        home.resolve("storages").resolve(GatewayState.DATABASE), LinkOption.NOFOLLOW_LINKS)) {
                    add(prefix + "storages/", GatewayState.instance(home.resolve("storages")));
                }
            }
        }
    }

    private void add(String prefix, GatewayState state) throws IOException {
        var copy = place.resolve("snapshot-" + databases.size() + ".db");
        SqliteSnapshot.take(state.database(), copy);
        var content = SqliteSnapshot.inspect(copy);
        for (var key : content.keys()) {
            if (!state.keys().has(key)) {
                throw new ExplainedFault(
                        "The database " + state.database() + " needs the encryption key " + key + ", which is not here:"
                                + " nothing could open this backup. Add the key to WHATSAPP_ENCRYPTION_KEY after a comma, or restore the key file.");
            }
        }
        databases.add(new Manifest.Tables(prefix + GatewayState.DATABASE, content.schema(), content.rows()));
        piece(prefix + GatewayState.DATABASE, copy);
        small(prefix, GatewayState.KEYS, String.join("\n", state.keys().texts()) + "\n");
        for (var name : SMALL) {
            copy(prefix, state.directory(), name);
        }
        audit(prefix, state);
        media.add(new Media(prefix, state.directory().resolve(GatewayState.MEDIA)));
    }

    /**
     * The chain's keys and the log must belong together, so nobody appends meanwhile; the log itself only grows, and is
     * read later.
     */
    private void audit(String prefix, GatewayState state) throws IOException {
        var keys = state.directory().resolve("audit");
        if (!Files.isDirectory(keys, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var lock = DirectoryLock.of(keys);
                var _ = lock.hold();
                var files = Files.list(keys)) {
            for (var file : files.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("audit\\.(seed|key|pub|salt|state)"))
                    .sorted()
                    .toList()) {
                copy(prefix, state.directory(), "audit/" + file);
            }
            for (var name : List.of(GatewayState.LOG, GatewayState.CHECKPOINTS)) {
                var file = name.equals(GatewayState.LOG)
                        ? state.securityLog()
                        : state.securityLog().resolveSibling(name);
                if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    piece(prefix + name, file);
                }
            }
        }
    }

    private void piece(String name, Path file) throws IOException {
        var content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
        pieces.add(new Piece(name, Files.size(file), content));
    }

    private void copy(String prefix, Path directory, String name) throws IOException {
        try {
            var file = directory.resolve(name);
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                try (var content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                    var bytes = content.readAllBytes();
                    pieces.add(new Piece(prefix + name, bytes.length, new ByteArrayInputStream(bytes)));
                }
            }
        } catch (NoSuchFileException gone) {
            // Removed between the two: it is no part of the state any more.
            return;
        }
    }

    private void small(String prefix, String name, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        pieces.add(new Piece(prefix + name, bytes.length, new ByteArrayInputStream(bytes)));
    }

    List<Manifest.Tables> databases() {
        return databases;
    }

    /** The bytes of all that is there now. */
    long size() throws IOException {
        long size = pieces.stream().mapToLong(Piece::size).sum();
        for (var one : media) {
            size += walk(one, (name, bytes, when, content) -> {}, true);
        }
        return size;
    }

    /** Gives everything away, each piece once. */
    void each(Taker taker) throws IOException {
        for (var piece : pieces) {
            taker.take(piece.name, piece.size, time, piece.content);
            piece.content.close();
        }
        for (var one : media) {
            walk(one, taker, false);
        }
    }

    /** A message's file never changes, but may be deleted at any time. @return the bytes */
    private static long walk(Media media, Taker taker, boolean onlySizes) throws IOException {
        if (!Files.isDirectory(media.directory, LinkOption.NOFOLLOW_LINKS)) {
            return 0;
        }
        long bytes = 0;
        try (var accounts = Files.list(media.directory)) {
            for (var account : accounts.filter(StateFiles::isAccount).sorted().toList()) {
                try (var files = Files.list(account)) {
                    for (var next : (Iterable<Path>) files::iterator) {
                        bytes += one(media, account, next, taker, onlySizes);
                    }
                }
            }
        }
        return bytes;
    }

    private static boolean isAccount(Path directory) {
        return !directory.getFileName().toString().startsWith(".")
                && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS);
    }

    private static long one(Media media, Path account, Path file, Taker taker, boolean onlySizes) throws IOException {
        var name = media.prefix + GatewayState.MEDIA + "/" + account.getFileName() + "/" + file.getFileName();
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || !TarInput.isName(name)) {
            return 0;
        }
        try {
            if (onlySizes) {
                return Files.size(file);
            }
            var facts = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            try (var content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                taker.take(name, facts.size(), facts.lastModifiedTime().toInstant(), content);
            }
            return facts.size();
        } catch (NoSuchFileException deleted) {
            return 0;
        }
    }

    @Override
    public void close() throws IOException {
        for (var piece : pieces) {
            piece.content.close();
        }
    }
}
