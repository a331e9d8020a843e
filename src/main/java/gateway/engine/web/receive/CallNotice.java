package gateway.engine.web.receive;

import java.time.Instant;
import java.util.Optional;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * Somebody calls now (dossier web-3 §4).
 *
 * @param creator  who calls, without a device
 * @param number   the caller's number, when the stanza names it beside the LID
 * @param group    the group that is called
 * @param platform the caller's kind of phone; may be empty
 */
public record CallNotice(
        String id,
        DeviceJid creator,
        Optional<DeviceJid> number,
        Optional<DeviceJid> group,
        String platform,
        Instant time) {
    private static final int MAX_ID = 128;

    /** Reads a {@code <call>}; empty for what is no offer, and for an offer of the time while nobody was here. */
    public static Optional<CallNotice> of(Node call) throws WireRefusal {
        Optional<Node> offer = call.child("offer").or(() -> call.child("offer_notice"));
        if (offer.isEmpty() || call.attribute("offline").isPresent()) {
            return Optional.empty();
        }
        String id = offer.get().required("call-id");
        if (id.isEmpty() || id.length() > MAX_ID) {
            throw new WireRefusal(Reason.MALFORMED, "a call's id has " + id.length() + " characters");
        }
        return Optional.of(new CallNotice(
                id,
                offer.get().requiredJid("call-creator").withoutDevice(),
                offer.get().jid("caller_pn").map(DeviceJid::withoutDevice),
                offer.get().jid("group-jid"),
                call.attribute("platform").orElse(""),
                StanzaTime.of(call)));
    }

    /**
     * Turns a call down.
     *
     * @param own our own address
     * @param id  the stanza's id, not the call's
     */
    public static Node rejection(String id, DeviceJid own, DeviceJid creator, String call) {
        return Node.of("call")
                .with("to", creator)
                .with("from", own)
                .with("id", id)
                .holding(Node.of("reject")
                        .with("call-id", call)
                        .with("call-creator", creator)
                        .with("count", "0"));
    }
}
