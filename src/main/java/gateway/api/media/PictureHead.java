package gateway.api.media;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a picture's file says of its size and of the work to decode it, read without decoding. Bounds are checked here
 * because the JDK's decoders take memory by the row (PNG), by the coefficient (JPEG of several scans) and by the chunk.
 *
 * @param width        pixels
 * @param height       pixels
 * @param pixelBytes   bytes of one decoded pixel
 * @param alpha        whether each pixel has its own transparency
 * @param coefficients bytes that a JPEG decoder keeps of a whole picture of several scans; 0 for all others
 * @param extra        bytes of what comes with the picture: profiles, texts
 */
public record PictureHead(int width, int height, int pixelBytes, boolean alpha, long coefficients, long extra) {
    /** Pixels of the longer side. */
    static final int MAX_SIDE = 32_767;
    /** Encoders write ten scans or so (jpegtran 10, mozjpeg up to 12). */
    static final int MAX_SCANS = 32;
    /** A PNG of 20 MB in chunks of 8 kB, as libpng writes them, has 2,500. */
    static final int MAX_CHUNKS = 20_000;
    /** Pictures of an animation. */
    static final int MAX_FRAMES = 1_000;
    /** Bytes of profiles and texts. */
    static final long MAX_EXTRA = 8_000_000;

    public long pixels() {
        return (long) width * height;
    }

    /**
     * Reads the head.
     *
     * @throws BrokenPicture when there is none, or it asks for more than the bounds
     * @throws IOException   when the file cannot be read
     */
    public static PictureHead of(Path file, FileType type) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var reader = new HeadReader(in);
            var head = switch (type) {
                case PNG -> png(reader);
                case JPEG -> JpegHead.read(reader);
                case GIF -> gif(reader);
                case WEBP -> webp(reader);
                default -> throw new BrokenPicture("cannot be read as a picture");
            };
            if (head.width < 1 || head.height < 1) {
                throw new BrokenPicture("has no size");
            }
            if (head.width > MAX_SIDE || head.height > MAX_SIDE) {
                throw new BrokenPicture("must be no wider and no higher than " + MAX_SIDE + " pixels");
            }
            if (head.extra > MAX_EXTRA) {
                throw new BrokenPicture(
                        "must hold no more than " + MAX_EXTRA / 1_000_000 + " MB beside the picture itself");
            }
            return head;
        }
    }

    /** PNG 3rd edition §5.3 and §11.2.1: chunks, of which the first tells the size. */
    private static PictureHead png(HeadReader in) throws IOException {
        in.skip(8);
        long width = 0;
        long height = 0;
        int pixelBytes = 0;
        boolean alpha = false;
        long extra = 0;
        for (int chunks = 1; ; chunks++) {
            if (chunks > MAX_CHUNKS) {
                throw new BrokenPicture("must have no more than " + MAX_CHUNKS + " chunks");
            }
            int next = in.read();
            if (next < 0) {
                break;
            }
            long length = (long) next << 24 | in.big(3);
            var name = new String(
                    new byte[] {(byte) in.need(), (byte) in.need(), (byte) in.need(), (byte) in.need()},
                    StandardCharsets.ISO_8859_1);
            if (name.equals("IHDR") != (chunks == 1) || length > Integer.MAX_VALUE) {
                throw new BrokenPicture("has chunks in a wrong order");
            }
            if (chunks == 1) {
                width = in.big(4);
                height = in.big(4);
                int depth = in.need();
                int color = in.need();
                int channels = switch (color) {
                    case 0, 3 -> 1;
                    case 2 -> 3;
                    case 4 -> 2;
                    case 6 -> 4;
                    default -> throw new BrokenPicture("has a colour type that PNG does not know");
                };
                pixelBytes = channels * (depth == 16 ? 2 : 1);
                alpha = color >= 4;
                length -= 10;
            } else if (name.equals("tRNS")) {
                // A picture with one transparent colour is decoded with transparency.
                pixelBytes *= 2;
                extra += length;
            } else if (!name.equals("IDAT")) {
                extra += length;
            }
            if (name.equals("IEND") || length < 0 || !in.skip(length + 4)) {
                break;
            }
        }
        return new PictureHead(side(width), side(height), pixelBytes, alpha, 0, extra);
    }

    /** GIF89a §17 to §20: the screen's size, then blocks, of which some are pictures. */
    private static PictureHead gif(HeadReader in) throws IOException {
        in.skip(6);
        int width = (int) in.little(2);
        int height = (int) in.little(2);
        int flags = in.need();
        in.skip(2 + table(flags));
        int frames = 0;
        for (int kind = in.read(); kind == 0x21 || kind == 0x2C; kind = in.read()) {
            if (kind == 0x2C) {
                if (++frames > MAX_FRAMES) {
                    throw new BrokenPicture("must have no more than " + MAX_FRAMES + " frames");
                }
                in.skip(4);
                var frameWidth = in.little(2);
                if (frameWidth > MAX_SIDE || in.little(2) > MAX_SIDE) {
                    throw new BrokenPicture("must have no frame wider or higher than " + MAX_SIDE + " pixels");
                }
                in.skip(table(in.need()));
            }
            in.skip(1);
            for (int size = in.read(); size > 0 && in.skip(size); ) {
                size = in.read();
            }
        }
        return new PictureHead(width, height, 1, false, 0, 0);
    }

    private static int table(int flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1;
    }

    /** RFC 9649 §2.5 to §2.7: the three headers of WebP, then chunks, of which some are frames. */
    private static PictureHead webp(HeadReader in) throws IOException {
        in.skip(12);
        long name = in.big(4);
        long length = in.little(4);
        int width;
        int height;
        if (name == fourCc("VP8 ")) {
            in.skip(6);
            return new PictureHead((int) in.little(2) & 0x3FFF, (int) in.little(2) & 0x3FFF, 3, false, 0, 0);
        } else if (name == fourCc("VP8L")) {
            in.skip(1);
            long bits = in.little(4);
            return new PictureHead((int) (bits & 0x3FFF) + 1, (int) (bits >>> 14 & 0x3FFF) + 1, 4, true, 0, 0);
        } else if (name == fourCc("VP8X")) {
            in.skip(4);
            width = (int) in.little(3) + 1;
            height = (int) in.little(3) + 1;
            in.skip(Math.max(0, length - 10) + (length & 1));
        } else {
            throw new BrokenPicture("has no header that WebP knows");
        }
        int frames = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            long chunk = (long) next << 24 | in.big(3);
            long size = in.little(4);
            if (chunk == fourCc("ANMF") && ++frames > MAX_FRAMES) {
                throw new BrokenPicture("must have no more than " + MAX_FRAMES + " frames");
            }
            if (!in.skip(size + (size & 1))) {
                break;
            }
        }
        return new PictureHead(width, height, 4, true, 0, 0);
    }

    private static long fourCc(String name) {
        long value = 0;
        for (int i = 0; i < 4; i++) {
            value = value << 8 | name.charAt(i);
        }
        return value;
    }

    private static int side(long value) {
        return (int) Math.min(Integer.MAX_VALUE, value);
    }
}
