package gateway;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/** Small files that ask a decoder for much. */
public final class HostilePictures {
    private HostilePictures() {}

    /** An RGB PNG of one row: 20,000,000 pixels in 58 kB. */
    public static byte[] wide(int width) {
        return png(width, 1, 1, 3L * width + 1);
    }

    /** A PNG of 8 × 8 in many empty chunks. */
    public static byte[] manyChunks(int chunks) {
        return png(8, 8, chunks, 8 * 25);
    }

    private static byte[] png(int width, int height, int chunks, long raw) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
        chunk(
                out,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put(new byte[] {8, 2, 0, 0, 0})
                        .array());
        for (int i = 1; i < chunks; i++) {
            chunk(out, "IDAT", new byte[0]);
        }
        var packed = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(packed)) {
            var zeros = new byte[64 * 1024];
            for (long left = raw; left > 0; left -= zeros.length) {
                deflater.write(zeros, 0, (int) Math.min(left, zeros.length));
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        chunk(out, "IDAT", packed.toByteArray());
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, String name, byte[] data) {
        var type = name.getBytes(StandardCharsets.US_ASCII);
        var crc = new CRC32();
        crc.update(type);
        crc.update(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(type);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    /**
     * A progressive JPEG, grey in three components, of one scan that makes the picture and others that go over all of
     * it again.
     */
    public static byte[] scans(int side, int further) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD8});
        var quantization = new byte[65];
        java.util.Arrays.fill(quantization, 1, 65, (byte) 1);
        segment(out, 0xDB, quantization);
        segment(
                out,
                0xC2,
                ByteBuffer.allocate(15)
                        .put((byte) 8)
                        .putShort((short) side)
                        .putShort((short) side)
                        .put((byte) 3)
                        .put(new byte[] {1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0})
                        .array());
        segment(out, 0xC4, table(0x00, 0x00));
        segment(out, 0xC4, table(0x10, 0xE0));
        long blocks = (long) Math.ceilDiv(side, 8) * Math.ceilDiv(side, 8);
        // Each block's first coefficient is as the one before: one bit, 0.
        segment(out, 0xDA, new byte[] {3, 1, 0, 2, 0, 3, 0, 0, 0, 0});
        out.writeBytes(new byte[(int) Math.ceilDiv(blocks * 3, 8)]);
        for (int i = 0; i < further; i++) {
            segment(out, 0xDA, new byte[] {1, 1, 0, 1, 63, 0});
            out.writeBytes(emptyRuns(blocks));
        }
        out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD9});
        return out.toByteArray();
    }

    /** One code, of one bit, for one symbol. */
    private static byte[] table(int kind, int symbol) {
        var table = new byte[18];
        table[0] = (byte) kind;
        table[1] = 1;
        table[17] = (byte) symbol;
        return table;
    }

    /** Runs of 21,845 blocks in which nothing changes: the code, then fourteen bits of the length. */
    private static byte[] emptyRuns(long blocks) {
        var bits = "001010101010101".repeat((int) Math.ceilDiv(blocks, 21_845));
        var bytes = new byte[Math.ceilDiv(bits.length(), 8)];
        for (int i = 0; i < bits.length(); i++) {
            bytes[i / 8] |= (byte) ((bits.charAt(i) - '0') << 7 - i % 8);
        }
        return bytes;
    }

    private static void segment(ByteArrayOutputStream out, int marker, byte[] data) {
        out.writeBytes(new byte[] {(byte) 0xFF, (byte) marker});
        out.writeBytes(
                ByteBuffer.allocate(2).putShort((short) (data.length + 2)).array());
        out.writeBytes(data);
    }
}
