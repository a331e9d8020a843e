package gateway.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

import gateway.process.DiskTrouble;

/**
 * The directory that holds the accounts: 0700, its files 0600, one server at a time (guide, SQLite Security).
 *
 * <p>A directory that others could already read while it held data is refused, because its content may be known; an
 * empty one is closed, and so are loose files inside a closed one.
 */
public final class StorageDirectory implements AutoCloseable {
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");

    private final Path path;
    private final FileChannel lock;

    private StorageDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes the directory if need be, closes it to others, and takes its lock.
     *
     * @throws StoreFault when it cannot be used, or another server uses it
     */
    public static StorageDirectory claim(Path directory) {
        prepare(directory);
        var file = directory.resolve(".lock");
        try {
            var channel = FileChannel.open(file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                    PosixFilePermissions.asFileAttribute(OWNER_FILE));
            if (channel.tryLock() == null) {
                channel.close();
                throw inUse(directory);
            }
            return new StorageDirectory(directory, channel);
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
                throw new StoreFault("The storage directory " + directory + " is not a directory. Name another one with --storage-dir.");
            }
            close(directory);
            if (!Files.isWritable(directory)) {
                if (DiskTrouble.ofDisk(directory) == DiskTrouble.READ_ONLY) {
                    throw StoreFault.passing("The storage directory " + directory + " cannot be used: " + DiskTrouble.READ_ONLY.words() + ". "
                            + DiskTrouble.READ_ONLY.remedy(), null);
                }
                throw new StoreFault("The storage directory " + directory + " is not writable for this user. Run: chown -R \"$USER\" "
                        + directory);
            }
            return directory;
        } catch (IOException e) {
            throw unusable(directory, e);
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
        return new StoreFault("The storage directory " + directory + (plain
                ? " can be read by other users. Run: chmod 700 " + directory + " and treat what it held as known to them."
                : " leads by a link to " + real + ", which can be read by other users. If " + real + " holds nothing but the gateway's data,"
                        + " run: chmod 700 " + real + " and treat what it held as known to them; otherwise name another with --storage-dir."));
    }

    private static StoreFault inUse(Path directory) {
        return new StoreFault("The storage directory " + directory
                + " is in use by another whatsapp server. Stop that one, or give this one its own --storage-dir.");
    }

    private static StoreFault unusable(Path directory, IOException cause) {
        var trouble = DiskTrouble.of(cause, directory);
        var sentence = "The storage directory " + directory + " cannot be used: " + trouble.words() + ". " + trouble.remedy();
        return trouble.isPassing() ? StoreFault.passing(sentence, cause)
                : new StoreFault(sentence + " Or name another with --storage-dir.", cause);
    }

    /** A file of this directory. */
    public Path file(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
