package gateway.api.media;

import java.awt.Color;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.stream.FileImageOutputStream;

import gateway.api.request.AbortableInput;
import gateway.budget.Workbench;

/**
 * Shrinks pictures, on the workbench. A picture is read line by line and thinned out while it is read, so that one of
 * fifty megapixels costs no more memory than one of eight.
 */
final class Pictures {
    /** Longest side of a compressed picture, as WhatsApp's own clients choose it. */
    private static final int COMPRESSED = 1_600;
    /** Side of a portrait: WhatsApp takes no larger one. */
    private static final int PORTRAIT = 640;
    /** Bytes of decoded pixels in memory at once: 8 megapixels of 3 bytes. */
    private static final long MAX_DECODED = 24_000_000;
    /**
     * Bytes that libjpeg keeps, outside the heap, of a picture of several scans: 11 megapixels in the usual sampling.
     */
    private static final long MAX_COEFFICIENTS = 32L << 20;
    /** Rows that a decoder and a scaler hold beside the picture. */
    private static final int ROWS = 16;

    private static final long REST = 1 << 20;
    private static final float QUALITY = 0.8f;

    private final Workbench bench;

    Pictures(Workbench bench) {
        this.bench = bench;
    }

    /**
     * Writes the picture as a JPEG of at most 1600 pixels a side; false when it would be no smaller, is transparent, or
     * would cost too much to decode.
     *
     * @throws BrokenPicture when it cannot be decoded
     * @throws IOException   when a file cannot be read or written
     */
    boolean compress(Path from, FileType type, Path to) throws IOException {
        var head = PictureHead.of(from, type);
        if (head.alpha() || head.coefficients() > MAX_COEFFICIENTS) {
            return false;
        }
        int thin = thin(head, COMPRESSED);
        return work(head, thin, COMPRESSED, to, () -> {
            var image = read(from, type, thin);
            if (image.getColorModel().hasAlpha()) {
                return false;
            }
            double scale = Math.min(1, (double) COMPRESSED / Math.max(image.getWidth(), image.getHeight()));
            write(
                    draw(image, (int) Math.round(image.getWidth() * scale), (int)
                            Math.round(image.getHeight() * scale)),
                    to);
            return Files.size(to) < Files.size(from);
        });
    }

    /**
     * Writes the middle of the picture as a square JPEG of at most 640 pixels a side.
     *
     * @throws BrokenPicture when it cannot be decoded, or would cost too much
     * @throws IOException   when a file cannot be read or written
     */
    void square(Path from, FileType type, Path to) throws IOException {
        var head = PictureHead.of(from, type);
        if (head.coefficients() > MAX_COEFFICIENTS) {
            throw new BrokenPicture("takes too much memory to decode; save it smaller, or as a baseline JPEG");
        }
        int thin = thin(head, PORTRAIT);
        work(head, thin, PORTRAIT, to, () -> {
            var image = read(from, type, thin);
            int side = Math.min(image.getWidth(), image.getHeight());
            var middle = image.getSubimage((image.getWidth() - side) / 2, (image.getHeight() - side) / 2, side, side);
            int drawn = Math.min(side, PORTRAIT);
            write(draw(middle, drawn, drawn), to);
            return true;
        });
    }

    /**
     * Every how many-th pixel is kept: the shorter side keeps {@code enough} pixels, unless that is too much memory.
     */
    private static int thin(PictureHead head, int enough) {
        return Math.max(1, Math.max(Math.min(head.width(), head.height()) / enough, (int)
                Math.ceil(Math.sqrt((double) head.pixels() * head.pixelBytes() / MAX_DECODED))));
    }

    private boolean work(PictureHead head, int thin, int side, Path to, java.util.concurrent.Callable<Boolean> work)
            throws IOException {
        long decoded = (long) Math.ceilDiv(head.width(), thin) * Math.ceilDiv(head.height(), thin) * head.pixelBytes();
        long memory = decoded
                + (long) ROWS * head.width() * head.pixelBytes()
                + 4L * side * side
                + head.coefficients()
                + head.extra()
                + REST;
        try {
            return bench.run(memory, () -> {
                try {
                    return work.call();
                } finally {
                    if (Thread.interrupted()) {
                        // Nobody waits for the file any longer, so nobody else removes the file.
                        Files.deleteIfExists(to);
                    }
                }
            });
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The decoder of this very format: others, which the JDK brings too, are not offered anything. */
    private static BufferedImage read(Path file, FileType type, int thin) throws IOException {
        var reader = ImageIO.getImageReadersByFormatName(type.name().toLowerCase(Locale.ROOT))
                .next();
        try (var in = new AbortableInput(file)) {
            reader.setInput(in, true, true);
            return read(reader, thin);
        } catch (IIOException | RuntimeException | java.io.EOFException e) {
            // The decoders of the JDK throw these on files that are broken.
            throw new BrokenPicture(e);
        } finally {
            reader.dispose();
        }
    }

    private static BufferedImage read(ImageReader reader, int thin) throws IOException {
        var parameters = reader.getDefaultReadParam();
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
