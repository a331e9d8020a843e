package gateway.api;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.WriterException;
import com.google.zxing.qrcode.QRCodeWriter;

import gateway.budget.Workbench;

/** The QR images of pairings under way: in memory only, gone when a phone would no longer accept them. */
final class QrImages {
    private static final int PIXELS = 512;
    /** Images kept at once; a person looks at one. */
    private static final int MAX = 32;

    /** What an image takes while it is drawn: the code, the picture and the file. */
    private static final long MEMORY = 512 * 1024;

    private final InstantSource clock;
    private final Workbench bench;
    private final Map<String, Image> images = new LinkedHashMap<>();

    QrImages(InstantSource clock, Workbench bench) {
        this.clock = clock;
        this.bench = bench;
    }

    private record Image(String text, byte[] png, Instant until) {}

    /**
     * Draws the text and returns the image's file name, which is not to be guessed; for the same text the same image.
     */
    String draw(String text, Duration valid) {
        var known = named(text);
        if (known.isPresent()) {
            return known.get();
        }
        var png = drawn(text);
        var name = "scan-qr-" + UUID.randomUUID() + ".png";
        synchronized (this) {
            drop();
            images.put(name, new Image(text, png, clock.instant().plus(valid)));
            if (images.size() > MAX) {
                images.remove(images.keySet().iterator().next());
            }
        }
        return name;
    }

    private synchronized Optional<String> named(String text) {
        drop();
        return images.entrySet().stream()
                .filter(image -> image.getValue().text().equals(text))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The image of the text as PNG, for a reply that carries the image itself. */
    byte[] drawn(String text) {
        try {
            return bench.run(MEMORY, () -> png(text));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("The QR image could not be drawn", e);
        }
    }

    /** The image as PNG; empty when there is no image of that name, or no longer. */
    synchronized Optional<byte[]> find(String name) {
        drop();
        return Optional.ofNullable(images.get(name)).map(Image::png);
    }

    private void drop() {
        var now = clock.instant();
        images.values().removeIf(image -> now.isAfter(image.until()));
    }

    private static byte[] png(String text) {
        try {
            var code = new QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, PIXELS, PIXELS);
            var image = new BufferedImage(code.getWidth(), code.getHeight(), BufferedImage.TYPE_BYTE_BINARY);
            for (int y = 0; y < code.getHeight(); y++) {
                for (int x = 0; x < code.getWidth(); x++) {
                    image.setRGB(x, y, code.get(x, y) ? 0xFF000000 : 0xFFFFFFFF);
                }
            }
            var out = new ByteArrayOutputStream();
            // A pairing code has no business in a temporary file, which is where ImageIO would keep it meanwhile by
            // itself.
            try (var kept = new MemoryCacheImageOutputStream(out)) {
                ImageIO.write(image, "png", kept);
            }
            return out.toByteArray();
        } catch (WriterException | IOException e) {
            throw new UncheckedIOException(new IOException("the QR image could not be drawn", e));
        }
    }
}
