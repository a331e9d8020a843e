package gateway.engine.web.noise;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The incoming half of the frame layer: a stream of bytes, cut anywhere, in; whole payloads out. Memory grows with what
 * has arrived, not with the length that is announced. For one thread.
 */
public final class FrameReader {
    private static final int START = 4 << 10;
    private static final int BYTE = 8;
    private static final int MASK = 0xFF;

    private int headed;
    private int length;
    private int filled;
    private byte[] payload = new byte[0];

    /** Reads the buffer to its end. The payloads that are whole by now, in order. */
    public List<byte[]> read(ByteBuffer bytes) {
        List<byte[]> whole = new ArrayList<>();
        while (bytes.hasRemaining()) {
            if (headed < Frames.LENGTH_BYTES) {
                length = length << BYTE | bytes.get() & MASK;
                headed++;
            } else {
                fill(bytes);
            }
            if (headed == Frames.LENGTH_BYTES && filled == length) {
                whole.add(payload.length == length ? payload : Arrays.copyOf(payload, length));
                headed = 0;
                length = 0;
                filled = 0;
                payload = new byte[0];
            }
        }
        return whole;
    }

    private void fill(ByteBuffer bytes) {
        int count = Math.min(length - filled, bytes.remaining());
        if (filled + count > payload.length) {
            int size = Math.max(filled + count, Math.max(START, 2 * payload.length));
            payload = Arrays.copyOf(payload, Math.min(size, length));
        }
        bytes.get(payload, filled, count);
        filled += count;
    }
}
