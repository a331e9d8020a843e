package gateway.messaging;

import java.util.Optional;

import gateway.engine.EngineRefusal.Reason;
import gateway.engine.EngineRefusal;
import gateway.engine.Session.Sent;
import io.helidon.dbclient.DbRow;

/** How a message of the outbox ended, as its row tells it; {@code sentAt} is WhatsApp's time, epoch milliseconds. */
record Finished(int state, String wireId, long sentAt, String reason, String error) {

    static final String COLUMNS = "state, coalesce(wire_id, '') AS wire_id, coalesce(sent_at, 0) AS sent_at, "
            + "coalesce(reason, '') AS reason, coalesce(error, '') AS error";

    static Finished of(DbRow row) {
        return new Finished(row.column(1).get(Number.class).intValue(), row.column(2).get(String.class),
                row.column(3).get(Number.class).longValue(), row.column(4).get(String.class), row.column(5).get(String.class));
    }

    /** @throws EngineRefusal the one it ended with, when it was not sent */
    Optional<Sent> sent() {
        return switch (state) {
            case Outbox.WAITING, Outbox.ASIDE -> Optional.empty();
            case Outbox.SENT -> Optional.of(new Sent(wireId, sentAt));
            case Outbox.CANCELLED -> throw new EngineRefusal(Reason.REJECTED, "the message was cancelled before it was sent");
            default -> throw new EngineRefusal(reason.isEmpty() ? Reason.REJECTED : Reason.valueOf(reason), error);
        };
    }
}
