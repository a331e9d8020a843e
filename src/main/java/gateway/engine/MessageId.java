package gateway.engine;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Names messages the way WhatsApp's own web clients do: {@code 3EB0} and 18 hexadecimal digits, 72 bits of chance. */
public final class MessageId {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private MessageId() {
    }

    public static String next() {
        var bytes = new byte[9];
        RANDOM.nextBytes(bytes);
        return "3EB0" + HEX.formatHex(bytes);
    }
}
