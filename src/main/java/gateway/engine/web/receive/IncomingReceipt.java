package gateway.engine.web.receive;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * What somebody's device says about messages (web-2 §3.3).
 *
 * @param type   {@code ""} delivered, {@code read}, {@code read-self}, {@code played}, {@code retry}, …
 * @param chat   without a device
 * @param sender whose device speaks
 * @param ids    the messages, at least one
 */
public record IncomingReceipt(String type, DeviceJid chat, DeviceJid sender, List<String> ids, Instant time) {
    private static final int MAX_ENTRIES = 4_096;

    /**
     * The receipts in a stanza: one, or one for each person of a grouped one.
     *
     * @throws WireRefusal ({@code MALFORMED}) for a stanza that names no message or no sender
     */
    public static List<IncomingReceipt> of(Node stanza) throws WireRefusal {
        DeviceJid from = stanza.requiredJid("from");
        String type = stanza.attribute("type").orElse("");
        List<Node> groups = stanza.children("participants");
        List<IncomingReceipt> receipts = new ArrayList<>();
        if (groups.isEmpty()) {
            receipts.add(new IncomingReceipt(
                    type,
                    from.withoutDevice(),
                    stanza.jid("participant").orElse(from),
                    ids(stanza),
                    StanzaTime.of(stanza)));
        }
        for (Node group : groups) {
            String id = group.required("key");
            for (Node user : group.children("user")) {
                receipts.add(new IncomingReceipt(
                        type, from.withoutDevice(), user.requiredJid("jid"), List.of(id), StanzaTime.of(user)));
            }
        }
        if (receipts.size() > MAX_ENTRIES) {
            throw new WireRefusal(Reason.OVERSIZED, "a receipt speaks for " + receipts.size() + " devices");
        }
        return receipts;
    }

    private static List<String> ids(Node stanza) throws WireRefusal {
        List<String> ids = new ArrayList<>();
        ids.add(stanza.required("id"));
        for (Node list : stanza.children("list")) {
            for (Node item : list.children("item")) {
                ids.add(item.required("id"));
            }
        }
        if (ids.size() > MAX_ENTRIES) {
            throw new WireRefusal(Reason.OVERSIZED, "a receipt names " + ids.size() + " messages");
        }
        return ids;
    }
}
