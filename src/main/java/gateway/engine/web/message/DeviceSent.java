package gateway.engine.web.message;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

import gateway.engine.web.primitive.FieldReader;
import gateway.engine.web.primitive.FieldWriter;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/** The wrapper in which our own other devices get what this device sent: {@code Message{31 {1 chat, 2 message}}}. */
public final class DeviceSent {
    private static final int WRAPPER = 31;
    private static final int CONTEXT_INFO = 35;

    private DeviceSent() {}

    /** An unwrapped message; only one from our own account may be believed. */
    public record Unwrapped(String chat, byte[] message) {}

    /**
     * What our own devices get of an encoded message; empty for groups and newsletters, where they get the message
     * itself.
     *
     * @param chat    the JID that the message was sent to
     * @param message the encoded message, without padding; its messageContextInfo is repeated outside of the wrapper
     * @throws WireRefusal ({@code MALFORMED}) for a message that is not protobuf
     */
    public static Optional<byte[]> wrap(String chat, byte[] message) throws WireRefusal {
        if (chat.endsWith("@g.us") || chat.endsWith("@newsletter")) {
            return Optional.empty();
        }
        byte[] inner = new FieldWriter()
                .bytes(1, chat.getBytes(StandardCharsets.UTF_8))
                .bytes(2, message)
                .written();
        FieldWriter out = new FieldWriter().bytes(WRAPPER, inner);
        FieldReader field = new FieldReader(message);
        while (field.next()) {
            if (field.number() == CONTEXT_INFO) {
                out.raw(field.raw());
            }
        }
        return Optional.of(out.written());
    }

    /**
     * The message in a wrapper; empty when there is no wrapper.
     *
     * @throws WireRefusal ({@code MALFORMED}) for bytes that are not protobuf, and for a wrapper without chat or
     *     message
     */
    public static Optional<Unwrapped> unwrap(byte[] message) throws WireRefusal {
        FieldReader field = new FieldReader(message);
        while (field.next()) {
            if (field.number() == WRAPPER) {
                return Optional.of(inner(field.message()));
            }
        }
        return Optional.empty();
    }

    private static Unwrapped inner(FieldReader field) throws WireRefusal {
        String chat = null;
        byte[] message = null;
        while (field.next()) {
            switch (field.number()) {
                case 1 -> chat = new String(field.bytes(), StandardCharsets.UTF_8);
                case 2 -> message = field.bytes();
                default -> {} // 3 is a hash of the recipients, which says nothing to us
            }
        }
        if (chat == null || message == null) {
            throw new WireRefusal(Reason.MALFORMED, "the wrapper lacks its chat or its message");
        }
        return new Unwrapped(chat, message);
    }
}
