package gateway.api;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.imageio.ImageIO;

/** Small files of every kind the contract takes. */
final class Samples {
    private Samples() {}

    static byte[] png(int width, int height) {
        return image(width, height, () -> 0xFFAA33);
    }

    /** A picture that PNG cannot make small. */
    static byte[] noise(int width, int height) {
        var random = new java.util.Random(1);
        return image(width, height, () -> random.nextInt());
    }

    private static byte[] image(int width, int height, java.util.function.IntSupplier color) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++) {
                image.setRGB(x, y, color.getAsInt());
            }
        }
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** One pixel, lossy. */
    static byte[] webp() {
        return Base64.getDecoder().decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA");
    }

    static byte[] ogg() {
        return "OggS\0\2 and then nothing a player would like".getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] mp4() {
        return "\0\0\0\30ftypisom\0\0\2\0isomiso2".getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] pdf() {
        return "%PDF-1.4\n%%EOF\n".getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The file a field of this name takes. */
    static ApiRig.FormFile file(String field) {
        return switch (field) {
            case "image", "avatar", "photo" -> new ApiRig.FormFile("picture.png", png(8, 6));
            case "audio" -> new ApiRig.FormFile("note.ogg", ogg());
            case "video" -> new ApiRig.FormFile("film.mp4", mp4());
            case "sticker" -> new ApiRig.FormFile("sticker.webp", webp());
            default -> new ApiRig.FormFile("paper.pdf", pdf());
        };
    }

    /** The header of a picture of 10 000 × 6 000, and nothing behind it: enough to be refused. */
    static byte[] huge() {
        var png = Samples.png(8, 8);
        java.nio.ByteBuffer.wrap(png).putInt(16, 10_000).putInt(20, 6_000);
        var crc = new java.util.zip.CRC32();
        crc.update(png, 12, 17);
        java.nio.ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
        return png;
    }
}
