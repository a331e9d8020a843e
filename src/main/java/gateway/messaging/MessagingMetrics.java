package gateway.messaging;

import java.time.Duration;

/** What the outbox and the inbox count; names and help texts are in {@code gateway.metrics}. */
public interface MessagingMetrics {
    /** Counts nothing. */
    MessagingMetrics NONE = new MessagingMetrics() {
    };

    /** WhatsApp took a message, after this time in the outbox. */
    default void sent(Duration inOutbox) {
    }

    /** A message was given up; {@code reason} is one of {@link gateway.engine.EngineRefusal.Reason}, lower case. */
    default void failed(String reason) {
    }

    /** A message came in. */
    default void received() {
    }

    /** An account's line came up. */
    default void connected() {
    }
}
