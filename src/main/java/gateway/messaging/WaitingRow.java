package gateway.messaging;

import java.util.Optional;

import gateway.engine.ContentJson;
import gateway.engine.Jid;
import gateway.messaging.ChatQueue.Waiting;
import gateway.store.Row;

/**
 * A row of the outbox that waits, as it was read.
 *
 * @param fault why the row cannot be read, when there is no message
 */
record WaitingRow(long seq, Optional<Waiting> message, String fault) {
    /** Reads one row. A row that cannot be read, such as one whose JSON is damaged, is reported beside the others. */
    static WaitingRow of(Row row, long now) {
        long seq = row.number("seq");
        try {
            return new WaitingRow(seq, Optional.of(waiting(row, seq, now)), "");
        } catch (RuntimeException | StackOverflowError e) {
            return new WaitingRow(seq, Optional.empty(), e.getClass().getSimpleName());
        }
    }

    private static Waiting waiting(Row row, long seq, long now) {
        return new Waiting(
                seq,
                row.text("message_id"),
                Jid.parse(row.text("chat")),
                row.text("sender"),
                ContentJson.read(row.text("content")),
                (int) row.number("attempts"),
                row.number("due_at"),
                row.text("node"),
                now,
                false);
    }
}
