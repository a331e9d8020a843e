package gateway.messaging;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import gateway.store.Store;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;

/** Looks into the outbox and corrects it, beside a running server, which takes changes up within a second. */
public final class OutboxBook {
    /** A message's id, of whichever account: by way of the accounts there is an index. */
    private static final String ANY_ACCOUNT = "device IN (SELECT id FROM device) AND message_id = ?";

    private final Store store;
    private final InstantSource clock;

    public OutboxBook(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Where a message stands. */
    public enum State { WAITING, SENT, FAILED, CANCELLED, ASIDE }

    /**
     * A message without its content. Times are epoch milliseconds; {@code error} says what went wrong, why the message was set
     * aside, or that it waits because its account is held.
     */
    public record Entry(long seq, String device, String chat, String messageId, State state, int attempts, long acceptedAt,
                        long dueAt, String error) {
        static Entry of(DbRow row) {
            return new Entry(number(row, "seq"), row.column("device").get(String.class), row.column("chat").get(String.class),
                    row.column("message_id").get(String.class), State.values()[(int) number(row, "state")],
                    (int) number(row, "attempts"), number(row, "accepted_at"), number(row, "due_at"),
                    row.column("error").get(String.class));
        }

        private static long number(DbRow row, String column) {
            return row.column(column).get(Number.class).longValue();
        }
    }

    /** The newest messages, of one state or of all. */
    public List<Entry> list(Optional<State> state, int most) {
        var columns = "SELECT seq, device, chat, message_id, state, attempts, accepted_at, due_at, CASE WHEN state = 4 THEN aside_why "
                + "WHEN state = 0 THEN coalesce((SELECT 'the account is held: ' || h.reason FROM device_hold h WHERE h.device = outbox.device), error, '') "
                + "ELSE coalesce(error, '') END AS error FROM outbox ";
        return state.map(one -> store.all(Entry::of, columns + "WHERE state = ? ORDER BY seq DESC LIMIT ?", one.ordinal(), most))
                .orElseGet(() -> store.all(Entry::of, columns + "ORDER BY seq DESC LIMIT ?", most));
    }

    /**
     * Puts a message that failed, was cancelled, was set aside or waits for its next attempt at the end of its chat, due now, with its own id.
     *
     * @return false when there is none of that id that was not sent
     */
    public boolean retry(String messageId) {
        return store.write(tx -> {
            store.inTurn(tx);
            return tx.get("SELECT device, chat, sender, kind, content, accepted_at FROM outbox WHERE " + ANY_ACCOUNT
                    + " AND state <> ?", messageId, Outbox.SENT).map(row -> again(tx, messageId, row)).isPresent();
        });
    }

    /** As {@link #retry(String)}, for all that are set aside, oldest first. Returns how many. */
    public long retryAside() {
        record Aside(String device, String messageId) {
        }
        var all = store.all(row -> new Aside(row.column(1).get(String.class), row.column(2).get(String.class)),
                "SELECT device, message_id FROM outbox WHERE state = 4 ORDER BY seq");
        return all.stream().filter(one -> store.write(tx -> {
            store.inTurn(tx);
            return tx.get("SELECT device, chat, sender, kind, content, accepted_at FROM outbox WHERE device = ? AND message_id = ? AND state = 4",
                    one.device, one.messageId).map(row -> again(tx, one.messageId, row)).isPresent();
        })).count();
    }

    /** As a new row: senders look at what is numbered after what they have seen. */
    private String again(DbExecute tx, String messageId, DbRow old) {
        var device = old.column(1).get(String.class);
        tx.delete("DELETE FROM outbox WHERE device = ? AND message_id = ?", device, messageId);
        tx.insert("INSERT INTO outbox (device, chat, message_id, sender, kind, content, due_at, accepted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                device, old.column(2).get(String.class), messageId, old.column(3).get(String.class), old.column(4).get(String.class),
                old.column(5).get(String.class), clock.millis(), old.column(6).get(Number.class).longValue());
        store.signal(tx, "outbox " + device);
        return device;
    }

    /**
     * Takes a message back that waits or is set aside. One that the server has in its hands at this very moment may still go out; its state
     * then says so.
     *
     * @return false when there is none of that id that waits or is set aside
     */
    public boolean cancel(String messageId) {
        return 1 <= store.write(tx -> tx.update("UPDATE outbox SET state = ?, finished_at = ? WHERE " + ANY_ACCOUNT
                + " AND state IN (0, 4)", Outbox.CANCELLED, clock.millis(), messageId));
    }
}
