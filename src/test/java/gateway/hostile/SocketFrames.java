package gateway.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A WebSocket of {@code /ws}: its handshake and a few frames of which one at least breaks RFC 6455 or our own rules.
 */
final class SocketFrames {
    private SocketFrames() {}

    static byte[] of(long seed, String credential) {
        var dice = new Dice(seed);
        var out = new ByteArrayOutputStream();
        out.writeBytes(HostileCall.latin(
                "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: "
                        + (dice.chance(97) ? "13" : dice.pick("8", "", "x")) + "\r\nSec-WebSocket-Key: "
                        + (dice.chance(97) ? "dGhlIHNhbXBsZSBub25jZQ==" : dice.pick("", "a", "é"))
                        + "\r\nAuthorization: "
                        + credential + "\r\n\r\n"));
        for (int i = 1 + dice.below(4); i > 0; i--) {
            frame(dice, out);
        }
        return out.toByteArray();
    }

    private static void frame(Dice dice, ByteArrayOutputStream out) {
        int opcode = dice.pick(0, 1, 1, 2, 3, 7, 8, 9, 10, 11, 15);
        int first = (dice.chance(75) ? 0x80 : 0) | (dice.chance(90) ? 0 : dice.pick(0x40, 0x20, 0x10)) | opcode;
        var payload = payload(dice, opcode);
        boolean masked = dice.chance(90);
        out.write(first);
        length(dice, out, payload.length, masked ? 0x80 : 0);
        var mask = dice.bytes(4);
        if (masked) {
            out.writeBytes(mask);
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i % 4];
            }
        }
        out.writeBytes(payload);
    }

    private static void length(Dice dice, ByteArrayOutputStream out, int length, int mask) {
        if (dice.chance(6)) {
            out.write(mask | 127);
            out.writeBytes(ByteBuffer.allocate(8)
                    .putLong(dice.pick(-1L, Long.MAX_VALUE, 1L << 31, 1L << 32, 65_537L, (long) length))
                    .array());
        } else if (length > 125 || dice.chance(5)) {
            out.write(mask | 126);
            out.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
        } else {
            out.write(mask | length);
        }
    }

    private static byte[] payload(Dice dice, int opcode) {
        if (opcode == 8) {
            int code = dice.pick(0, 999, 1000, 1004, 1005, 1006, 1015, 2999, 4999, 65_535);
            return dice.pick(new byte[0], new byte[] {3}, new byte[] {(byte) (code >> 8), (byte) code}, new byte[] {
                3, (byte) 0xE8, (byte) 0xff, (byte) 0xfe
            });
        }
        return switch (dice.below(6)) {
            case 0 -> new byte[0];
            case 1 -> "{\"code\":\"FETCH_DEVICES\"}".getBytes(StandardCharsets.UTF_8);
            case 2 -> HostileValues.json(dice).getBytes(StandardCharsets.UTF_8);
            case 3 -> dice.bytes(dice.pick(1, 125, 126, 1_100));
            case 4 -> new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80};
            default -> "[]".getBytes(StandardCharsets.UTF_8);
        };
    }

    /** A socket whose only frame has this opcode and four bytes, masked. */
    static byte[] single(int opcode, String credential) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(HostileCall.latin(
                "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: " + credential + "\r\n\r\n"));
        out.writeBytes(new byte[] {(byte) (0x80 | opcode), (byte) 0x84, 0, 0, 0, 0, '"', 'a', 'a', '"'});
        return out.toByteArray();
    }

    /** What is wrong with all that the server sent on such a connection. */
    static Optional<String> complaint(RawReply reply) {
        if (reply.status() != 101) {
            return Optional.empty();
        }
        var frames = ByteBuffer.wrap(reply.body());
        while (frames.remaining() >= 2) {
            int opcode = frames.get() & 0x8F;
            int length = frames.get();
            if (length < 0) {
                return Optional.of("a frame of the server's that is masked");
            }
            length = length == 126 && frames.remaining() > 2 ? frames.getShort() & 0xFFFF : length;
            if (length > frames.remaining()) {
                // What we sent and was not read has reset the connection in the middle of a frame.
                return Optional.empty();
            }
            var content = new byte[length];
            frames.get(content);
            if (opcode == 0x88) {
                return length < 2
                        ? Optional.empty()
                        : ofClose(
                                ((content[0] & 0xFF) << 8) | content[1] & 0xFF,
                                new String(content, 2, length - 2, StandardCharsets.UTF_8));
            }
        }
        return Optional.empty();
    }

    /** Whether the last frame that the server sent is a close with this code. */
    static boolean closedWith(RawReply reply, int code) {
        var body = new String(reply.body(), StandardCharsets.ISO_8859_1);
        int at = body.lastIndexOf('\u0088');
        return reply.status() == 101
                && at >= 0
                && at + 2 + body.charAt(at + 1) == body.length()
                && body.startsWith("" + (char) (code >> 8) + (char) (code & 0xFF), at + 2);
    }

    /**
     * RFC 6455 §7.4: some codes never stand in a frame; those from 3000 are a client's own, which a server gives back;
     * and a reason is no place for an exception's text.
     */
    private static Optional<String> ofClose(int code, String reason) {
        boolean allowed = code >= 1000 && code <= 1003 || code >= 1007 && code <= 1013 || code >= 3000 && code <= 4999;
        return !allowed
                ? Optional.of("close code " + code)
                : reason.matches("(?s).*(Exception|java\\.|gateway\\.|helidon|[\\p{Cntrl}\ufffd]).*")
                        ? Optional.of("close reason " + reason)
                        : Optional.empty();
    }
}
