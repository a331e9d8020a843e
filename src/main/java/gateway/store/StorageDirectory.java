package gateway.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import gateway.process.DirectoryLock;
import gateway.process.DiskTrouble;
import gateway.process.LateLogger;

/**
 * The directory that holds the accounts: 0700, its files 0600, one server at a time (guide, SQLite Security).
 *
 * <p>A directory that others could already read while it held data is refused, because its content may be known; an
 * empty one is closed, and so are loose files inside a closed one.
 */
public final class StorageDirectory implements AutoCloseable {
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");

    private final Path path;
    private final DirectoryLock lock;
    private final FileChannel file;

    private StorageDirectory(Path path, DirectoryLock lock, FileChannel file) {
        this.path = path;
        this.lock = lock;
        this.file = file;
    }

    /**
     * Makes the directory if need be, closes it to others, and takes its lock, which lies on the directory itself. The
     * file {@code .lock} is locked besides: an earlier version of this program looks at that one only.
     *
     * @throws StoreFault when it cannot be used, or another server uses it
     */
    public static StorageDirectory claim(Path directory) {
        prepare(directory);
        var lock = lock(directory);
        try {
            return new StorageDirectory(directory, lock, file(directory));
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static DirectoryLock lock(Path directory) {
        try {
            var lock = DirectoryLock.of(directory);
            try {
                if (!lock.tryLock()) {
                    lock.close();
                    throw inUse(directory);
                }
            } catch (AccessDeniedException e) {
                lock.close();
                throw e;
            } catch (IOException e) {
                // Network file systems lock regular files only; the file's lock has to do there.
                LateLogger.of(StorageDirectory.class)
                        .log(
                                Level.WARNING,
                                "The storage directory {0} lies on a file system without locks of directories; nobody may remove {1}.",
                                directory,
                                directory.resolve(".lock"));
            }
            return lock;
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    private static FileChannel file(Path directory) {
        var file = directory.resolve(".lock");
        try {
            var channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                    PosixFilePermissions.asFileAttribute(OWNER_FILE));
            if (channel.tryLock() == null) {
                channel.close();
                throw inUse(directory);
            }
            return channel;
        } catch (OverlappingFileLockException e) {
            throw inUse(directory);
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    /** Makes and checks the directory without taking its lock: for commands that work beside a running server. */
    public static Path prepare(Path directory) {
        try {
            if (Files.notExists(directory, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            }
            if (!Files.isDirectory(directory)) {
                throw new StoreFault("The storage directory " + directory
                        + " is not a directory. Name another one with --storage-dir.");
            }
            refuseLinks(directory);
            close(directory);
            if (!Files.isWritable(directory)) {
                if (DiskTrouble.ofDisk(directory) == DiskTrouble.READ_ONLY) {
                    throw StoreFault.passing(
                            "The storage directory " + directory + " cannot be used: " + DiskTrouble.READ_ONLY.words()
                                    + ". " + DiskTrouble.READ_ONLY.remedy(),
                            null);
                }
                throw new StoreFault("The storage directory " + directory
                        + " is not writable for this user. Run: chown -R \"$USER\" " + directory);
            }
            return directory;
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    /**
     * Nothing of the gateway's own is a link: whoever could place one would choose the file that is written to. The
     * directory itself may be one, because the operator names it.
     */
    private static void refuseLinks(Path directory) throws IOException {
        for (var place : List.of(
                directory, directory.resolve("secrets"), directory.resolve("audit"), directory.resolve("media"))) {
            if (place != directory && !Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            try (var entries = Files.list(place)) {
                var link = entries.filter(Files::isSymbolicLink).findFirst();
                if (link.isPresent()) {
                    throw new StoreFault(
                            "The storage directory " + directory + " holds a symbolic link, " + link.get()
                                    + ", and none is followed there. Put what it leads to in its place; mount or bind a directory of another disk.");
                }
            }
        }
    }

    private static void close(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            var content = entries.filter(path -> !Files.isSymbolicLink(path)).toList();
            if (Files.getPosixFilePermissions(directory).stream().anyMatch(OTHERS::contains)) {
                if (!content.isEmpty()) {
                    throw readable(directory);
                }
                Files.setPosixFilePermissions(directory, OWNER_ONLY);
            }
            for (var entry : content) {
                if (Files.getPosixFilePermissions(entry).stream().anyMatch(OTHERS::contains)) {
                    Files.setPosixFilePermissions(entry, Files.isDirectory(entry) ? OWNER_ONLY : OWNER_FILE);
                }
            }
        }
    }

    /** Of a link it says where that leads: what to run would change the directory there, which may be anybody's. */
    private static StoreFault readable(Path directory) throws IOException {
        var real = directory.toRealPath();
        var plain = real.equals(directory.toAbsolutePath().normalize());
        return new StoreFault(
                "The storage directory " + directory
                        + (plain
                                ? " can be read by other users. Run: chmod 700 " + directory
                                        + " and treat what it held as known to them."
                                : " leads by a link to " + real + ", which can be read by other users. If " + real
                                        + " holds nothing but the gateway's data," + " run: chmod 700 " + real
                                        + " and treat what it held as known to them; otherwise name another with --storage-dir."));
    }

    private static StoreFault inUse(Path directory) {
        return new StoreFault("The storage directory " + directory
                + " is in use by another whatsapp server. Stop that one, or give this one its own --storage-dir.");
    }

    private static StoreFault unusable(Path directory, IOException cause) {
        var trouble = DiskTrouble.of(cause, directory);
        var sentence =
                "The storage directory " + directory + " cannot be used: " + trouble.words() + ". " + trouble.remedy();
        return trouble.isPassing()
                ? StoreFault.passing(sentence, cause)
                : new StoreFault(sentence + " Or name another with --storage-dir.", cause);
    }

    /** A file of this directory. */
    public Path file(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.close();
        }
    }
}
