package gateway.engine.web.book;

import java.util.List;
import java.util.Optional;

import gateway.store.Store;

/**
 * The messages that go out, kept until WhatsApp takes them, and afterwards as long as a device may ask for them again.
 */
public final class OutgoingMessages {
    private final String device;
    private final Store store;
    private final SealedRows rows;

    OutgoingMessages(String device, Store store, SealedRows rows) {
        this.device = device;
        this.store = store;
        this.rows = rows;
    }

    /**
     * A message that went out, or is to go out.
     *
     * @param chat    the address it went to
     * @param message the encoded Message, without padding
     * @param stanza  the very bytes; empty once they were taken
     * @param takenAt epoch milliseconds; 0 until WhatsApp has taken it
     */
    public record Outgoing(String chat, byte[] message, byte[] stanza, long takenAt) {}

    public Optional<Outgoing> find(String id) {
        return store.one(row -> List.of(row.text(1), row.text(2), row.text(3), row.number(4)), """
                SELECT chat, message, stanza, taken_at FROM web_outgoing WHERE device = ? AND id = ?""", device, id)
                .map(row -> new Outgoing(
                        (String) row.get(0),
                        rows.open("web_outgoing", id, (String) row.get(1)),
                        ((String) row.get(2)).isEmpty()
                                ? new byte[0]
                                : rows.open("web_outgoing stanza", id, (String) row.get(2)),
                        (long) row.get(3)));
    }

    /** Keeps a new message; {@link AlreadyKept} when there is one of that id. */
    public KeyChanges keep(String id, Outgoing message, long now) {
        return new KeyChanges()
                .addNew(
                        """
                INSERT INTO web_outgoing (device, id, chat, message, stanza, created_at) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (device, id) DO NOTHING""",
                        device,
                        id,
                        message.chat(),
                        rows.seal("web_outgoing", id, message.message()),
                        rows.seal("web_outgoing stanza", id, message.stanza()),
                        now);
    }

    public KeyChanges taken(String id, long at) {
        return new KeyChanges()
                .add("UPDATE web_outgoing SET stanza = '', taken_at = ? WHERE device = ? AND id = ?", at, device, id);
    }

    public KeyChanges drop(String id) {
        return new KeyChanges().add("DELETE FROM web_outgoing WHERE device = ? AND id = ?", device, id);
    }

    /** The very bytes that answered a device's question for a message it could not open. */
    public Optional<byte[]> answer(String question) {
        return store.one(
                        row -> row.text(1),
                        "SELECT stanza FROM web_outgoing WHERE device = ? AND id = ?",
                        device,
                        question)
                .map(stored -> rows.open("web_outgoing stanza", question, stored));
    }

    /** Keeps an answer among what went out, for as long; {@code question} is not a message's id. */
    public KeyChanges keepAnswer(String question, String chat, byte[] stanza, long now) {
        return new KeyChanges()
                .add(
                        """
                INSERT INTO web_outgoing (device, id, chat, message, stanza, taken_at, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)""",
                        device,
                        question,
                        chat,
                        rows.seal("web_outgoing", question, new byte[0]),
                        rows.seal("web_outgoing stanza", question, stanza),
                        now,
                        now);
    }

    /** Drops what was taken and is older than devices ask for; {@code before} is in epoch milliseconds. */
    public KeyChanges dropTaken(long before) {
        return new KeyChanges()
                .add("DELETE FROM web_outgoing WHERE device = ? AND created_at < ? AND taken_at > 0", device, before);
    }
}
