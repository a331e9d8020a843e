package gateway.engine.web.message;

import java.util.Arrays;
import java.util.Optional;

import gateway.engine.web.primitive.Hmac;
import gateway.engine.web.primitive.WireRefusal;

/** The token by which a reported message is recognised: an HMAC over the parts that {@link ReportedFields} selects. */
public final class ReportingToken {
    /** The length of a token, in bytes. */
    public static final int TOKEN_BYTES = 16;

    private ReportingToken() {}

    /**
     * The token of a message; empty when nothing is selected, and then no node is sent.
     *
     * @param secret  the message's secret of 32 bytes
     * @param id      the message's id
     * @param sender  our JID in the chat's addressing, with or without a device
     * @param chat    the JID that the message goes to
     * @param message the encoded message, without padding, its messageContextInfo included
     * @throws WireRefusal ({@code MALFORMED}) for a message that is not protobuf
     */
    public static Optional<byte[]> of(byte[] secret, String id, String sender, String chat, byte[] message)
            throws WireRefusal {
        byte[] selected = ReportedFields.select(message);
        return selected.length == 0
                ? Optional.empty()
                : Optional.of(Arrays.copyOf(Hmac.sha256(key(secret, id, sender, chat), selected), TOKEN_BYTES));
    }

    /** The token's key of 32 bytes. */
    static byte[] key(byte[] secret, String id, String sender, String chat) {
        return MessageSecret.key(MessageSecret.Use.REPORT_TOKEN, secret, new MessageSecret.Target(id, sender, chat));
    }
}
