package gateway.webhook;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

import gateway.engine.Event;
import gateway.engine.Jid;

/** A JSON form of events. */
public sealed interface PayloadDialect permits V7Dialect, V8Dialect {
    PayloadDialect V7 = new V7Dialect();
    PayloadDialect V8 = new V8Dialect();

    /** {@code v7} or {@code v8}. */
    String name();

    /** The body of an event; empty when receivers of this form are not told of it. */
    Optional<String> render(Account account, Event event);

    /** The body an operator tests an endpoint with. */
    String ping(Account account, long at);

    /**
     * The dialect of that name, whatever the case.
     *
     * @throws IllegalArgumentException with a sentence
     */
    static PayloadDialect named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "v7" -> V7;
            case "v8" -> V8;
            default -> throw new IllegalArgumentException("There is no payload form '" + name + "'. Use v7 or v8.");
        };
    }

    /** RFC 3339 in UTC, whole seconds. */
    static String time(long at) {
        return Instant.ofEpochMilli(at).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Where a message came from, in one string: {@code person in group}, or only the person. */
    static String source(Jid chat, Jid sender) {
        return sender.equals(chat) ? chat.toString() : sender + " in " + chat;
    }

    /** Status updates and broadcast lists are nobody's conversation; no peer forwards them. */
    static boolean isBroadcast(Jid chat, Jid sender) {
        return chat.server().equals(Jid.BROADCAST) || sender.server().equals(Jid.BROADCAST);
    }

    static String receiptType(Event.Receipt.Kind kind) {
        return switch (kind) {
            case DELIVERED -> "delivered";
            case READ -> "read";
            case READ_SELF -> "read-self";
        };
    }

    static String receiptDescription(Event.Receipt.Kind kind) {
        return switch (kind) {
            case DELIVERED -> "the message reached the recipient's device";
            case READ -> "the recipient opened the chat and saw the message";
            case READ_SELF -> "this account read the message on another of its devices";
        };
    }
}
