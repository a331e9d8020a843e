package gateway.engine.web.receive;

import java.util.Optional;

import gateway.engine.web.node.Attribute;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * The stanzas by which the server learns that one of its own was taken over; until then it sends it again. To be sent
 * after what was received is stored (web-1 §5.5).
 */
public final class Answers {
    /** The stanza or its protobuf cannot be read. */
    public static final int PARSING = 487;
    /** The stanza is of a kind that is not known. */
    public static final int UNRECOGNIZED = 488;
    /** The content is not the message that it is said to be. */
    public static final int INVALID_PROTOBUF = 491;
    /** The secret is missing under which the message was encrypted once more. */
    public static final int MISSING_SECRET = 495;
    /** A fault of this side. */
    public static final int UNHANDLED = 500;

    private static final String[] COPIED = {"participant", "recipient"};

    private Answers() {}

    /** The acknowledgement of a notification, a receipt, a call, or a message that gets no receipt. */
    public static Node ack(Node received) throws WireRefusal {
        Node ack = addressed(Node.of("ack").with("class", received.tag()), received);
        return received.is("message") ? ack : ack.withOptional("type", value(received, "type"));
    }

    /** The acknowledgement that refuses with an error's number. */
    public static Node refusal(Node received, int error) throws WireRefusal {
        return ack(received).with("error", error);
    }

    /**
     * The answer to a message that was stored: a receipt, or an acknowledgement for a newsletter's.
     *
     * @param available whether others see this account as online, and get ticks
     */
    public static Node received(Node message, MessageSource source, boolean available) throws WireRefusal {
        if (source.chat().server().equals(DeviceJid.NEWSLETTER)) {
            return ack(message);
        }
        Node receipt = addressed(Node.of("receipt"), message);
        if (source.fromMe()) {
            return receipt.with("type", "sender");
        }
        return available ? receipt : receipt.with("type", "inactive");
    }

    /**
     * The second answer to a message of category {@code peer}, or to its history: {@code peer_msg}, {@code hist_sync}.
     */
    public static Node peer(Node message, String type, OwnAddress own) throws WireRefusal {
        return Node.of("receipt")
                .with("id", message.required("id"))
                .with("type", type)
                .with("to", own.number().withoutDevice());
    }

    /** The answer with the id, the address and what else names the received stanza. */
    static Node addressed(Node answer, Node received) throws WireRefusal {
        Attribute from = value(received, "from")
                .orElseThrow(() -> new WireRefusal(Reason.MALFORMED, "<" + received.tag() + "> lacks from"));
        Node addressed = answer.with("id", received.required("id")).with("to", from);
        for (String name : COPIED) {
            addressed = addressed.withOptional(name, value(received, name));
        }
        return addressed;
    }

    private static Optional<Attribute> value(Node node, String name) {
        return Optional.ofNullable(node.attributes().get(name))
                .filter(value -> !value.text().isEmpty());
    }
}
