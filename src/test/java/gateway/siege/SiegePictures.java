package gateway.siege;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Small files that claim to be pictures and cost a decoder much memory or time. */
final class SiegePictures {
    private SiegePictures() {}

    /** A PNG (ISO/IEC 15948) of these dimensions, all of one colour; 20,000,000 × 1 takes 58 kB. */
    static byte[] png(int width, int height) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
        chunk(
                out,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put(new byte[] {8, 2, 0, 0, 0})
                        .array());
        var deflater = new Deflater(Deflater.BEST_COMPRESSION);
        var packed = new ByteArrayOutputStream();
        var block = new byte[1 << 16];
        var buffer = new byte[1 << 16];
        long left = (3L * width + 1) * height;
        while (!deflater.finished()) {
            if (deflater.needsInput()) {
                int size = (int) Math.min(block.length, left);
                deflater.setInput(block, 0, size);
                left -= size;
                if (left == 0) {
                    deflater.finish();
                }
            }
            packed.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        chunk(out, "IDAT", packed.toByteArray());
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        var bytes = ByteBuffer.allocate(4 + data.length)
                .put(type.getBytes(StandardCharsets.US_ASCII))
                .put(data)
                .array();
        var crc = new CRC32();
        crc.update(bytes);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(bytes);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    /**
     * A grey progressive JPEG (ITU-T T.81) with so many further scans over its coefficients; every scan costs a decoder
     * a walk over the whole picture.
     */
    static byte[] progressiveJpeg(int side, int scans) throws IOException {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD8});
        var quantisation = new byte[65];
        java.util.Arrays.fill(quantisation, 1, 65, (byte) 1);
        segment(out, 0xDB, quantisation);
        segment(
                out,
                0xC2,
                ByteBuffer.allocate(9)
                        .put((byte) 8)
                        .putShort((short) side)
                        .putShort((short) side)
                        .put(new byte[] {1, 1, 0x11, 0})
                        .array());
        // One code of one bit each: DC difference 0, and for AC the end-of-band run of category 14.
        segment(out, 0xC4, table(0x00, 0x00));
        segment(out, 0xC4, table(0x10, 0xE0));
        long blocks = (long) Math.ceilDiv(side, 8) * Math.ceilDiv(side, 8);
        segment(out, 0xDA, new byte[] {1, 1, 0x00, 0, 0, 0});
        out.writeBytes(new byte[(int) (blocks / 8 + 1)]);
        // Runs of 2^14 blocks: a bit for the code and 14 for the rest of the run, all zero.
        var runs = new byte[(int) (blocks / (1 << 14) + 1) * 2 + 1];
        for (int i = 0; i < scans; i++) {
            int band = 1 + i % 63;
            segment(out, 0xDA, new byte[] {1, 1, 0x00, (byte) band, (byte) band, 0});
            out.writeBytes(runs);
        }
        out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD9});
        return out.toByteArray();
    }

    private static byte[] table(int id, int symbol) {
        var bytes = new byte[18];
        bytes[0] = (byte) id;
        bytes[1] = 1;
        bytes[17] = (byte) symbol;
        return bytes;
    }

    private static void segment(ByteArrayOutputStream out, int marker, byte[] data) {
        out.writeBytes(new byte[] {(byte) 0xFF, (byte) marker});
        out.writeBytes(
                ByteBuffer.allocate(2).putShort((short) (data.length + 2)).array());
        out.writeBytes(data);
    }
}
