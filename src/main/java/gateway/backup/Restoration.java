package gateway.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import gateway.process.DiskTrouble;
import gateway.process.ExplainedFault;
import gateway.process.SystemCall;
import gateway.store.SqliteSnapshot;
import gateway.store.StorageDirectory;

/**
 * The way from a backup to a storage directory. All of it is unpacked and checked in {@code .restoring} inside the
 * directory; the database takes its place last, so no gateway starts on a part.
 */
public final class Restoration {
    /** How the reason begins for which a restored account is held; {@code restore confirm} releases these. */
    public static final String REASON = "restored from the backup of ";

    private static final String UNFINISHED = ".restoring";
    /** What an empty place may hold: a lock, a run that was killed, and what a file system makes by itself. */
    private static final Set<String> NOTHING = Set.of(".lock", UNFINISHED, "lost+found");

    private static final SystemCall SYNC = SystemCall.of("sync");

    private final Path directory;
    private final Path staged;

    private Restoration(Path directory) {
        this.directory = directory;
        this.staged = directory.resolve(UNFINISHED);
    }

    /** What is done to a storage directory that came out of a backup before anybody may serve it. */
    @FunctionalInterface
    public interface Settling {
        /** @param storage a storage directory, of the gateway itself or of an instance */
        void settle(Path storage, Manifest about);

        /** Whether an entry of the backup is to be restored; one that is not is checked and left out. */
        default boolean wants(String entry) {
            return true;
        }
    }

    /**
     * Puts the content of a backup into an empty directory.
     *
     * @return what the backup says of itself
     * @throws AlteredBackup when the backup is cut short or altered; the directory is as empty as before
     * @throws ExplainedFault when the directory is used, the key is another one, or the backup is of a newer version
     */
    public static Manifest into(
            Path directory, Path file, SecretKeys keys, Settling settling, BackupProgress progress) {
        refuseUsed(directory);
        try (var _ = StorageDirectory.claim(directory)) {
            refuseUsed(directory);
            return new Restoration(directory).restored(file, keys, settling, progress);
        }
    }

    private static void refuseUsed(Path directory) {
        try {
            if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            for (var name : names(directory)) {
                if (!NOTHING.contains(name)) {
                    throw new ExplainedFault("The directory " + directory + " is not empty: it holds " + name
                            + ". A backup is restored into an empty place only; name another one with --into.");
                }
            }
        } catch (IOException e) {
            throw DiskTrouble.fault("The directory " + directory + " cannot be restored into", e, directory);
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private Manifest restored(Path file, SecretKeys keys, Settling settling, BackupProgress progress) {
        try {
            BackupRun.clear(staged, true);
            Unpacking.directory(staged);
            try {
                var unpacking = new Unpacking(staged, settling);
                var about = BackupChain.to(file).read(keys, unpacking, progress);
                unpacking.compare(file);
                for (var database : about.databases()) {
                    if (!settling.wants(database.entry())) {
                        continue;
                    }
                    check(file, database);
                    settling.settle(staged.resolve(database.entry()).resolveSibling(""), about);
                }
                SYNC.call();
                move();
                SYNC.call();
                return about;
            } finally {
                BackupRun.clear(staged, true);
            }
        } catch (IOException e) {
            throw DiskTrouble.fault("The directory " + directory + " cannot be restored into", e, directory);
        }
    }

    private void check(Path file, Manifest.Tables expected) {
        var content = SqliteSnapshot.inspect(staged.resolve(expected.entry()));
        if (content.schema() != expected.schema() || !content.rows().equals(expected.rows())) {
            throw new AlteredBackup(
                    "The backup " + file + " was altered: " + expected.entry() + " has other rows than were counted.");
        }
    }

    /**
     * Gives every file its place. The database of the gateway itself comes last: without it, no gateway starts beside
     * what is there already. When one place cannot be taken, all files are moved back.
     */
    private void move() throws IOException {
        var names = new ArrayList<>(names(staged));
        names.remove(GatewayState.DATABASE);
        names.add(GatewayState.DATABASE);
        var moved = new ArrayList<String>();
        try {
            for (var name : names) {
                Files.move(staged.resolve(name), directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
                moved.add(name);
            }
        } catch (IOException e) {
            for (var name : moved) {
                Files.move(directory.resolve(name), staged.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            }
            throw e;
        }
    }
}
