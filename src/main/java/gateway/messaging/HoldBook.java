package gateway.messaging;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

import gateway.store.Row;
import gateway.store.SqlDialect;
import gateway.store.Store;

/**
 * The list of held accounts in the database, beside a running server, which follows a change within a second. A held
 * account accepts messages and sends none, and its connection to WhatsApp is not opened, until the account is released.
 */
public final class HoldBook {
    private static final String COLUMNS = "SELECT device, reason, held_by, held_at, stopped_at FROM device_hold ";

    private final Store store;
    private final InstantSource clock;
    private final Journal journal;

    /** What a person does to an account. */
    public enum Act {
        HOLD,
        RELEASE
    }

    /**
     * A held account.
     *
     * @param by        who holds the account, as in the security log
     * @param heldAt    epoch milliseconds
     * @param stoppedAt since when the process that serves the account has no connection for it; 0 until that process
     *     has said so
     */
    public record Hold(String device, String reason, String by, long heldAt, long stoppedAt) {
        static Hold of(Row row) {
            return new Hold(row.text(1), row.text(2), row.text(3), row.number(4), row.number(5));
        }
    }

    /** Where each act is written down before it is done. */
    @FunctionalInterface
    public interface Journal {
        /** @param done false when an act that was written down as done has failed */
        void write(Act act, String by, String device, String reason, boolean done);
    }

    public HoldBook(Store store, InstantSource clock, Journal journal) {
        this.store = store;
        this.clock = clock;
        this.journal = journal;
    }

    static List<Hold> all(Store store) {
        return store.all(Hold::of, COLUMNS + "ORDER BY held_at, device");
    }

    static Optional<Hold> one(Store store, String device) {
        return store.one(Hold::of, COLUMNS + "WHERE device = ?", device);
    }

    /** All held accounts, the longest held first. */
    public List<Hold> list() {
        return all(store);
    }

    /** The account's hold; empty when nobody holds it. */
    public Optional<Hold> find(String device) {
        return one(store, device);
    }

    /** The names of all accounts, held or not, the oldest first. */
    public List<String> accounts() {
        return store.all(row -> row.text(1), "SELECT id FROM device ORDER BY created_at, id");
    }

    /**
     * Whether a node on the database server serves the account at this moment; with SQLite the database does not know.
     */
    public boolean isServedByNode(String device) {
        return store.dialect() == SqlDialect.POSTGRES
                && store.number(
                                "SELECT count(*) FROM session_lease WHERE device = ? AND expires_at > " + Leases.NOW,
                                device)
                        > 0;
    }

    /**
     * Holds an account that there is. The hold is durable when this returns; a running server closes the connection
     * afterwards, and then sets {@link Hold#stoppedAt}.
     *
     * @return false when the account is held already; its first reason stays
     */
    public boolean hold(String device, String reason, String by) {
        return find(device).isEmpty()
                && done(
                        Act.HOLD,
                        by,
                        device,
                        reason,
                        () -> store.write(tx -> tx.insert("""
                INSERT INTO device_hold (device, reason, held_by, held_at)
                SELECT id, ?, ?, ? FROM device WHERE id = ? ON CONFLICT (device) DO NOTHING""", reason, by, clock.millis(), device)));
    }

    /**
     * Releases an account: its connection is opened, and what waits goes out in its order.
     *
     * @return false when the account is not held
     */
    public boolean release(String device, String by) {
        return find(device)
                .filter(hold -> done(
                        Act.RELEASE,
                        by,
                        device,
                        hold.reason(),
                        () -> store.write(tx -> tx.delete("DELETE FROM device_hold WHERE device = ?", device))))
                .isPresent();
    }

    private boolean done(Act act, String by, String device, String reason, LongSupplier change) {
        journal.write(act, by, device, reason, true);
        try {
            return change.getAsLong() > 0;
        } catch (RuntimeException failure) {
            journal.write(act, by, device, reason, false);
            throw failure;
        }
    }
}
