package gateway.messaging;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import gateway.store.Row;
import gateway.store.Store;
import gateway.store.Tx;

/** Looks into the outbox and corrects it, beside a running server, which takes changes up within a second. */
public final class OutboxBook {
    private final Store store;
    private final OutboxTable table;
    private final InstantSource clock;

    public OutboxBook(Store store, InstantSource clock) {
        this.store = store;
        this.table = new OutboxTable(store);
        this.clock = clock;
    }

    /**
     * A message without its content. Times are epoch milliseconds; {@code error} says what went wrong, why the message
     * was set aside, or that it waits because its account is held.
     */
    public record Entry(
            long seq,
            String device,
            String chat,
            String messageId,
            OutboxState state,
            int attempts,
            long acceptedAt,
            long dueAt,
            String error) {
        static Entry of(Row row) {
            return new Entry(
                    row.number(1),
                    row.text(2),
                    row.text(3),
                    row.text(4),
                    OutboxState.of(row.number(5)),
                    (int) row.number(6),
                    row.number(7),
                    row.number(8),
                    row.text(9));
        }
    }

    /** The newest messages, of one state or of all. */
    public List<Entry> list(Optional<OutboxState> state, int most) {
        return table.list(state, most);
    }

    /**
     * Puts a message that failed, was cancelled, was set aside or waits for its next attempt at the end of its chat,
     * due now, with its own id.
     *
     * @return false when no message of that id is unsent and still has its text
     */
    public boolean retry(String messageId) {
        return store.write(tx -> {
            store.inTurn(tx);
            return again(tx, OutboxTable.unsent(tx, messageId, clock.millis()));
        });
    }

    /** As {@link #retry(String)}, for all that are set aside, oldest first. Returns how many. */
    public long retryAside() {
        record Aside(String device, String messageId) {}
        return table.allAside(row -> new Aside(row.text(1), row.text(2))).stream()
                .filter(one -> store.write(tx -> {
                    store.inTurn(tx);
                    return again(tx, OutboxTable.aside(tx, one.device, one.messageId, clock.millis()));
                }))
                .count();
    }

    private boolean again(Tx tx, Optional<OutboxEntry> fresh) {
        fresh.ifPresent(message -> {
            OutboxTable.again(tx, message);
            store.signal(tx, "outbox " + message.device());
        });
        return fresh.isPresent();
    }

    /**
     * Takes a message back that waits or is set aside. A message that the server hands to WhatsApp at this moment may
     * still go out; the message's state then says so.
     *
     * @return false when no message of that id waits or is set aside
     */
    public boolean cancel(String messageId) {
        return 1 <= store.write(tx -> OutboxTable.cancel(tx, messageId, clock.millis()));
    }
}
