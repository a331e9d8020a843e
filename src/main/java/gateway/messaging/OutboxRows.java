package gateway.messaging;

import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import gateway.engine.Content;
import gateway.engine.ContentJson;
import gateway.engine.EngineRefusal;
import gateway.engine.Jid;
import gateway.engine.Session.Sent;
import gateway.messaging.Lane.Waiting;
import gateway.store.Store;
import gateway.store.StoreUnavailable;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;

/** One account's rows of the outbox, as its sender reads and marks them. */
final class OutboxRows {
    private static final String WAITING = "SELECT seq, message_id, chat, sender, content, attempts, due_at, node FROM outbox ";
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
                Jid.parse(row.column("chat").get(String.class)), row.column("sender").get(String.class),
                ContentJson.read(row.column("content").get(String.class)), row.column("attempts").get(Number.class).intValue(),
                row.column("due_at").get(Number.class).longValue(), row.column("node").get(String.class), clock.millis());
    }

    /**
     * WhatsApp took it. The chat's next message need not wait until that is written down: without the mark this one would be
     * offered again after a restart, and WhatsApp knows its id. Its caller is told when it is, so that the next look at the
     * chat shows the message; and also when it cannot be, for it was sent.
     *
     * @param sender the account's own address
     */
    void sent(Waiting message, String sender, Sent sent) {
        mark(message, sender, sent).whenComplete((done, failure) -> {
            outbox.sent(device, message.messageId(), sent);
            if (failure == null ? !done : failure instanceof StoreUnavailable) {
                Thread.ofVirtual().name("mark-" + device).start(() -> markLater(message, sender, sent));
            }
        });
    }

    /** Marks it sent, and shows it. False when it changes a message whose own mark could not be written yet. */
    private CompletableFuture<Boolean> mark(Waiting message, String sender, Sent sent) {
        return store.writeLater(tx -> {
            if (message.content() instanceof Content.Change change && tx.get(
                    "SELECT 1 FROM outbox WHERE device = ? AND message_id = ? AND state = 0 AND chat = ? AND seq < ?",
                    device, change.target(), message.chat().toString(), message.seq()).isPresent()) {
                return false;
            }
            long now = clock.millis();
            outbox.finished(tx, device, message.messageId(), message.node());
            tx.createNamedUpdate("sent", """
                    UPDATE outbox SET state = 1, wire_id = ?, sent_at = ?, attempts = attempts + 1, error = NULL, finished_at = ?
                    WHERE seq = ?""").params(sent.wireId(), sent.at(), now, message.seq()).execute();
            if (message.content() instanceof Content.Change change) {
                Changes.apply(tx, device, message.chat(), sender, change, sent.at());
            } else {
                keep(tx, message, sender, sent.at());
            }
            return true;
        });
    }

    private void keep(DbExecute tx, Waiting message, String sender, long at) {
        long now = clock.millis();
        Chats.keep(tx, device, message.chat(), "", new Chats.Message(message.messageId(), message.chat().toString(), sender, true,
                message.content(), at, now, now), now);
    }

    private void markLater(Waiting message, String sender, Sent sent) {
        while (!closed) {
            rest();
            try {
                if (mark(message, sender, sent).join()) {
                    outbox.told(device, message.messageId(), sent);
                    return;
                }
            } catch (CompletionException e) {
                if (!(e.getCause() instanceof StoreUnavailable)) {
                    return;
                }
            }
        }
    }

    /** It will never be taken. Its chat goes on showing that somebody tried. */
    void failed(Waiting message, String sender, int attempts, EngineRefusal refusal) {
        store.write(tx -> {
            if (!(message.content() instanceof Content.Change)) {
                keep(tx, message, sender, clock.millis());
            }
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
