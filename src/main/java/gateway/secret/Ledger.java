package gateway.secret;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import gateway.config.Role;
import gateway.config.Secret;
import gateway.config.SecretFile;
import gateway.config.Settings;
import gateway.config.catalogue.SecretKind;
import gateway.process.DirectoryLock;
import gateway.process.DiskTrouble;
import gateway.process.ExplainedFault;

/**
 * What became of the settings' secrets over time: since when each is what it is, which one it replaced and until when
 * that one is still good, and the new value where its source cannot be written to. A file beside the database, because
 * the database's own password is among them; every value in it is sealed. Several processes may use it.
 */
public final class Ledger {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final Path file;
    private final KeyRing ring;
    private final InstantSource clock;
    private final LedgerFollowers followers;

    private Ledger(Path directory, KeyRing ring, InstantSource clock) {
        this.directory = directory;
        this.file = directory.resolve("ledger.json");
        this.ring = ring;
        this.clock = clock;
        this.followers = new LedgerFollowers(directory);
    }

    /** The directory of the storage directory that holds the ledger and the key file; made when it is not there. */
    public static Path directory(Path storage) {
        try {
            if (Files.isSymbolicLink(storage.resolve("secrets"))) {
                throw new FileSystemException(
                        storage.resolve("secrets").toString(), null, "Too many levels of symbolic links");
            }
            return Files.createDirectories(
                    storage.resolve("secrets"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw DiskTrouble.fault("The directory " + storage + "/secrets cannot be made", e, storage);
        }
    }

    public static Ledger in(Path directory, KeyRing ring, InstantSource clock) {
        return new Ledger(directory, ring, clock);
    }

    public Path directory() {
        return directory;
    }

    /** Whether a file of that name in the directory is the ledger itself. */
    public static boolean concerns(String name) {
        return name.equals("ledger.json");
    }

    /** The ledger at this moment. */
    public Snapshot read() {
        var document = document();
        var key = dataKey(document);
        var entries = new EnumMap<SecretKind, Entry>(SecretKind.class);
        for (var kind : SecretKind.values()) {
            var node = document.path("secrets").path(kind.label());
            if (node.isObject()) {
                entries.put(kind, Entry.read(kind, (ObjectNode) node, key));
            }
        }
        return new Snapshot(document.path("revision").asLong(), entries, key);
    }

    /**
     * Notes since when each secret of these settings (already {@link Snapshot#applied}) is what it is, and forgets old
     * ones whose time is over.
     *
     * @return those that were forgotten
     */
    public synchronized Set<SecretKind> observe(Settings settings) {
        var now = clock.millis();
        var retired = EnumSet.noneOf(SecretKind.class);
        var before = read();
        boolean nothingNew = true;
        for (var kind : SecretKind.values()) {
            var entry = before.entries().getOrDefault(kind, Entry.NONE);
            boolean over = entry.old().isPresent() && entry.until() <= now;
            nothingNew &= !over
                    && value(kind, settings)
                            .map(value -> before.fingerprint(value).equals(entry.fingerprint()))
                            .orElse(true);
            if (over) {
                retired.add(kind);
            }
        }
        if (nothingNew) {
            return retired;
        }
        change(false, (key, entries) -> {
            for (var kind : SecretKind.values()) {
                var entry = entries.getOrDefault(kind, Entry.NONE);
                var fingerprint = value(kind, settings).map(value -> key.fingerprint(value.reveal()));
                var seen = fingerprint.isPresent() && !fingerprint.get().equals(entry.fingerprint())
                        ? entry.seen(fingerprint.get(), now)
                        : entry;
                entries.put(kind, seen.old().isPresent() && seen.until() <= now ? seen.withoutOld() : seen);
            }
        });
        return retired;
    }

    private Optional<Secret> value(SecretKind kind, Settings settings) {
        return kind == SecretKind.ENCRYPTION_KEY ? Optional.of(new Secret(ring.id())) : kind.in(settings);
    }

    /** Notes a use of the secret that is on its way out. */
    public void oldUsed(SecretKind kind, Instant when) {
        change(
                false,
                (key, entries) -> entries.computeIfPresent(kind, (same, entry) -> entry.used(when.toEpochMilli())));
    }

    /** The old secret stays good until then, whatever takes its place. Before the new one is anywhere. */
    public long begin(SecretKind kind, Secret old, Instant until) {
        return change(
                true,
                (key, entries) ->
                        entries.put(kind, entries.getOrDefault(kind, Entry.NONE).replaced(old, until.toEpochMilli())));
    }

    /** Keeps the new secret here, in place of the one that the source goes on giving. */
    public long supersede(SecretKind kind, Secret fromSource, Secret fresh) {
        return change(
                true,
                (key, entries) -> entries.put(
                        kind,
                        entries.getOrDefault(kind, Entry.NONE)
                                .superseding(key.fingerprint(fromSource.reveal()), fresh)));
    }

    /** The old secret is good no more. */
    public long retire(SecretKind kind) {
        return change(true, (key, entries) -> entries.computeIfPresent(kind, (same, entry) -> entry.withoutOld()));
    }

    /**
     * Counts up, so that a running server's {@link #taken} can be waited for; and puts the ledger's own key under the
     * ring's key in use.
     */
    public long touch() {
        return change(true, (key, entries) -> {});
    }

    /**
     * Says that a server follows this ledger, until it is closed or the process ends. A lock says so, because process
     * ids mean nothing across containers.
     */
    public AutoCloseable serve(Role server) {
        return followers.serve(server);
    }

    /** The server has taken over everything up to that revision. */
    public void taken(Role server, long revision) {
        followers.taken(server, revision);
    }

    /** Whether a server runs that has not taken this revision over yet. */
    public boolean awaited(long revision) {
        return followers.areBehind(revision);
    }

    /** Puts the ledger's own key under the ring's key in use, when it is under an older one. */
    public void rewrap() {
        var document = document();
        if (document.has("kek") && !document.path("kek").asText().equals(ring.id())) {
            touch();
        }
    }

    /** What a change works on. */
    private interface Change {
        void make(Aes key, Map<SecretKind, Entry> entries);
    }

    private synchronized long change(boolean counted, Change change) {
        try (var lock = DirectoryLock.of(directory);
                var _ = lock.hold()) {
            var before = read();
            var entries = new EnumMap<SecretKind, Entry>(SecretKind.class);
            entries.putAll(before.entries());
            change.make(before.key(), entries);
            long revision = before.revision() + (counted ? 1 : 0);
            var document = JSON.createObjectNode()
                    .put("revision", revision)
                    .put("kek", ring.id())
                    .put("key", before.key().wrappedBy(ring.current(), "ledger"));
            var secrets = document.putObject("secrets");
            entries.forEach((kind, entry) -> entry.write(kind, secrets.putObject(kind.label()), before.key()));
            SecretFile.write(file, document.toPrettyString() + "\n");
            return revision;
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    private ObjectNode document() {
        try {
            return Files.exists(file) ? (ObjectNode) JSON.readTree(Files.readString(file)) : JSON.createObjectNode();
        } catch (IOException | ClassCastException e) {
            throw unusable(file, e);
        }
    }

    private Aes dataKey(ObjectNode document) {
        if (!document.has("key")) {
            return Aes.random();
        }
        return Aes.unwrap(
                        ring.named(document.path("kek").asText()),
                        "ledger",
                        document.path("key").asText())
                .orElseThrow(() -> unusable(file, null));
    }

    /**
     * Only a file that was read and is none of ours may be given up; what the disk refuses says nothing of the file.
     */
    static ExplainedFault unusable(Path file, @Nullable Exception cause) {
        if (cause instanceof IOException io && !(cause instanceof JacksonException)) {
            return DiskTrouble.fault("The file " + file + " cannot be used", io, file);
        }
        return new ExplainedFault(
                "The file " + file + " is damaged. Restore it from a backup; without one remove it, "
                        + "and the secrets count as their sources give them.",
                cause);
    }
}
