package gateway.engine.web.message;

import java.util.Arrays;
import java.util.random.RandomGenerator;

import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/** The padding of an encoded message (enc v=2): n bytes of value n, n from 1 to 16. */
public final class MessagePadding {
    /** The longest padding that is sent, in bytes. */
    public static final int MAX_BYTES = 16;

    private MessagePadding() {}

    /** The message with a padding of random length; drawn anew for every device. */
    public static byte[] pad(byte[] message, RandomGenerator random) {
        return pad(message, 1 + random.nextInt(MAX_BYTES));
    }

    /** The message with a padding of {@code length} bytes, 1 to 16. */
    public static byte[] pad(byte[] message, int length) {
        if (length < 1 || length > MAX_BYTES) {
            throw new IllegalArgumentException("a padding has 1 to 16 bytes, not " + length);
        }
        byte[] padded = Arrays.copyOf(message, message.length + length);
        Arrays.fill(padded, message.length, padded.length, (byte) length);
        return padded;
    }

    /**
     * The message without its padding, which may be up to 255 bytes long but must be of equal bytes.
     *
     * @throws WireRefusal ({@code MALFORMED}) for anything else
     */
    public static byte[] unpad(byte[] padded) throws WireRefusal {
        int length = padded.length == 0 ? 0 : Byte.toUnsignedInt(padded[padded.length - 1]);
        if (length == 0 || length > padded.length) {
            throw new WireRefusal(Reason.MALFORMED, "the padding is longer than the message, or there is none");
        }
        for (int i = padded.length - length; i < padded.length; i++) {
            if (Byte.toUnsignedInt(padded[i]) != length) {
                throw new WireRefusal(Reason.MALFORMED, "the bytes of the padding differ");
            }
        }
        return Arrays.copyOf(padded, padded.length - length);
    }
}
