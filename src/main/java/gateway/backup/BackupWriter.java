package gateway.backup;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import gateway.digest.Sha256;
import gateway.process.DiskTrouble;
import gateway.store.FailPoint;

/** Writes one archive: everything, or what differs from the backup before. */
final class BackupWriter {
    private static final long TOLD_EVERY = 4 << 20;
    /** The file in the private place that holds the changed blocks of one file. */
    private static final String DRAFT = "blocks";

    private final Path place;
    private final Manifest about;
    private final Optional<BackupIndex> before;
    private final BackupProgress progress;
    private final Map<String, Manifest.Sum> entries = new LinkedHashMap<>();
    private final Map<String, Manifest.Sum> patched = new LinkedHashMap<>();
    private final Map<String, BackupIndex.Held> held = new TreeMap<>();
    private final byte[] buffer = new byte[1 << 16];
    private String manifest = "";
    private long done;
    private long total;

    /**
     * @param place  takes changed blocks before they are packed; for the owner only
     * @param before what the backup before holds; empty for a full backup
     */
    BackupWriter(Path place, Manifest about, Optional<BackupIndex> before, BackupProgress progress) {
        this.place = place;
        this.about = about;
        this.before = before;
        this.progress = progress;
    }

    /**
     * What was written.
     *
     * @param hash  the SHA-256 of the file
     * @param index what the backup holds
     */
    record Written(long bytes, int entries, String hash, BackupIndex index) {}

    /** Writes the archive into the unfinished file of a backup, and waits until it is on the disk. */
    Written write(BackupFile file, StateFiles files, BackupRecipients recipients) {
        try (var channel = FileChannel.open(
                file.partial(),
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            var digested = new Digested(new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16) {
                @Override
                public void close() throws IOException {
                    // The channel is closed when its content is on the disk.
                    flush();
                }
            });
            try (var frames = new ZstdFrames(recipients.sealing(digested));
                    var tar = new TarOutput(frames)) {
                pack(tar, frames, files);
            }
            channel.force(true);
            return new Written(
                    digested.bytes(),
                    entries.size(),
                    digested.hash(),
                    new BackupIndex(file.name(), manifest, recipients.fingerprints(), held));
        } catch (IOException e) {
            throw DiskTrouble.fault("The backup " + file.path() + " cannot be written", e, file.path());
        }
    }

    private void pack(TarOutput tar, ZstdFrames frames, StateFiles files) throws IOException {
        json(tar, Manifest.ABOUT, Manifest.Sums.NONE);
        total = files.size();
        files.each((name, size, time, content) -> {
            if (GatewayState.isMedia(name)) {
                media(tar, frames, name, size, time, content);
            } else {
                changing(tar, frames, name, size, time, content);
            }
            progress.at(Math.min(done, total), total);
            FailPoint.reach("backup-entry");
        });
        var removed =
                new TreeSet<>(before.map(BackupIndex::files).orElse(Map.of()).keySet());
        removed.removeAll(held.keySet());
        frames.next(ZstdFrames.MIN_BYTES);
        manifest = json(tar, Manifest.LAST, new Manifest.Sums(entries, patched, removed));
    }

    private Optional<BackupIndex.Held> before(String name) {
        return before.map(index -> index.files().get(name));
    }

    /** A message's file is packed once: its name, size and time say that it is the same. */
    private void media(TarOutput tar, ZstdFrames frames, String name, long size, Instant time, InputStream content)
            throws IOException {
        if (before(name)
                .filter(one -> one.size() == size && one.modified() == time.toEpochMilli())
                .isPresent()) {
            done += size;
        } else {
            entry(tar, frames, name, size, time, content, OutputStream.nullOutputStream());
        }
        held.put(name, new BackupIndex.Held(size, time.toEpochMilli(), new byte[0]));
    }

    /** Any other file is packed whole, or block by block when the backup before has it. */
    private void changing(TarOutput tar, ZstdFrames frames, String name, long size, Instant time, InputStream content)
            throws IOException {
        var old = before(name);
        byte[] hashes;
        if (old.isPresent()) {
            hashes = blocks(tar, frames, name, size, time, content, old.get());
        } else {
            var whole = new BlockHashes();
            entry(tar, frames, name, size, time, content, whole);
            hashes = whole.all();
        }
        held.put(name, new BackupIndex.Held(size, 0, hashes));
    }

    private byte[] blocks(
            TarOutput tar,
            ZstdFrames frames,
            String name,
            long size,
            Instant time,
            InputStream content,
            BackupIndex.Held old)
            throws IOException {
        var draft = place.resolve(DRAFT);
        byte[] hashes;
        Manifest.Sum sum;
        try (var channel = FileChannel.open(
                        draft,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                var changed = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
            var compared = new BlockHashes(old.blocks(), changed);
            var read = new Read(content, compared);
            long left = size;
            while (left > 0) {
                int got = read.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (got < 0) {
                    throw new EOFException(name + " became shorter while it was read");
                }
                left -= got;
            }
            hashes = compared.all();
            sum = new Manifest.Sum(size, read.hash());
        }
        if (Files.size(draft) > 0 || size != old.size()) {
            try (var changed = Files.newInputStream(draft, LinkOption.NOFOLLOW_LINKS)) {
                entry(
                        tar,
                        frames,
                        name + GatewayState.BLOCKS,
                        Files.size(draft),
                        time,
                        changed,
                        OutputStream.nullOutputStream());
            }
            patched.put(name, sum);
        }
        Files.delete(draft);
        return hashes;
    }

    private void entry(
            TarOutput tar,
            ZstdFrames frames,
            String name,
            long size,
            Instant time,
            InputStream content,
            OutputStream also)
            throws IOException {
        var read = new Read(content, also);
        frames.next(size);
        tar.add(name, size, time, read);
        entries.put(name, new Manifest.Sum(size, read.hash()));
    }

    /** @return the SHA-256 of what was packed */
    private String json(TarOutput tar, String name, Manifest.Sums sums) throws IOException {
        var bytes = new ByteArrayOutputStream();
        about.write(bytes, sums);
        tar.add(name, bytes.size(), about.time(), new ByteArrayInputStream(bytes.toByteArray()));
        return Sha256.hex(bytes.toByteArray());
    }

    /** Content on its way in: what was read is hashed, counted, told of, and given to one other. */
    private final class Read extends FilterInputStream {
        private final MessageDigest digest = Sha256.start();
        private final OutputStream also;

        Read(InputStream content, OutputStream also) {
            super(content);
            this.also = also;
        }

        @Override
        public int read(byte[] into, int at, int length) throws IOException {
            int read = in.read(into, at, length);
            if (read > 0) {
                digest.update(into, at, read);
                also.write(into, at, read);
                long earlier = done;
                done += read;
                if (earlier / TOLD_EVERY != done / TOLD_EVERY) {
                    progress.at(Math.min(done, total), total);
                }
            }
            return read;
        }

        String hash() {
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
