package gateway.webhook;

import java.util.Set;

import gateway.engine.Event;

/** The names endpoints filter by: those of the v8 form, for both forms. */
final class EventName {
    static final String MESSAGE = "message";
    static final String ACK = "message.ack";
    static final String CONNECTION = "connection.update";
    /** Made by an operator, to see whether an endpoint answers. */
    static final String PING = "webhook.ping";

    /** All that can be filtered by. */
    static final Set<String> KNOWN = Set.of(MESSAGE, ACK, CONNECTION);

    private EventName() {
    }

    static String of(Event event) {
        return switch (event) {
            case Event.Message message -> MESSAGE;
            case Event.Receipt receipt -> ACK;
            case Event.Connection connection -> CONNECTION;
        };
    }
}
