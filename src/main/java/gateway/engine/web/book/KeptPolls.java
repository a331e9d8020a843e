package gateway.engine.web.book;

import java.util.List;
import java.util.Optional;

import gateway.engine.web.message.Poll;
import gateway.engine.web.primitive.WireRefusal;
import gateway.store.Store;

/** The polls whose votes can be read. Their secrets and answers are sealed. */
public final class KeptPolls {
    private final String device;
    private final Store store;
    private final SealedRows rows;

    KeptPolls(String device, Store store, SealedRows rows) {
        this.device = device;
        this.store = store;
        this.rows = rows;
    }

    /** A poll, and the address without a device of whoever made it. */
    public record Kept(String author, Poll poll) {}

    public Optional<Kept> find(String chat, String id) {
        return store.one(
                        row -> List.of(row.text(1), row.text(2)),
                        "SELECT author, sealed FROM web_poll WHERE device = ? AND chat = ? AND id = ?",
                        device,
                        chat,
                        id)
                .map(row -> {
                    try {
                        return new Kept(row.get(0), Poll.read(rows.open("web_poll", chat + " " + id, row.get(1))));
                    } catch (WireRefusal e) {
                        throw SealedRows.unreadable(e);
                    }
                });
    }

    /** Keeps a poll. The first one of an id stays, so that nobody puts another in its place. */
    public KeyChanges keep(String chat, String id, Kept kept, long now) {
        return new KeyChanges()
                .add(
                        """
                INSERT INTO web_poll (device, chat, id, author, sealed, created_at) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (device, chat, id) DO NOTHING""",
                        device,
                        chat,
                        id,
                        kept.author(),
                        rows.seal("web_poll", chat + " " + id, kept.poll().written()),
                        now);
    }

    /** Drops the polls that were made before; in epoch milliseconds. */
    public KeyChanges dropOld(long before) {
        return new KeyChanges().add("DELETE FROM web_poll WHERE device = ? AND created_at < ?", device, before);
    }
}
