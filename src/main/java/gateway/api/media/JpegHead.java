package gateway.api.media;

import java.io.IOException;

/**
 * The head of a JPEG (ITU-T T.81 annex B), and the number of its scans. Markers are looked for as libjpeg does it, so
 * that both find the same ones.
 */
final class JpegHead {
    private static final int SOF_FIRST = 0xC0;
    private static final int SOF_PROGRESSIVE = 0xC2;
    private static final int SOF_LAST = 0xCF;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int BLOCK = 8;
    /** A block of 64 coefficients of 2 bytes. */
    private static final int BLOCK_BYTES = 128;

    private final HeadReader in;
    private int width;
    private int height;
    private int components;
    private boolean progressive;
    private long blocks;
    private int scans;
    private boolean partial;
    private long extra;

    private JpegHead(HeadReader in) {
        this.in = in;
    }

    static PictureHead read(HeadReader in) throws IOException {
        return new JpegHead(in).read();
    }

    private PictureHead read() throws IOException {
        for (int marker = marker(); marker >= 0 && marker != EOI; marker = marker()) {
            if (marker == 0x01 || marker >= 0xD0 && marker <= 0xD8) {
                continue;
            }
            int high = in.read();
            int low = in.read();
            if (low < 0) {
                break;
            }
            int length = high << 8 | low;
            if (length < 2) {
                throw new BrokenPicture("has a segment without a length");
            }
            length -= 2;
            if (marker >= SOF_FIRST && marker <= SOF_LAST && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
                length -= frame(marker);
            } else if (marker == SOS) {
                length -= scan();
            } else {
                extra += length;
            }
            if (length < 0 || !in.skip(length)) {
                break;
            }
        }
        if (components == 0 || scans == 0) {
            throw new BrokenPicture("has no picture");
        }
        return new PictureHead(
                width,
                height,
                components == 1 ? 1 : 3,
                false,
                progressive || scans > 1 || partial ? blocks * BLOCK_BYTES : 0,
                extra);
    }

    /** The next marker's code; -1 at the end of the file. */
    private int marker() throws IOException {
        while (true) {
            int b = in.read();
            while (b >= 0 && b != 0xFF) {
                b = in.read();
            }
            while (b == 0xFF) {
                b = in.read();
            }
            if (b != 0) {
                return b;
            }
        }
    }

    /** Returns how many bytes of the segment were read. */
    private int frame(int marker) throws IOException {
        if (components != 0) {
            throw new BrokenPicture("has more than one frame");
        }
        progressive = marker == SOF_PROGRESSIVE;
        in.need();
        height = (int) in.big(2);
        width = (int) in.big(2);
        int count = in.need();
        if (count < 1 || count > 4) {
            throw new BrokenPicture("has " + count + " colour components");
        }
        components = count;
        var across = new int[count];
        var down = new int[count];
        int mostAcross = 1;
        int mostDown = 1;
        for (int i = 0; i < count; i++) {
            in.need();
            int sampling = in.need();
            in.need();
            across[i] = sampling >> 4;
            down[i] = sampling & 0xF;
            if (across[i] < 1 || across[i] > 4 || down[i] < 1 || down[i] > 4) {
                throw new BrokenPicture("has sampling factors that JPEG does not know");
            }
            mostAcross = Math.max(mostAcross, across[i]);
            mostDown = Math.max(mostDown, down[i]);
        }
        long columns = Math.ceilDiv(width, BLOCK * mostAcross);
        long rows = Math.ceilDiv(height, BLOCK * mostDown);
        for (int i = 0; i < count; i++) {
            blocks += columns * across[i] * rows * down[i];
        }
        return 6 + 3 * count;
    }

    /** Returns how many bytes of the segment were read. */
    private int scan() throws IOException {
        if (++scans > PictureHead.MAX_SCANS) {
            throw new BrokenPicture(
                    "must have no more than " + PictureHead.MAX_SCANS + " scans; save it as a baseline JPEG");
        }
        partial |= in.need() < components;
        return 1;
    }
}
