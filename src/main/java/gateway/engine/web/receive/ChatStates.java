package gateway.engine.web.receive;

import java.util.Optional;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.primitive.WireRefusal;

/**
 * Somebody types or records in a chat, or stopped (dossier web-3 §4).
 *
 * @param chat   without a device
 * @param sender who types; the chat outside of groups
 */
public record ChatStates(DeviceJid chat, DeviceJid sender, boolean composing, boolean audio) {

    /** Reads a {@code <chatstate>}; empty for a state that is not known. */
    public static Optional<ChatStates> of(Node stanza) throws WireRefusal {
        DeviceJid chat = stanza.requiredJid("from").withoutDevice();
        DeviceJid sender = stanza.jid("participant").orElse(chat).withoutDevice();
        Optional<Node> composing = stanza.child("composing");
        return composing.isPresent() || stanza.child("paused").isPresent()
                ? Optional.of(new ChatStates(
                        chat,
                        sender,
                        composing.isPresent(),
                        composing.filter(state -> state.has("media", "audio")).isPresent()))
                : Optional.empty();
    }

    /** Says in a chat that this account types, or stopped. */
    public static Node saying(DeviceJid chat, boolean composing) {
        return Node.of("chatstate").with("to", chat).holding(Node.of(composing ? "composing" : "paused"));
    }
}
