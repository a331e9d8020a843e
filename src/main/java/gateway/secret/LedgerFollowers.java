package gateway.secret;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;

import gateway.config.Role;
import gateway.config.SecretFile;

/**
 * The servers that follow a ledger, and the revision that each has taken over. Two files for each role beside the
 * ledger say so: {@code serving.ROLE} is locked while the server runs, {@code taken.ROLE} holds the revision.
 */
final class LedgerFollowers {
    private static final Set<OpenOption> LOCK =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private final Path directory;

    LedgerFollowers(Path directory) {
        this.directory = directory;
    }

    /** As {@link Ledger#serve}. */
    AutoCloseable serve(Role server) {
        try {
            var channel = FileChannel.open(
                    serving(server),
                    LOCK,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            channel.lock();
            return channel;
        } catch (IOException e) {
            throw Ledger.unusable(serving(server), e);
        }
    }

    /** As {@link Ledger#taken}. */
    void taken(Role server, long revision) {
        try {
            SecretFile.write(taken(server), revision + "\n");
        } catch (IOException e) {
            throw Ledger.unusable(taken(server), e);
        }
    }

    /** Whether a server runs that has not taken this revision over yet. */
    boolean areBehind(long revision) {
        for (var server : Role.values()) {
            try {
                if (isServed(server)
                        && (Files.notExists(taken(server))
                                || Long.parseLong(
                                                Files.readString(taken(server)).strip())
                                        < revision)) {
                    return true;
                }
            } catch (IOException | NumberFormatException e) {
                throw Ledger.unusable(taken(server), e);
            }
        }
        return false;
    }

    private boolean isServed(Role server) throws IOException {
        if (Files.notExists(serving(server))) {
            return false;
        }
        try (var channel = FileChannel.open(serving(server), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                var free = channel.tryLock()) {
            return free == null;
        } catch (OverlappingFileLockException byThisProcess) {
            return true;
        }
    }

    private Path taken(Role server) {
        return directory.resolve("taken." + server.name().toLowerCase(Locale.ROOT));
    }

    private Path serving(Role server) {
        return directory.resolve("serving." + server.name().toLowerCase(Locale.ROOT));
    }
}
