package gateway.engine.web.pairing;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/** The server's offer to an unpaired connection: refs, each of which makes one QR text (web-1 §4.1). */
public record PairDevice(String id, List<String> refs) {
    /** How long the first text is valid when six refs came. */
    public static final Duration FIRST_LIFE = Duration.ofSeconds(60);
    /** How long each further text is valid. */
    public static final Duration NEXT_LIFE = Duration.ofSeconds(20);

    private static final String TAG = "pair-device";
    private static final int MAX_REFS = 32;

    /**
     * The offer in a stanza, if it holds one.
     *
     * @throws WireRefusal ({@code MALFORMED}) for an offer without refs or with more than 32
     */
    public static Optional<PairDevice> of(Node stanza) throws WireRefusal {
        Optional<Node> offer = stanza.is("iq") ? stanza.child(TAG) : Optional.empty();
        if (offer.isEmpty()) {
            return Optional.empty();
        }
        List<String> refs = offer.get().children("ref").stream().map(Node::text).toList();
        if (refs.isEmpty() || refs.size() > MAX_REFS) {
            throw new WireRefusal(Reason.MALFORMED, "<" + TAG + "> holds " + refs.size() + " refs");
        }
        return Optional.of(new PairDevice(stanza.required("id"), refs));
    }

    /** The answer, which is due at once. */
    public Node answer() {
        return Node.of("iq").with("type", "result").with("to", DeviceJid.SERVER).with("id", id);
    }
}
