package gateway.backup;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import gateway.config.SecretFile;
import gateway.digest.Sha256;

/**
 * What the newest backup holds, as sizes and hashes without any content: the next increment is what differs from it.
 *
 * @param last       the file name of that backup, without its directory
 * @param manifest   the SHA-256 of its {@code manifest.json}
 * @param recipients who can open it
 * @param files      the state's files by their names in an archive
 */
record BackupIndex(String last, String manifest, String recipients, Map<String, Held> files) {
    /** Its file in the private place of backups. */
    static final String NAME = "index";

    private static final int MAGIC = 0x77424931;

    /**
     * A file as it was.
     *
     * @param modified when it was changed last, in milliseconds; 0 for a file that is compared block by block
     * @param blocks   the hashes of its blocks; none for a file that never changes
     */
    record Held(long size, long modified, byte[] blocks) {}

    /** The backup as the next increment names it. */
    Manifest.Follows asFollowed() {
        return new Manifest.Follows(last, manifest);
    }

    /** The index in a file; empty when there is none, or one that was altered or is of another form. */
    static Optional<BackupIndex> read(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        var bytes = Files.readAllBytes(file);
        int length = bytes.length - BlockHashes.HASH;
        if (length < Integer.BYTES
                || !Arrays.equals(
                        Sha256.of(Arrays.copyOf(bytes, length)), Arrays.copyOfRange(bytes, length, bytes.length))) {
            return Optional.empty();
        }
        try {
            return parsed(new DataInputStream(new ByteArrayInputStream(bytes, 0, length)));
        } catch (EOFException | UTFDataFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<BackupIndex> parsed(DataInputStream in) throws IOException {
        if (in.readInt() != MAGIC) {
            return Optional.empty();
        }
        var last = in.readUTF();
        if (last.indexOf('/') >= 0 || last.indexOf(0) >= 0) {
            return Optional.empty();
        }
        var manifest = in.readUTF();
        var recipients = in.readUTF();
        var files = new TreeMap<String, Held>();
        for (int left = in.readInt(); left > 0; left--) {
            var name = in.readUTF();
            long size = in.readLong();
            long modified = in.readLong();
            int count = in.readInt();
            if (count < 0 || count > in.available()) {
                return Optional.empty();
            }
            files.put(name, new Held(size, modified, in.readNBytes(count)));
        }
        return Optional.of(new BackupIndex(last, manifest, recipients, files));
    }

    /** Replaces the file as a whole. */
    void write(Path file) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeInt(MAGIC);
        out.writeUTF(last);
        out.writeUTF(manifest);
        out.writeUTF(recipients);
        out.writeInt(files.size());
        for (var held : files.entrySet()) {
            out.writeUTF(held.getKey());
            out.writeLong(held.getValue().size);
            out.writeLong(held.getValue().modified);
            out.writeInt(held.getValue().blocks.length);
            out.write(held.getValue().blocks);
        }
        out.write(Sha256.of(bytes.toByteArray()));
        SecretFile.write(file, bytes.toByteArray());
    }
}
