package gateway.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/** Files that begin as pictures do and go on as they should not; few are longer than a kilobyte. */
final class WorstPictures {
    private WorstPictures() {}

    static byte[] bytes(Dice dice) {
        var picture = switch (dice.below(6)) {
            case 0 -> png(dice);
            case 1 -> jpeg(dice);
            case 2 -> gif(dice);
            case 3 -> webp(dice);
            case 4 ->
                dice.pick(
                                "%PDF-1.7",
                                "PK\3\4",
                                "OggS",
                                "ID3",
                                "#!AMR\n",
                                "\0\0\0\30ftypmp42",
                                "\0\0\0\1ftypM4A ",
                                "RIFF\0\0\0\0AVI ",
                                "\u001aE\u00df\u00a3",
                                "<svg/>",
                                "#!/bin/sh\n",
                                "BM\0\0",
                                "")
                        .getBytes(StandardCharsets.ISO_8859_1);
            default -> dice.bytes(dice.below(200));
        };
        return switch (dice.below(4)) {
            case 0 -> Arrays.copyOf(picture, dice.below(picture.length + 1));
            case 1 -> flipped(dice, picture);
            default -> picture;
        };
    }

    private static byte[] flipped(Dice dice, byte[] bytes) {
        for (int i = 0; i < 3 && bytes.length > 0; i++) {
            bytes[dice.below(bytes.length)] ^= (byte) (1 << dice.below(8));
        }
        return bytes;
    }

    private static int side(Dice dice) {
        return dice.pick(0, 1, 2, 16, 640, 7_071, 50_000, 65_535, 20_000_000, Integer.MAX_VALUE, -1);
    }

    private static byte[] png(Dice dice) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
        var head = ByteBuffer.allocate(13).putInt(side(dice)).putInt(side(dice));
        head.put(dice.pick((byte) 8, (byte) 16, (byte) 1, (byte) 0, (byte) 99))
                .put(dice.pick((byte) 2, (byte) 6, (byte) 3, (byte) 0, (byte) 7))
                .put((byte) 0)
                .put((byte) 0)
                .put(dice.pick((byte) 0, (byte) 1, (byte) 2));
        chunk(dice, out, "IHDR", head.array());
        for (int i = dice.below(4); i > 0; i--) {
            chunk(
                    dice,
                    out,
                    dice.pick("PLTE", "tEXt", "iCCP", "zTXt", "gAMA", "tRNS", "IHDR", "abcd"),
                    dice.bytes(dice.pick(0, 1, 3, 60)));
        }
        chunk(dice, out, "IDAT", dice.chance(50) ? new byte[] {0x78, (byte) 0x9c, 3, 0, 0, 0, 0, 1} : dice.bytes(40));
        chunk(dice, out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static void chunk(Dice dice, ByteArrayOutputStream out, String name, byte[] data) {
        var crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.US_ASCII));
        crc.update(data);
        int length = dice.chance(95) ? data.length : dice.pick(-1, Integer.MAX_VALUE, 1 << 30);
        out.writeBytes(ByteBuffer.allocate(8)
                .putInt(length)
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .array());
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    private static byte[] jpeg(Dice dice) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD8});
        for (int i = dice.below(3); i > 0; i--) {
            segment(dice, out, dice.pick(0xE0, 0xE1, 0xE2, 0xDB, 0xC4, 0xFE, 0xDD), dice.bytes(dice.pick(0, 2, 65)));
        }
        var frame = ByteBuffer.allocate(15)
                .put((byte) 8)
                .putShort((short) side(dice))
                .putShort((short) side(dice))
                .put(dice.pick((byte) 3, (byte) 1, (byte) 0, (byte) 4))
                .put(new byte[] {1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1});
        segment(dice, out, dice.pick(0xC0, 0xC2, 0xC9), frame.array());
        for (int i = dice.pick(0, 1, 30); i > 0; i--) {
            segment(dice, out, 0xDA, new byte[] {1, 1, 0, 0, 63, 0});
            out.writeBytes(dice.bytes(8));
        }
        return out.toByteArray();
    }

    private static void segment(Dice dice, ByteArrayOutputStream out, int marker, byte[] data) {
        int length = dice.chance(95) ? data.length + 2 : dice.pick(0, 1, 65_535);
        out.writeBytes(new byte[] {(byte) 0xFF, (byte) marker, (byte) (length >> 8), (byte) length});
        out.writeBytes(data);
    }

    private static byte[] gif(Dice dice) {
        var out = ByteBuffer.allocate(64)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("GIF89a".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) side(dice))
                .putShort((short) side(dice))
                .put(dice.pick((byte) 0, (byte) 0x80))
                .putShort((short) 0)
                .put((byte) ',')
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) side(dice))
                .putShort((short) side(dice))
                .put((byte) 0);
        return out.put(dice.pick((byte) 2, (byte) 12, (byte) 0))
                .put(dice.bytes(20))
                .array();
    }

    private static byte[] webp(Dice dice) {
        var out = ByteBuffer.allocate(64)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(dice.pick(56, 0, -1))
                .put("WEBP".getBytes(StandardCharsets.US_ASCII));
        return out.put(dice.pick("VP8 ", "VP8L", "VP8X", "ANIM").getBytes(StandardCharsets.US_ASCII))
                .putInt(dice.pick(10, 0, -1))
                .put(dice.bytes(dice.pick(0, 3, 30)))
                .array();
    }
}
