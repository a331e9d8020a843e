package gateway.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

import gateway.config.SecretFile;
import gateway.process.DiskTrouble;
import gateway.process.ExplainedFault;

/** A directory that backups lie in, of one gateway or of several. */
public final class BackupDirectory {
    static final Pattern SUM = Pattern.compile("([0-9a-f]{64})  ?\\S+\\s*");

    /** More bytes than a SHA-256 and the name of a file have. */
    static final int MAX_SUM = 1024;

    private final Path path;

    private BackupDirectory(Path path) {
        this.path = path;
    }

    /**
     * A directory that is there. It is not made, because a disk that is not mounted would be taken for it.
     *
     * @throws ExplainedFault when it is missing or not a directory
     */
    public static BackupDirectory of(Path path) {
        try {
            if (!Files.isDirectory(path)) {
                throw Files.exists(path)
                        ? new NotDirectoryException(path.toString())
                        : new NoSuchFileException(path.toString());
            }
            return new BackupDirectory(path.toRealPath());
        } catch (IOException e) {
            throw fault(path, e);
        }
    }

    /** A new directory for the owner only, in a place of this program's own. */
    static BackupDirectory made(Path path) {
        try {
            return new BackupDirectory(Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
        } catch (IOException e) {
            throw fault(path, e);
        }
    }

    Path path() {
        return path;
    }

    /** All backups, the newest first. */
    public List<BackupFile> list() {
        try (var files = Files.list(path)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .flatMap(file -> BackupFile.of(file).stream())
                    .sorted(Comparator.comparing(BackupFile::time)
                            .thenComparing(BackupFile::path)
                            .reversed())
                    .toList();
        } catch (IOException e) {
            throw fault(path, e);
        }
    }

    /** Whether a file of that name is here already. */
    public boolean has(BackupFile file) {
        return Files.exists(path.resolve(file.name()), LinkOption.NOFOLLOW_LINKS);
    }

    /** A name that no file has: of this second, or of the next free one. */
    BackupFile next(String id, Instant time) {
        var file = BackupFile.in(path, id, time);
        while (Files.exists(file.path(), LinkOption.NOFOLLOW_LINKS)) {
            file = BackupFile.in(path, id, file.time().plusSeconds(1));
        }
        return file;
    }

    /** Removes what earlier runs of this gateway left unfinished; none may be under way. */
    void sweep(String id) throws IOException {
        var whole = new HashSet<Path>();
        list().forEach(file -> whole.add(file.sum()));
        try (var files = Files.list(path)) {
            for (var file : files.toList()) {
                var name = file.getFileName().toString();
                if (name.startsWith(".whatsapp-" + id + "-") && name.endsWith(".partial")
                        || name.startsWith("whatsapp-" + id + "-")
                                && name.endsWith(".tar.zst.gpg.sha256")
                                && !whole.contains(file)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /**
     * Lets a partial file become a backup, when what can be read back from the disk has the hash of what was written.
     *
     * @throws AlteredBackup when it has another hash
     */
    void publish(BackupFile file, String hash) throws IOException {
        try (var in = Files.newInputStream(file.partial())) {
            if (!Digested.of(in).equals(hash)) {
                throw new AlteredBackup(
                        "The backup that was written to " + path + " does not read back as it was written."
                                + " Look at that disk; nothing was kept there, and the earlier backups stay.");
            }
        }
        // The sum first: a backup that can be seen has one.
        SecretFile.write(file.sum(), hash + "  " + file.path().getFileName() + "\n");
        Files.move(file.partial(), file.path(), StandardCopyOption.ATOMIC_MOVE);
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Removes the backups that the retention has no use for; those of other gateways stay. @return how many */
    int prune(BackupFile newest, Retention retention) throws IOException {
        int removed = 0;
        for (var old : retention.surplus(
                list().stream().filter(file -> file.id().equals(newest.id())).toList(), newest)) {
            Files.deleteIfExists(old.path());
            Files.deleteIfExists(old.sum());
            removed++;
        }
        return removed;
    }

    /**
     * Compares a backup with the sum that was written beside it. This needs no key.
     *
     * @throws AlteredBackup when it has another sum
     * @throws ExplainedFault when there is no sum
     */
    static void compare(Path file) {
        var sum = file.resolveSibling(file.getFileName() + ".sha256");
        try (var in = Files.newInputStream(file)) {
            if (!Digested.of(in).equals(written(sum))) {
                throw new AlteredBackup(
                        "The backup " + file + " is cut short or was altered: its SHA-256 is not that of " + sum + ".");
            }
        } catch (IOException e) {
            throw DiskTrouble.fault("The backup " + file + " cannot be compared with " + sum, e, file);
        }
    }

    /** The SHA-256 that stands beside a backup. */
    static String sum(BackupFile file) {
        try {
            return written(file.sum());
        } catch (IOException e) {
            throw DiskTrouble.fault("The file " + file.sum() + " cannot be read", e, file.sum());
        }
    }

    private static String written(Path sum) throws IOException {
        try (var beside = Files.newInputStream(sum)) {
            var written = SUM.matcher(new String(beside.readNBytes(MAX_SUM), StandardCharsets.UTF_8));
            if (!written.matches()) {
                throw new ExplainedFault("The file " + sum + " holds no SHA-256; check the backup with --key instead.");
            }
            return written.group(1);
        }
    }

    static ExplainedFault fault(Path path, IOException e) {
        return DiskTrouble.fault("The directory " + path + " for backups cannot be used", e, path);
    }
}
