package gateway.http.hardened;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.CloseConnectionException;

/**
 * A client's frame, unmasked (RFC 6455 §5.2).
 *
 * @param payload at most {@link #MAX_BYTES} bytes, of a control frame {@link #MAX_CONTROL_BYTES}
 */
record SocketFrame(int opcode, boolean last, byte[] payload) {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    static final int MAX_CONTROL_BYTES = 125;
    /** A console has no use for more in one frame. */
    static final int MAX_BYTES = 64 * 1024;

    private static final int PROTOCOL_ERROR = 1002;
    private static final int NO_CODE = 1005;
    private static final int NOT_TEXT = 1007;
    private static final int TOO_LARGE = 1009;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    /** What ends a socket because of its client; the message is meant for the client. */
    static final class Violation extends RuntimeException {
        private final int code;

        private Violation(int code, String message) {
            super(message, null, false, false);
            this.code = code;
        }

        @Override
        public String getMessage() {
            return Objects.requireNonNull(super.getMessage());
        }

        int code() {
            return code;
        }
    }

    static Violation violation(String what) {
        return new Violation(PROTOCOL_ERROR, what);
    }

    static Violation notText() {
        return new Violation(NOT_TEXT, "text is UTF-8");
    }

    /**
     * Waits for the next frame.
     *
     * @throws Violation for one that the standard does not allow, and for one that is too large
     * @throws CloseConnectionException when the client left
     */
    static SocketFrame read(DataReader reader) {
        try {
            int first = reader.read() & 0xFF;
            int second = reader.read() & 0xFF;
            int opcode = first & 0x0F;
            boolean last = (first & 0x80) != 0;
            if ((first & 0x70) != 0) {
                throw violation("a reserved bit is set");
            }
            if (opcode > BINARY && opcode < CLOSE || opcode > PONG) {
                throw violation("the opcode is reserved");
            }
            if ((second & 0x80) == 0) {
                throw violation("a client's frame is masked");
            }
            int length = second & 0x7F;
            if (opcode >= CLOSE && (!last || length > MAX_CONTROL_BYTES)) {
                throw violation("a control frame has one part of at most 125 bytes");
            }
            if (length >= LENGTH_16) {
                length = longer(reader, length);
            }
            byte[] mask = reader.readBytes(4);
            byte[] payload = length == 0 ? new byte[0] : reader.readBytes(length);
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i & 3];
            }
            return new SocketFrame(opcode, last, payload);
        } catch (DataReader.InsufficientDataAvailableException e) {
            throw new CloseConnectionException("The client of a socket left", e);
        }
    }

    private static int longer(DataReader reader, int kind) {
        var number = ByteBuffer.wrap(reader.readBytes(kind == LENGTH_64 ? 8 : 2));
        long length = kind == LENGTH_64 ? number.getLong() : number.getShort() & 0xFFFF;
        if (length < 0 || length < (kind == LENGTH_64 ? 1 << 16 : LENGTH_16)) {
            throw violation("a length has its shortest form");
        }
        if (length > MAX_BYTES) {
            throw new Violation(TOO_LARGE, "a frame is at most " + MAX_BYTES + " bytes");
        }
        return (int) length;
    }

    /** A frame of ours as it is sent; unmasked, as a server's are. */
    static byte[] bytes(int opcode, boolean last, byte[] payload) {
        var frame = ByteBuffer.allocate(10 + payload.length).put((byte) (opcode | (last ? 0x80 : 0)));
        if (payload.length < LENGTH_16) {
            frame.put((byte) payload.length);
        } else if (payload.length < 1 << 16) {
            frame.put((byte) LENGTH_16).putShort((short) payload.length);
        } else {
            frame.put((byte) LENGTH_64).putLong(payload.length);
        }
        byte[] bytes = new byte[frame.put(payload).position()];
        frame.flip().get(bytes);
        return bytes;
    }

    /** What a client says when it closes (RFC 6455 §7.4). */
    record Farewell(int code, String reason) {
        static Farewell of(SocketFrame frame) {
            byte[] said = frame.payload();
            if (said.length == 0) {
                return new Farewell(NO_CODE, "");
            }
            if (said.length == 1) {
                throw violation("a close code has two bytes");
            }
            int code = (said[0] & 0xFF) << 8 | said[1] & 0xFF;
            boolean standard = code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
            if (!standard && (code < 3000 || code > 4999)) {
                throw violation("the close code is reserved");
            }
            try {
                var reason = ByteBuffer.wrap(said, 2, said.length - 2);
                return new Farewell(
                        code, StandardCharsets.UTF_8.newDecoder().decode(reason).toString());
            } catch (CharacterCodingException e) {
                throw notText();
            }
        }
    }
}
