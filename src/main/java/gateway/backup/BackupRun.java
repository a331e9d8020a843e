package gateway.backup;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import gateway.config.SecretFile;
import gateway.digest.Sha256;
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

    private static final long TOLD_EVERY = 4 << 20;

    private final GatewayState state;
    private final Path place;
    private final InstantSource clock;
    private final List<RemoteCopies> copies;

    public BackupRun(GatewayState state, InstantSource clock) {
        this(state, clock, List.of());
    }

    /** @param copies places on other machines that get the finished backup, too */
    public BackupRun(GatewayState state, InstantSource clock, List<RemoteCopies> copies) {
        this.state = state;
        this.place = state.directory().resolve(PLACE);
        this.clock = clock;
        this.copies = copies;
    }

    /**
     * A finished backup.
     *
     * @param bytes   its size
     * @param entries how many entries it has
     * @param removed how many older ones the retention has removed
     */
    public record Done(BackupFile file, Manifest about, long bytes, int entries, int removed) {}

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
            var time = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            var file = target.next(id, time);
            try (var files = new StateFiles(place, time)) {
                files.gather(state);
                var about = new Manifest(Manifest.FORMAT, state.version(), id, host(), time, files.databases());
                FailPoint.reach("backup-gathered");
                var written = write(file, about, files, recipients, progress, target);
                int removed = target.prune(file, retention);
                RemoteCopies.add(copies, file, written.hash, retention);
                return new Done(file, about, written.bytes, written.entries, removed);
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

    /** Removes what is in a directory, and the directory itself on demand; the gateway's name stays. */
    static void clear(Path place, boolean itself) throws IOException {
        if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var left = Files.list(place)) {
            for (var path : left.toList()) {
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    clear(path, true);
                } else if (itself || !path.getFileName().toString().equals("id")) {
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

    private record Written(long bytes, int entries, String hash) {}

    private static Written write(
            BackupFile file,
            Manifest about,
            StateFiles files,
            BackupRecipients recipients,
            BackupProgress progress,
            BackupDirectory target) {
        try {
            var sums = new LinkedHashMap<String, Manifest.Sum>();
            long bytes;
            String hash;
            try (var channel = FileChannel.open(
                    file.partial(),
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                var digested = new Digested(new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16));
                try (var frames = new ZstdFrames(recipients.sealing(digested));
                        var tar = new TarOutput(frames)) {
                    pack(tar, frames, about, files, sums, progress);
                }
                bytes = digested.bytes();
                hash = digested.hash();
            }
            sync(file.partial());
            FailPoint.reach("backup-written");
            target.publish(file, hash);
            return new Written(bytes, sums.size(), hash);
        } catch (IOException e) {
            throw DiskTrouble.fault("The backup " + file.path() + " cannot be written", e, file.path());
        }
    }

    private static void sync(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            channel.force(true);
        }
    }

    private static void pack(
            TarOutput tar,
            ZstdFrames frames,
            Manifest about,
            StateFiles files,
            Map<String, Manifest.Sum> sums,
            BackupProgress progress)
            throws IOException {
        json(tar, Manifest.ABOUT, about, Map.of());
        var counted = new long[1];
        long total = files.size();
        files.each((name, size, time, content) -> {
            var digested = new Read(content, counted, total, progress);
            frames.next(size);
            tar.add(name, size, time, digested);
            sums.put(name, new Manifest.Sum(size, digested.hash()));
            progress.at(counted[0], total);
            FailPoint.reach("backup-entry");
        });
        frames.next(ZstdFrames.MIN_BYTES);
        json(tar, Manifest.LAST, about, sums);
    }

    private static void json(TarOutput tar, String name, Manifest about, Map<String, Manifest.Sum> sums)
            throws IOException {
        var bytes = new ByteArrayOutputStream();
        about.write(bytes, sums);
        tar.add(name, bytes.size(), about.time(), new ByteArrayInputStream(bytes.toByteArray()));
    }

    /** Content on its way in: what was read is hashed, counted and told of. */
    private static final class Read extends FilterInputStream {
        private final MessageDigest digest = Sha256.start();
        private final long[] counted;
        private final long total;
        private final BackupProgress progress;

        Read(InputStream content, long[] counted, long total, BackupProgress progress) {
            super(content);
            this.counted = counted;
            this.total = total;
            this.progress = progress;
        }

        @Override
        public int read(byte[] into, int at, int length) throws IOException {
            int read = in.read(into, at, length);
            if (read > 0) {
                digest.update(into, at, read);
                long before = counted[0];
                counted[0] += read;
                if (before / TOLD_EVERY != counted[0] / TOLD_EVERY) {
                    progress.at(counted[0], total);
                }
            }
            return read;
        }

        String hash() {
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
