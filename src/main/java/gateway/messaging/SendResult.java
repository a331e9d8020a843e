package gateway.messaging;

import java.util.Optional;

import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Session.Sent;
import gateway.store.Row;

/** How a message of the outbox ended, as its row tells it; {@code sentAt} is WhatsApp's time, epoch milliseconds. */
record SendResult(OutboxState state, String wireId, long sentAt, String reason, String error) {

    static SendResult of(Row row) {
        return new SendResult(OutboxState.of(row.number(1)), row.text(2), row.number(3), row.text(4), row.text(5));
    }

    /** @throws EngineRefusal the one it ended with, when it was not sent */
    Optional<Sent> sent() {
        return switch (state) {
            case WAITING, ASIDE -> Optional.empty();
            case SENT -> Optional.of(new Sent(wireId, sentAt));
            case CANCELLED -> throw new EngineRefusal(Reason.REJECTED, "the message was cancelled before it was sent");
            case FAILED -> throw new EngineRefusal(reason.isEmpty() ? Reason.REJECTED : Reason.valueOf(reason), error);
        };
    }
}
