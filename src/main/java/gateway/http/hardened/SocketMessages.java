package gateway.http.hardened;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** The order of a client's frames: no message begins inside another, and text is UTF-8 (RFC 6455 §5.4, §8.1). */
final class SocketMessages {
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    /** The first bytes of a character whose others come with the next part. */
    private byte[] begun = {};

    private Kind open = Kind.NONE;

    private enum Kind {
        NONE,
        TEXT,
        BINARY
    }

    /** What a frame means. */
    sealed interface Said {}

    record Text(String part, boolean last) implements Said {}

    record Binary(byte[] part, boolean last) implements Said {}

    record Ping(byte[] payload) implements Said {}

    record Pong(byte[] payload) implements Said {}

    /**
     * Takes any frame but a close.
     *
     * @throws SocketFrame.Violation when it may not come now, or is not text
     */
    Said next(SocketFrame frame) {
        if (frame.opcode() == SocketFrame.PING) {
            return new Ping(frame.payload());
        }
        if (frame.opcode() == SocketFrame.PONG) {
            return new Pong(frame.payload());
        }
        boolean continues = frame.opcode() == SocketFrame.CONTINUATION;
        if (continues == (open == Kind.NONE)) {
            throw SocketFrame.violation(
                    continues ? "there is no message to continue" : "a message begins inside another");
        }
        Kind kind = continues ? open : frame.opcode() == SocketFrame.TEXT ? Kind.TEXT : Kind.BINARY;
        open = frame.last() ? Kind.NONE : kind;
        return kind == Kind.TEXT ? new Text(text(frame), frame.last()) : new Binary(frame.payload(), frame.last());
    }

    private String text(SocketFrame frame) {
        var in = ByteBuffer.allocate(begun.length + frame.payload().length)
                .put(begun)
                .put(frame.payload())
                .flip();
        var out = CharBuffer.allocate(in.remaining());
        if (decoder.decode(in, out, frame.last()).isError()) {
            throw SocketFrame.notText();
        }
        begun = new byte[in.remaining()];
        in.get(begun);
        if (frame.last()) {
            decoder.reset();
        }
        return out.flip().toString();
    }
}
