package gateway.engine.web.noise;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * The incoming half of the frame layer: a stream of bytes, cut anywhere, in; whole payloads out. Memory grows with what
 * has arrived, not with the length that is announced. Before the handshake is done, payloads are short. For one thread.
 */
public final class FrameReader {
    /** The longest payload of a server that has not proved itself. */
    static final int MAX_HANDSHAKE = 64 << 10;

    private static final int START = 4 << 10;
    private static final int BYTE = 8;
    private static final int MASK = 0xFF;

    private int max = MAX_HANDSHAKE;
    private int headed;
    private int length;
    private int filled;
    private byte[] payload = new byte[0];

    /** Allows long payloads, from the next one on. */
    public void trust() {
        max = Frames.MAX_PAYLOAD;
    }

    /**
     * Reads the buffer to its end. The payloads that are whole by now, in order.
     *
     * @throws WireRefusal ({@code OVERSIZED}) for a payload that is announced as longer than allowed; the stream is of
     *     no further use
     */
    public List<byte[]> read(ByteBuffer bytes) throws WireRefusal {
        List<byte[]> whole = new ArrayList<>();
        while (bytes.hasRemaining()) {
            if (headed < Frames.LENGTH_BYTES) {
                length = length << BYTE | bytes.get() & MASK;
                if (++headed == Frames.LENGTH_BYTES && length > max) {
                    throw new WireRefusal(Reason.OVERSIZED, "a frame of " + length + " bytes is announced");
                }
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
