package gateway.backup;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

import io.airlift.compress.zstd.ZstdOutputStream;

/**
 * A zstd stream of several frames (RFC 8878 §3.1), each with a checksum of its own: damage is noticed in the frame that
 * has it, so that it can be told where it is. {@code zstd -d} reads them one after the other.
 */
final class ZstdFrames extends OutputStream {
    /** A frame ends behind the entry with which it has so many bytes; a larger entry has a frame to itself. */
    static final long MIN_BYTES = 1 << 20;

    private final OutputStream out;
    private ZstdOutputStream frame;
    private long bytes;

    ZstdFrames(OutputStream out) throws IOException {
        this.out = out;
        this.frame = frame();
    }

    private ZstdOutputStream frame() throws IOException {
        return new ZstdOutputStream(new FilterOutputStream(out) {
            @Override
            public void write(byte[] from, int at, int length) throws IOException {
                out.write(from, at, length);
            }

            @Override
            public void close() {
                // The next frame follows.
            }
        });
    }

    /** Tells that an entry of this size follows. */
    void next(long size) throws IOException {
        if (bytes > 0 && (bytes >= MIN_BYTES || size >= MIN_BYTES)) {
            frame.close();
            frame = frame();
            bytes = 0;
        }
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] from, int at, int length) throws IOException {
        frame.write(from, at, length);
        bytes += length;
    }

    @Override
    public void close() throws IOException {
        frame.close();
        out.close();
    }
}
