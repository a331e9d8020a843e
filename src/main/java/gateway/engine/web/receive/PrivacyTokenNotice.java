package gateway.engine.web.receive;

import java.util.ArrayList;
import java.util.List;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.primitive.WireRefusal;

/**
 * A privacy token that a person issued to this account (web-2 §2.5).
 *
 * @param person   without a device, the LID when the stanza names it
 * @param issuedAt epoch seconds
 */
public record PrivacyTokenNotice(DeviceJid person, byte[] token, long issuedAt) {
    /** The longest token that is kept, in bytes; WhatsApp's have some ten. */
    public static final int MAX_BYTES = 1_024;

    private static final int MAX_TOKENS = 16;
    private static final String KIND = "trusted_contact";

    /**
     * Reads a notification of type {@code privacy_token}, or the answer to {@link #issuing}. What is no token of a
     * trusted contact, or is longer than any, is passed over.
     */
    public static List<PrivacyTokenNotice> of(Node stanza, DeviceJid person) throws WireRefusal {
        DeviceJid issuer = stanza.jid("sender_lid").orElse(person).withoutDevice();
        List<PrivacyTokenNotice> notices = new ArrayList<>();
        for (Node token :
                stanza.child("tokens").map(all -> all.children("token")).orElse(List.of())) {
            byte[] bytes = token.bytes();
            if (token.has("type", KIND)
                    && bytes.length > 0
                    && bytes.length <= MAX_BYTES
                    && notices.size() < MAX_TOKENS) {
                notices.add(new PrivacyTokenNotice(
                        issuer, bytes, StanzaTime.of(token).getEpochSecond()));
            }
        }
        return notices;
    }

    /**
     * Issues this account's token to a person.
     *
     * @param issuedAt epoch seconds
     */
    public static Node issuing(DeviceJid person, long issuedAt) {
        return Node.of("iq")
                .with("type", "set")
                .with("xmlns", "privacy")
                .with("to", DeviceJid.SERVER)
                .holding(Node.of("tokens")
                        .holding(Node.of("token")
                                .with("jid", person)
                                .with("t", issuedAt)
                                .with("type", KIND)));
    }
}
