package gateway.engine.web.noise;

import java.nio.ByteBuffer;

/** The outgoing half of the frame layer: an intro once, then payloads behind three bytes of length (web-1 §1.2). */
public final class Frames {
    /** The longest payload, in bytes; the wire has room for twice as much. */
    public static final int MAX_PAYLOAD = 8 << 20;

    static final int LENGTH_BYTES = 3;
    /** {@code WA}, 6, and the dictionary's version 3; the only part of the intro that the handshake's hash covers. */
    static final byte[] HEADER = {'W', 'A', 6, 3};

    private static final byte[] ROUTING = {'E', 'D', 0, 1};
    private static final int BYTE = 8;

    private Frames() {}

    /** What stands before the first frame. {@code routing} is what the server gave last; empty when there is none. */
    public static byte[] intro(byte[] routing) {
        if (routing.length == 0) {
            return HEADER.clone();
        }
        ByteBuffer intro = ByteBuffer.allocate(ROUTING.length + LENGTH_BYTES + routing.length + HEADER.length);
        intro.put(ROUTING);
        putLength(intro, routing.length);
        return intro.put(routing).put(HEADER).array();
    }

    /** A payload behind its length. */
    public static byte[] frame(byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(LENGTH_BYTES + payload.length);
        putLength(frame, payload.length);
        return frame.put(payload).array();
    }

    private static void putLength(ByteBuffer out, int length) {
        if (length > MAX_PAYLOAD) {
            throw new IllegalArgumentException("a frame holds at most " + MAX_PAYLOAD + " bytes");
        }
        out.put((byte) (length >> 2 * BYTE)).put((byte) (length >> BYTE)).put((byte) length);
    }
}
