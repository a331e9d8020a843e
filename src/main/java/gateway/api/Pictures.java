package gateway.api;

import java.awt.Color;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.stream.FileImageOutputStream;

/**
 * Measures and shrinks pictures. A picture is read line by line and thinned out while it is read, so that one of fifty
 * megapixels costs no more memory than one of four.
 */
final class Pictures {
    /** Longest side of a compressed picture, as WhatsApp's own clients choose it. */
    private static final int COMPRESSED = 1_600;
    /** Side of a portrait: WhatsApp takes no larger one. */
    private static final int PORTRAIT = 640;
    /** Pixels in memory at once; binding only for pictures that are very long and very thin. */
    private static final long MOST_DECODED = 8_000_000;
    private static final float QUALITY = 0.8f;
    /** Decoding takes a core for itself; more at once would only wait for one another in memory. */
    private static final Semaphore AT_ONCE = new Semaphore(2);

    private Pictures() {
    }

    /** Width and height in pixels. */
    record Size(int width, int height) {
        long pixels() {
            return (long) width * height;
        }
    }

    /** What the header says, without decoding; empty when there is no such header. */
    static Optional<Size> size(Path file, FileType type) throws IOException {
        if (type == FileType.WEBP) {
            try (var in = Files.newInputStream(file)) {
                return webp(in.readNBytes(30));
            }
        }
        try (var in = ImageIO.createImageInputStream(file.toFile())) {
            var readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                return Optional.empty();
            }
            var reader = readers.next();
            try {
                reader.setInput(in, true, true);
                return Optional.of(new Size(reader.getWidth(0), reader.getHeight(0)));
            } finally {
                reader.dispose();
            }
        } catch (RuntimeException e) {
            // The decoders of the JDK throw these, too, on files that are broken.
            throw new IOException("broken picture", e);
        }
    }

    /** The three headers of WebP (RFC 9649 §2.5 to §2.7). */
    private static Optional<Size> webp(byte[] h) {
        if (h.length < 30) {
            return Optional.empty();
        }
        return switch (new String(h, 12, 4, java.nio.charset.StandardCharsets.US_ASCII)) {
            case "VP8 " -> Optional.of(new Size(le(h, 26, 2) & 0x3FFF, le(h, 28, 2) & 0x3FFF));
            case "VP8L" -> Optional.of(new Size((le(h, 21, 4) & 0x3FFF) + 1, (le(h, 21, 4) >>> 14 & 0x3FFF) + 1));
            case "VP8X" -> Optional.of(new Size(le(h, 24, 3) + 1, le(h, 27, 3) + 1));
            default -> Optional.empty();
        };
    }

    private static int le(byte[] bytes, int at, int count) {
        int value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = value << 8 | bytes[at + i] & 0xFF;
        }
        return value;
    }

    /** Writes the picture as a JPEG of at most 1600 pixels a side; false when it would be no smaller. */
    static boolean compress(Path from, Path to) throws IOException {
        var image = read(from, COMPRESSED);
        if (image.getColorModel().hasAlpha()) {
            return false;
        }
        double scale = Math.min(1, (double) COMPRESSED / Math.max(image.getWidth(), image.getHeight()));
        write(draw(image, (int) Math.round(image.getWidth() * scale), (int) Math.round(image.getHeight() * scale)), to);
        return Files.size(to) < Files.size(from);
    }

    /** Writes the middle of the picture as a square JPEG of at most 640 pixels a side. */
    static void square(Path from, Path to) throws IOException {
        var image = read(from, PORTRAIT);
        int side = Math.min(image.getWidth(), image.getHeight());
        var middle = image.getSubimage((image.getWidth() - side) / 2, (image.getHeight() - side) / 2, side, side);
        int drawn = Math.min(side, PORTRAIT);
        write(draw(middle, drawn, drawn), to);
    }

    /** Decodes, thinned out so that the shorter side keeps at least {@code enough} pixels. */
    private static BufferedImage read(Path file, int enough) throws IOException {
        AT_ONCE.acquireUninterruptibly();
        try (var in = ImageIO.createImageInputStream(file.toFile())) {
            var reader = ImageIO.getImageReaders(in).next();
            try {
                reader.setInput(in, true, true);
                return read(reader, enough);
            } finally {
                reader.dispose();
            }
        } catch (RuntimeException e) {
            throw new IOException("broken picture", e);
        } finally {
            AT_ONCE.release();
        }
    }

    private static BufferedImage read(ImageReader reader, int enough) throws IOException {
        var parameters = reader.getDefaultReadParam();
        long pixels = new Size(reader.getWidth(0), reader.getHeight(0)).pixels();
        int thin = Math.max(Math.min(reader.getWidth(0), reader.getHeight(0)) / enough,
                (int) Math.ceil(Math.sqrt((double) pixels / MOST_DECODED)));
        parameters.setSourceSubsampling(thin, thin, 0, 0);
        return reader.read(0, parameters);
    }

    private static BufferedImage draw(BufferedImage image, int width, int height) {
        var drawn = new BufferedImage(Math.max(1, width), Math.max(1, height), BufferedImage.TYPE_INT_RGB);
        var pen = drawn.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        pen.drawImage(image, 0, 0, drawn.getWidth(), drawn.getHeight(), Color.WHITE, null);
        pen.dispose();
        return drawn;
    }

    private static void write(BufferedImage image, Path file) throws IOException {
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (var out = new FileImageOutputStream(file.toFile())) {
            var parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(QUALITY);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
    }
}
