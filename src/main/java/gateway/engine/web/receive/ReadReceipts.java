package gateway.engine.web.receive;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;

/** The receipts by which we say that we have read or heard something (web-2 §3.3). */
public final class ReadReceipts {
    /** How many messages one receipt may name. */
    public static final int MAX_IDS = 256;

    private ReadReceipts() {}

    /** What was done with the messages. */
    public enum Kind {
        READ("read"),
        /** Read while read receipts are switched off: told to our own devices only. */
        READ_SELF("read-self"),
        /** Heard, or looked at once. */
        PLAYED("played");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    /** How messages of a chat are marked as read. Groups have receipts always, newsletters never. */
    public static Kind reading(DeviceJid chat, boolean receiptsOff) {
        return switch (chat.server()) {
            case DeviceJid.NEWSLETTER -> Kind.READ_SELF;
            case DeviceJid.GROUP -> Kind.READ;
            default -> receiptsOff ? Kind.READ_SELF : Kind.READ;
        };
    }

    /**
     * The receipts for messages of one sender in one chat, in order.
     *
     * @param sender who wrote them; named in groups and broadcasts only
     */
    public static List<Node> of(Kind kind, DeviceJid chat, Optional<DeviceJid> sender, List<String> ids, Instant now) {
        List<Node> receipts = new ArrayList<>();
        for (int at = 0; at < ids.size(); at += MAX_IDS) {
            List<String> some = ids.subList(at, Math.min(at + MAX_IDS, ids.size()));
            Node receipt = Node.of("receipt")
                    .with("id", some.getFirst())
                    .with("type", kind.word)
                    .with("to", chat)
                    .with("t", now.getEpochSecond());
            if (chat.isGroup() || chat.server().equals(DeviceJid.BROADCAST)) {
                receipt = receipt.withOptional("participant", sender);
            }
            List<Node> further = some.stream()
                    .skip(1)
                    .map(id -> Node.of("item").with("id", id))
                    .toList();
            receipts.add(
                    further.isEmpty()
                            ? receipt
                            : receipt.holding(Node.of("list").holding(further)));
        }
        return receipts;
    }
}
