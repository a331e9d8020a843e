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
    private Samples() {
    }

    static byte[] png(int width, int height) {
        return image("png", width, height);
    }

    static byte[] jpeg(int width, int height) {
        return image("jpg", width, height);
    }

    private static byte[] image(String format, int width, int height) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < Math.min(width, height); i++) {
            image.setRGB(i, i, 0xFFAA33);
        }
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, format, out);
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
    static Rig.FormFile file(String field) {
        return switch (field) {
            case "image", "avatar", "photo" -> new Rig.FormFile("picture.png", png(8, 6));
            case "audio" -> new Rig.FormFile("note.ogg", ogg());
            case "video" -> new Rig.FormFile("film.mp4", mp4());
            case "sticker" -> new Rig.FormFile("sticker.webp", webp());
            default -> new Rig.FormFile("paper.pdf", pdf());
        };
    }
}
