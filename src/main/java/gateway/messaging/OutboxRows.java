package gateway.messaging;

import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;

import gateway.engine.Content;
import gateway.engine.ContentJson;
import gateway.engine.EngineRefusal;
import gateway.engine.Jid;
import gateway.engine.Session.Sent;
import gateway.messaging.Lane.Waiting;
import gateway.store.Store;
import gateway.store.StoreUnavailable;
import io.helidon.dbclient.DbRow;

/** One account's rows of the outbox, as its sender reads and marks them. */
final class OutboxRows {
    private static final String WAITING = "SELECT seq, message_id, chat, content, attempts, due_at, node FROM outbox ";
    private static final long RETRY_MILLIS = 1_000;

    private final String device;
    private final Store store;
    private final Outbox outbox;
    private final InstantSource clock;
    private volatile boolean closed;

    OutboxRows(String device, Store store, Outbox outbox, InstantSource clock) {
        this.device = device;
        this.store = store;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** What waits and was accepted after this one, in its order. */
    List<Waiting> after(long seq, int most) {
        return store.all(this::waiting, WAITING + "WHERE device = ? AND state = 0 AND seq > ? ORDER BY seq LIMIT ?", device, seq, most);
    }

    /** As {@link #after}, of one chat, and none beyond {@code last}: it reads along all that waits between the two. */
    List<Waiting> ofChat(Jid chat, long seq, long last, int most) {
        return store.all(this::waiting, WAITING + "WHERE device = ? AND state = 0 AND seq > ? AND seq <= ? AND chat = ? ORDER BY seq LIMIT ?",
                device, seq, last, chat.toString(), most);
    }

    /** Those that nobody cancelled, or put at the end, since they were read. */
    Set<Long> waiting(Collection<Long> seqs) {
        return Set.copyOf(store.all(row -> row.column(1).get(Number.class).longValue(), "SELECT seq FROM outbox WHERE state = 0 AND seq IN ("
                + String.join(", ", Collections.nCopies(seqs.size(), "?")) + ")", seqs.toArray()));
    }

    private Waiting waiting(DbRow row) {
        return new Waiting(row.column("seq").get(Number.class).longValue(), row.column("message_id").get(String.class),
                Jid.parse(row.column("chat").get(String.class)), ContentJson.read(row.column("content").get(String.class)),
                row.column("attempts").get(Number.class).intValue(), row.column("due_at").get(Number.class).longValue(),
                row.column("node").get(String.class), clock.millis());
    }

    /** Nobody waits for the mark; without it the message would be offered again after a restart, and WhatsApp knows its id. */
    void sent(Waiting message, Sent sent) {
        store.writeLater(tx -> {
            outbox.finished(tx, device, message.messageId(), message.node());
            return tx.update("""
                    UPDATE outbox SET state = 1, wire_id = ?, sent_at = ?, attempts = attempts + 1, error = NULL, finished_at = ?
                    WHERE seq = ?""", sent.wireId(), sent.at(), clock.millis(), message.seq());
        }).whenComplete((done, failure) -> {
            if (failure == null) {
                outbox.told(device, message.messageId(), sent);
            } else if (failure instanceof StoreUnavailable && !closed) {
                Thread.ofVirtual().name("mark-" + device).start(() -> {
                    rest();
                    sent(message, sent);
                });
            }
        });
    }

    /** A reaction, an edit, a revocation was taken: its message shows it. */
    void changed(Waiting message, String self, Content.Change change, long at) {
        store.write(tx -> Changes.apply(tx, device, message.chat(), self, change, at));
    }

    /** It will never be taken. */
    void failed(Waiting message, int attempts, EngineRefusal refusal) {
        store.write(tx -> {
            outbox.finished(tx, device, message.messageId(), message.node());
            return tx.update("UPDATE outbox SET state = 2, attempts = ?, reason = ?, error = ?, finished_at = ? WHERE seq = ?",
                    attempts, refusal.reason().name(), refusal.getMessage(), clock.millis(), message.seq());
        });
    }

    /** It is offered again at this time. */
    void postponed(Waiting message, int attempts, EngineRefusal refusal, long due) {
        store.write(tx -> tx.update("UPDATE outbox SET attempts = ?, error = ?, due_at = ? WHERE seq = ? AND state = 0",
                attempts, refusal.getMessage(), due, message.seq()));
    }

    private static void rest() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Marks that fail from now on are left for the next start. */
    void close() {
        closed = true;
    }
}
