package gateway.messaging;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import gateway.engine.EngineRefusal;
import gateway.engine.Jid;
import gateway.engine.Session.Sent;
import gateway.messaging.OutboxState.Code;
import gateway.store.Row;
import gateway.store.Store;
import gateway.store.Tx;

/**
 * The table {@code outbox}: every statement that reads or changes it, but those of {@link OutboxShown}. Reads run at
 * once; changes belong to the transaction they are given. Times are epoch milliseconds.
 */
final class OutboxTable {
    private static final String WAITING =
            "SELECT seq, message_id, chat, sender, content, attempts, due_at, node FROM outbox WHERE device = ? AND state = "
                    + Code.WAITING + " AND seq > ? ";
    private static final String AGAIN =
            "SELECT device, chat, message_id, sender, kind, content, accepted_at FROM outbox WHERE ";
    /** Finds a message by its id in any account, by the index that begins with the account. */
    private static final String ANY_ACCOUNT = "device IN (SELECT id FROM device) AND message_id = ?";

    private final Store store;

    OutboxTable(Store store) {
        this.store = store;
    }

    /** Adds a message, and returns its number. */
    static long accept(Tx tx, OutboxEntry entry) {
        return tx.one(
                        row -> row.number(1),
                        """
                INSERT INTO outbox (device, chat, message_id, sender, kind, content, due_at, accepted_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq""",
                        entry.device(),
                        entry.chat(),
                        entry.messageId(),
                        entry.sender(),
                        entry.kind(),
                        entry.json(),
                        entry.dueAt(),
                        entry.acceptedAt())
                .orElseThrow();
    }

    /** Notes which node's caller waits for the message. */
    static void node(Tx tx, String node, String device, String id) {
        tx.update("UPDATE outbox SET node = ? WHERE device = ? AND message_id = ?", node, device, id);
    }

    /** The messages that wait and were accepted after the given one, in their order. */
    <T> List<T> after(Function<Row, T> row, String device, long seq, int most) {
        return store.all(row, WAITING + "ORDER BY seq LIMIT ?", device, seq, most);
    }

    /**
     * As {@link #after}, of one chat and up to {@code last}; the statement walks over all that waits between the two.
     */
    <T> List<T> ofChat(Function<Row, T> row, String device, Jid chat, long seq, long last, int most) {
        return store.all(
                row,
                WAITING + "AND seq <= ? AND chat = ? ORDER BY seq LIMIT ?",
                device,
                seq,
                last,
                chat.toString(),
                most);
    }

    /** The given numbers that still wait. The others were cancelled, or put at the end, since they were read. */
    Set<Long> waiting(Collection<Long> seqs) {
        return Set.copyOf(store.all(
                row -> row.number(1),
                "SELECT seq FROM outbox WHERE state = " + Code.WAITING + " AND seq IN ("
                        + String.join(", ", Collections.nCopies(seqs.size(), "?")) + ")",
                seqs.toArray()));
    }

    /** Whether this earlier message of the chat waits, or was sent and could not be marked yet. */
    static boolean waits(Tx tx, String device, String id, Jid chat, long before) {
        return tx.any(
                "SELECT 1 FROM outbox WHERE device = ? AND message_id = ? AND state = " + Code.WAITING
                        + " AND chat = ? AND seq < ?",
                device,
                id,
                chat.toString(),
                before);
    }

    /** False when WhatsApp refused the message afterwards, and that was noted first. */
    static boolean sent(Tx tx, long seq, Sent sent, long now) {
        return 0
                < tx.update(
                        "UPDATE outbox SET state = " + Code.SENT
                                + ", wire_id = ?, sent_at = ?, attempts = attempts + 1, error = NULL, finished_at = ? WHERE seq = ? AND state <> "
                                + Code.FAILED,
                        sent.wireId(),
                        sent.at(),
                        now,
                        seq);
    }

    /** A message that is waiting for its mark, or has it; {@code shown} when its chat shows it from its row. */
    record Taken(long seq, boolean waiting, String sender, boolean shown, String json, long acceptedAt) {
        private static Taken of(Row row) {
            return new Taken(
                    row.number(1),
                    row.number(2) == Code.WAITING,
                    row.text(3),
                    !row.text(4).isEmpty(),
                    row.text(5),
                    row.number(6));
        }
    }

    /** The message that WhatsApp took, when it is known here. */
    static Optional<Taken> taken(Tx tx, String device, String id, Jid chat) {
        return tx.one(
                Taken::of,
                "SELECT seq, state, sender, kind, content, accepted_at FROM outbox"
                        + " WHERE device = ? AND message_id = ? AND chat = ? AND state IN (" + Code.WAITING + ", "
                        + Code.SENT + ")",
                device,
                id,
                chat.toString());
    }

    /** As {@link #failed}, of a message that WhatsApp had taken. */
    static void failedLater(Tx tx, long seq, String why, long now) {
        tx.update(
                "UPDATE outbox SET state = " + Code.FAILED + ", reason = ?, error = ?, finished_at = ? WHERE seq = ?",
                EngineRefusal.Reason.REJECTED.name(),
                why,
                now,
                seq);
    }

    static long failed(Tx tx, long seq, int attempts, EngineRefusal refusal, long now) {
        return tx.update(
                "UPDATE outbox SET state = " + Code.FAILED
                        + ", attempts = ?, reason = ?, error = ?, finished_at = ? WHERE seq = ?",
                attempts,
                refusal.reason().name(),
                refusal.getMessage(),
                now,
                seq);
    }

    static long postponed(Tx tx, long seq, int attempts, EngineRefusal refusal, long due) {
        return tx.update(
                "UPDATE outbox SET attempts = ?, error = ?, due_at = ? WHERE seq = ? AND state = " + Code.WAITING,
                attempts,
                refusal.getMessage(),
                due,
                seq);
    }

    /** @param wireId what WhatsApp knows the message by when it took it, else empty */
    static long aside(Tx tx, long seq, String wireId, String why, long now) {
        return tx.update(
                "UPDATE outbox SET state = " + Code.ASIDE
                        + ", wire_id = ?, aside_at = ?, aside_why = ? WHERE seq = ? AND state = " + Code.WAITING,
                wireId,
                now,
                why,
                seq);
    }

    static void remove(Tx tx, long seq) {
        tx.delete("DELETE FROM outbox WHERE seq = ?", seq);
    }

    static Optional<Long> acceptedAt(Tx tx, long seq) {
        return tx.one(row -> row.number(1), "SELECT accepted_at FROM outbox WHERE seq = ?", seq);
    }

    /** What became of the message; empty when no message has that id. */
    Optional<SendResult> find(String device, String id) {
        return store.one(
                SendResult::of,
                "SELECT state, coalesce(wire_id, ''), coalesce(sent_at, 0), coalesce(reason, ''), coalesce(error, '')"
                        + " FROM outbox WHERE device = ? AND message_id = ?",
                device,
                id);
    }

    /**
     * The newest messages, of one state or of all. One that waits for its account's release says so in the place of an
     * error.
     */
    List<OutboxBook.Entry> list(Optional<OutboxState> state, int most) {
        var columns = "SELECT seq, device, chat, message_id, state, attempts, accepted_at, due_at, CASE WHEN state = "
                + Code.ASIDE
                + " THEN aside_why WHEN state = " + Code.WAITING
                + " THEN coalesce((SELECT 'the account is held: ' || h.reason FROM device_hold h"
                + " WHERE h.device = outbox.device), error, '') ELSE coalesce(error, '') END FROM outbox ";
        return state.map(one -> store.all(
                        OutboxBook.Entry::of, columns + "WHERE state = ? ORDER BY seq DESC LIMIT ?", one.code(), most))
                .orElseGet(() -> store.all(OutboxBook.Entry::of, columns + "ORDER BY seq DESC LIMIT ?", most));
    }

    /** A message that was not sent and has its content, as it would be accepted again. */
    static Optional<OutboxEntry> unsent(Tx tx, String id, long due) {
        return tx.one(
                row -> OutboxEntry.of(row, due),
                AGAIN + ANY_ACCOUNT + " AND state <> ? AND content <> ''",
                id,
                Code.SENT);
    }

    /** As {@link #unsent}, of one account, when it is set aside. */
    static Optional<OutboxEntry> aside(Tx tx, String device, String id, long due) {
        return tx.one(
                row -> OutboxEntry.of(row, due),
                AGAIN + "device = ? AND message_id = ? AND state = " + Code.ASIDE,
                device,
                id);
    }

    /** Accepts the message as a new row, because senders read only beyond the last number that they have seen. */
    static void again(Tx tx, OutboxEntry entry) {
        tx.delete("DELETE FROM outbox WHERE device = ? AND message_id = ?", entry.device(), entry.messageId());
        accept(tx, entry);
    }

    /** The messages that are set aside, oldest first; a row has the account and the message's id. */
    <T> List<T> allAside(Function<Row, T> row) {
        return store.all(row, "SELECT device, message_id FROM outbox WHERE state = " + Code.ASIDE + " ORDER BY seq");
    }

    /** Takes a message back that waits or is set aside. */
    static long cancel(Tx tx, String id, long now) {
        return tx.update(
                "UPDATE outbox SET state = " + Code.CANCELLED + ", finished_at = ? WHERE " + ANY_ACCOUNT
                        + " AND state IN (" + Code.WAITING + ", " + Code.ASIDE + ")",
                now,
                id);
    }

    long depth(String device) {
        return store.number("SELECT count(*) FROM outbox WHERE device = ? AND state = " + Code.WAITING, device);
    }

    long depth() {
        return store.number("SELECT count(*) FROM outbox WHERE state = " + Code.WAITING);
    }

    long aside() {
        return store.number("SELECT count(*) FROM outbox WHERE state = " + Code.ASIDE);
    }

    /** When the oldest that waits was accepted, those of held accounts left out; {@code now} when nothing waits. */
    long oldest(long now) {
        return store.number(
                "SELECT coalesce(min(accepted_at), ?) FROM outbox WHERE state = " + Code.WAITING
                        + " AND device NOT IN (SELECT device FROM device_hold)",
                now);
    }

    /** How many messages of the account WhatsApp took from then on. */
    long sentSince(String device, long at) {
        return store.number(
                "SELECT count(*) FROM outbox WHERE device = ? AND state = " + Code.SENT + " AND finished_at >= ?",
                device,
                at);
    }

    /** Removes some that were finished before this time; returns how many. */
    long purge(long before, int most) {
        var sql = "DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox WHERE state <> " + Code.WAITING
                + " AND finished_at < ? LIMIT " + most + store.dialect().skipLocked() + ")";
        return store.write(tx -> tx.delete(sql, before));
    }

    /** Empties the content of some that were finished from then on; returns how many. */
    long forget(long since, int most) {
        var sql = "UPDATE outbox SET content = '' WHERE seq IN (SELECT seq FROM outbox WHERE state <> " + Code.WAITING
                + " AND finished_at >= ? AND content <> '' LIMIT " + most
                + store.dialect().skipLocked() + ")";
        return store.write(tx -> tx.update(sql, since));
    }
}
