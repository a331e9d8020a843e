package gateway.api.media;

import java.io.IOException;
import java.io.InputStream;

/** Reads the bytes of a picture's file in large steps. An end that comes too early is a {@link BrokenPicture}. */
final class HeadReader {
    private final InputStream in;
    private final byte[] buffer = new byte[16 * 1024];
    private int at;
    private int end;

    HeadReader(InputStream in) {
        this.in = in;
    }

    /** The next byte; -1 at the end of the file. */
    int read() throws IOException {
        if (at == end) {
            end = in.read(buffer);
            at = 0;
            if (end <= 0) {
                end = 0;
                return -1;
            }
        }
        return buffer[at++] & 0xFF;
    }

    int need() throws IOException {
        int b = read();
        if (b < 0) {
            throw new BrokenPicture("is cut off");
        }
        return b;
    }

    /** An unsigned number of up to four bytes, the most significant first. */
    long big(int count) throws IOException {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | need();
        }
        return value;
    }

    /** An unsigned number of up to four bytes, the least significant first. */
    long little(int count) throws IOException {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value |= (long) need() << 8 * i;
        }
        return value;
    }

    /** Passes over bytes; false when the file ends before. */
    boolean skip(long count) throws IOException {
        long buffered = Math.min(count, end - at);
        at += (int) buffered;
        long left = count - buffered;
        while (left > 0) {
            long passed = in.skip(left);
            if (passed <= 0) {
                if (in.read() < 0) {
                    return false;
                }
                passed = 1;
            }
            left -= passed;
        }
        return true;
    }
}
