package gateway.webhook;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

import gateway.engine.Event;
import gateway.engine.Jid;

/**
 * The ordering key of an event: events of one key are posted to an endpoint one after another. A chat has a key, and
 * the events of an account that belong to no chat share one. The key is a number of 32 bits made by SHA-256, the same on
 * every node. Two chats that come to the same number are put in one order, which harms neither.
 */
final class OrderKey {
    /** The key of a delivery without an order. */
    static final int NONE = 0;

    private OrderKey() {}

    static int of(String device, Event event) {
        var digest = sha256(device + "\n" + chat(event).map(Jid::toString).orElse(""));
        int key = ByteBuffer.wrap(digest).getInt();
        return key == NONE ? 1 : key;
    }

    private static Optional<Jid> chat(Event event) {
        return switch (event) {
            case Event.Message message -> Optional.of(message.chat());
            case Event.Receipt receipt -> Optional.of(receipt.chat());
            case Event.Failed failed -> Optional.of(failed.chat());
            case Event.DeletedForMe deleted -> Optional.of(deleted.chat());
            case Event.Marked marked -> Optional.of(marked.chat());
            case Event.Typing typing -> Optional.of(typing.chat());
            case Event.Members members -> Optional.of(members.group());
            case Event.GroupJoined joined -> Optional.of(joined.group());
            case Event.Newsletter newsletter -> Optional.of(newsletter.newsletter());
            case Event.CallOffer call -> Optional.of(call.group().orElse(call.from()));
            case Event.LabelChat label -> Optional.of(label.chat());
            case Event.LabelEdit label -> Optional.empty();
            case Event.Connection connection -> Optional.empty();
        };
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
