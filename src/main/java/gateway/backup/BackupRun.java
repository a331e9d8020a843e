package gateway.backup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import gateway.config.SecretFile;
import gateway.process.DirectoryLock;
import gateway.process.DiskTrouble;
import gateway.process.ExplainedFault;
import gateway.process.PassingFault;
import gateway.store.FailPoint;

/**
 * Makes a backup of a gateway that may be serving. What is in clear lies in {@code backup/} of the storage directory,
 * for the owner only, and goes when the run ends; what a killed run left there goes with the next one.
 */
public final class BackupRun {
    /** The private place in the storage directory. */
    static final String PLACE = "backup";
    /** The directory in which an encrypted backup waits that is for other machines alone. */
    private static final String OUTGOING = "outgoing";

    /** What stays there between two runs. */
    private static final Set<String> KEPT = Set.of("id", BackupIndex.NAME);

    private final GatewayState state;
    private final Path place;
    private final InstantSource clock;
    private final List<RemoteCopies> copies;
    private final BackupKind kind;

    public BackupRun(GatewayState state, InstantSource clock) {
        this(state, clock, List.of(), BackupKind.FULL);
    }

    /**
     * @param copies places on other machines that get the finished backup, too
     * @param kind   a full backup, or an increment where one is possible
     */
    public BackupRun(GatewayState state, InstantSource clock, List<RemoteCopies> copies, BackupKind kind) {
        this.state = state;
        this.place = state.directory().resolve(PLACE);
        this.clock = clock;
        this.copies = copies;
        this.kind = kind;
    }

    /**
     * A finished backup.
     *
     * @param bytes   its size
     * @param entries how many entries it has
     * @param removed how many older ones the retention has removed
     * @param why     why it is not an increment, when one was asked for
     */
    public record Done(BackupFile file, Manifest about, long bytes, int entries, int removed, Optional<String> why) {}

    /**
     * Writes one backup, reads it back, removes backups that the retention has no use for, and copies the new one.
     *
     * @throws ExplainedFault when it could not be done; the earlier backups are all there. When a copy alone failed,
     *     the new backup is in the directory as well
     */
    public Done run(BackupDirectory target, BackupRecipients recipients, Retention retention, BackupProgress progress) {
        refuseInside(target);
        return run(Optional.of(target), recipients, retention, progress);
    }

    /**
     * Writes one backup for the copies alone: the file in the storage directory is gone afterwards.
     *
     * @throws ExplainedFault when no backup was made, or when a copy failed
     */
    public Done run(BackupRecipients recipients, Retention retention, BackupProgress progress) {
        return run(Optional.empty(), recipients, retention, progress);
    }

    private Done run(
            Optional<BackupDirectory> directory,
            BackupRecipients recipients,
            Retention retention,
            BackupProgress progress) {
        try (var _ = lock(place)) {
            clear(place, false);
            var target = directory.orElseGet(() -> BackupDirectory.made(place.resolve(OUTGOING)));
            var id = id();
            target.sweep(id);
            // A directory has the whole chain, and other machines get from it what they lack.
            var places = directory.isPresent()
                    ? Stream.of(target.list())
                    : Stream.of(copies).map(RemoteCopies::lists).flatMap(List::stream);
            var plan = NextBackup.of(
                    kind, target, places, place.resolve(BackupIndex.NAME), id, recipients, clock.instant());
            var file = plan.file();
            try (var files = new StateFiles(place, plan.time())) {
                files.gather(state);
                var about = new Manifest(
                        plan.before().isPresent() ? Manifest.INCREMENT : Manifest.FULL,
                        state.version(),
                        id,
                        host(),
                        plan.time(),
                        files.databases(),
                        plan.before().map(BackupIndex::asFollowed));
                FailPoint.reach("backup-gathered");
                var written = new BackupWriter(place, about, plan.before(), progress).write(file, files, recipients);
                FailPoint.reach("backup-written");
                target.publish(file, written.hash());
                FailPoint.reach("backup-published");
                written.index().write(place.resolve(BackupIndex.NAME));
                int removed = target.prune(file, retention);
                var needed = directory.isPresent() && file.isIncrement()
                        ? BackupChain.of(file, target.list()).subList(0, file.number())
                        : List.<BackupFile>of();
                RemoteCopies.add(copies, needed, file, written.hash(), retention);
                return new Done(file, about, written.bytes(), written.entries(), removed, plan.why());
            } finally {
                Files.deleteIfExists(file.partial());
                clear(place, false);
            }
        } catch (IOException e) {
            throw DiskTrouble.fault("The backup cannot be made in " + place, e, place);
        }
    }

    /** A copy that lies in what it is a copy of is lost with it. */
    private void refuseInside(BackupDirectory target) {
        try {
            if (target.path().startsWith(state.directory().toRealPath())) {
                throw new ExplainedFault("The directory " + target.path()
                        + " for backups is inside the storage directory, and would be lost"
                        + " together with it. Name one on another disk.");
            }
        } catch (IOException e) {
            throw DiskTrouble.fault(
                    "The storage directory " + state.directory() + " cannot be used", e, state.directory());
        }
    }

    /** Whoever holds it is the only one who makes or tries a backup of this gateway. */
    static DirectoryLock lock(Path place) throws IOException {
        if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(
                    place, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        var lock = DirectoryLock.of(place);
        if (!lock.tryLock()) {
            lock.close();
            throw new PassingFault("Another backup or drill of this gateway is under way. Let it end.");
        }
        return lock;
    }

    /** Removes what is in a directory, and the directory itself on demand; the gateway's name and the index stay. */
    static void clear(Path place, boolean itself) throws IOException {
        if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var left = Files.list(place)) {
            for (var path : left.toList()) {
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    clear(path, true);
                } else if (itself || !KEPT.contains(path.getFileName().toString())) {
                    Files.delete(path);
                }
            }
        }
        if (itself) {
            Files.delete(place);
        }
    }

    /** The name of this gateway among the backups of several; made once, and part of each backup. */
    private String id() throws IOException {
        var file = state.directory().resolve(GatewayState.ID);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            var id = Files.readString(file).strip();
            if (id.matches("[0-9a-f]{8}")) {
                return id;
            }
        }
        var id = String.format("%08x", new SecureRandom().nextInt());
        SecretFile.write(file, id + "\n");
        return id;
    }

    /** The name of this machine, when a manifest can hold it. */
    private static String host() {
        try {
            var name = InetAddress.getLocalHost().getHostName();
            return Manifest.isText(name) ? name : "unknown";
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
