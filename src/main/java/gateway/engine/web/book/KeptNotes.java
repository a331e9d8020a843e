package gateway.engine.web.book;

import java.util.List;
import java.util.Optional;

import gateway.store.Store;

/** Single values of an account, sealed, and the parts of the history that are still to be read. */
public final class KeptNotes {
    /** The account's own name, which contacts see. */
    public static final String OWN_NAME = "own name";
    /** The salt of the tokens that stand in for missing privacy tokens. */
    public static final String SALT = "salt";

    /** When a ban of the account ends, in epoch milliseconds. */
    public static final String BANNED_UNTIL = "banned until";
    /** The version of the web client with which the last login was accepted. */
    public static final String CLIENT_VERSION = "client version";
    /** Until when the server's account data is known, as the server said it last. */
    public static final String CLEAN_UNTIL = "clean until";

    /** How many parts of the history may wait. */
    private static final int MAX_HISTORY = 64;

    private static final String HISTORY = "history ";

    private final String device;
    private final Store store;
    private final SealedRows rows;

    KeptNotes(String device, Store store, SealedRows rows) {
        this.device = device;
        this.store = store;
        this.rows = rows;
    }

    public Optional<byte[]> find(String name) {
        return rows.sealed(
                "SELECT sealed FROM web_note WHERE device = ? AND name = ?", "web_note" + name, device, name);
    }

    public KeyChanges keep(String name, byte[] value, long now) {
        return new KeyChanges().add("""
                INSERT INTO web_note (device, name, sealed, created_at) VALUES (?, ?, ?, ?)
                ON CONFLICT (device, name) DO UPDATE SET sealed = excluded.sealed""", device, name, rows.seal("web_note", name, value), now);
    }

    /** The ids of the messages that announced a part of the history, the oldest first. */
    public List<String> waitingHistory() {
        return store.all(
                row -> row.text(1).substring(HISTORY.length()),
                "SELECT name FROM web_note WHERE device = ? AND name LIKE 'history %' ORDER BY created_at LIMIT "
                        + MAX_HISTORY,
                device);
    }

    public Optional<byte[]> history(String message) {
        return find(HISTORY + message);
    }

    /** Keeps a part of the history that was announced by a message, until it was read. */
    public KeyChanges keepHistory(String message, byte[] notification, long now) {
        return keep(HISTORY + message, notification, now);
    }

    /** Drops the parts that were announced before, in epoch milliseconds: their files are gone. */
    public KeyChanges dropOldHistory(long before) {
        return new KeyChanges()
                .add(
                        "DELETE FROM web_note WHERE device = ? AND name LIKE 'history %' AND created_at < ?",
                        device, before);
    }

    public KeyChanges dropHistory(String message) {
        return new KeyChanges().add("DELETE FROM web_note WHERE device = ? AND name = ?", device, HISTORY + message);
    }
}
