package gateway.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import gateway.digest.Sha256;

/**
 * Where the chain is.
 *
 * @param epoch how often the key has changed
 * @param key   of this epoch; the ones before are gone for good
 * @param seq   number of the last line
 * @param last  that line's {@code h}
 */
record ChainState(long epoch, byte[] key, long seq, String last) {
    /** What the first line names as the one before it. */
    static final String NOTHING = "0".repeat(64);

    private static final byte[] EVOLVE = "evolve".getBytes(StandardCharsets.US_ASCII);
    private static final String MAC = "HmacSHA256";

    static ChainState first(byte[] seed) {
        return new ChainState(0, seed, 0, NOTHING);
    }

    /** The next epoch: its key follows from this one's, but not this one's from it. */
    ChainState evolved() {
        return new ChainState(epoch + 1, next(key), seq, last);
    }

    /**
     * Where the chain is after those of the lines that continue it; any other line is passed over.
     *
     * @param lines in the file's order, without their line ends
     * @param mac of this epoch's key
     */
    ChainState after(String[] lines, Mac mac) {
        var state = this;
        for (String text : lines) {
            var line = AuditLine.parse(text.getBytes(StandardCharsets.ISO_8859_1), 0, text.length());
            if (line.isPresent()
                    && line.get().seq() == state.seq + 1
                    && line.get().prev().equals(state.last)
                    && line.get().epoch() == epoch
                    && AuditLine.h(mac, line.get().sealed()).equals(line.get().h())) {
                state = new ChainState(epoch, key, line.get().seq(), line.get().h());
            }
        }
        return state;
    }

    static byte[] next(byte[] key) {
        return Sha256.of(EVOLVE, key);
    }

    static Mac mac(byte[] key) {
        try {
            var mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }

    /**
     * Replaces the file as a whole.
     *
     * @param durable true to return only when the replacement is on disk
     */
    void save(Path file, boolean durable) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        String text = epoch + " " + HexFormat.of().formatHex(key) + " " + seq + " " + last + "\n";
        try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
            if (durable) {
                channel.force(true);
            }
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    static ChainState load(Path file) throws IOException {
        String[] parts =
                Files.readString(file, StandardCharsets.US_ASCII).trim().split(" ");
        try {
            return new ChainState(
                    Long.parseLong(parts[0]), HexFormat.of().parseHex(parts[1]), Long.parseLong(parts[2]), parts[3]);
        } catch (RuntimeException e) {
            throw new IOException(file + " is damaged; restore it from the backup", e);
        }
    }
}
