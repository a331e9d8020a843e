package gateway.messaging;

import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import gateway.engine.Content;
import gateway.engine.ContentJson;
import gateway.engine.EngineRefusal;
import gateway.engine.Jid;
import gateway.engine.Session.Sent;
import gateway.messaging.Lane.Waiting;
import gateway.process.Seldom;
import gateway.process.Worker;
import gateway.process.WorkerKind;
import gateway.process.Workers;
import gateway.store.LeaseLost;
import gateway.store.RowFault;
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
    private final Seldom log = new Seldom(OutboxRows.class);
    private final Worker worker;
    private volatile boolean closed;

    OutboxRows(String device, Store store, Outbox outbox, InstantSource clock, Workers workers) {
        this.worker = workers.add(WorkerKind.OUTBOX_MARKS);
        this.device = device;
        this.store = store;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** What waits and was accepted after this one, in its order. What cannot be read is set aside. */
    Read after(long seq, int most) {
        return read(WAITING + "WHERE device = ? AND state = 0 AND seq > ? ORDER BY seq LIMIT ?", device, seq, most);
    }

    /** As {@link #after}, of one chat, and none beyond {@code last}: it reads along all that waits between the two. */
    Read ofChat(Jid chat, long seq, long last, int most) {
        return read(WAITING + "WHERE device = ? AND state = 0 AND seq > ? AND seq <= ? AND chat = ? ORDER BY seq LIMIT ?",
                device, seq, last, chat.toString(), most);
    }

    /**
     * Some of what waits.
     *
     * @param last the number of the last of them, those that were set aside included; 0 when there was none
     * @param count how many there were with those
     */
    record Read(List<Waiting> messages, long last, int count) {
    }

    /** A row as it was read, or why it cannot be. */
    private record Row(long seq, Optional<Waiting> message, String fault) {
    }

    private Read read(String sql, Object... parameters) {
        var rows = store.all(this::row, sql, parameters);
        rows.stream().filter(row -> row.message.isEmpty()).forEach(row -> aside(row.seq, "it cannot be read: " + row.fault));
        return new Read(rows.stream().flatMap(row -> row.message.stream()).toList(), rows.isEmpty() ? 0 : rows.getLast().seq, rows.size());
    }

    /** One row that cannot be read, such as one whose JSON is damaged, is no reason to read none. */
    private Row row(DbRow row) {
        long seq = row.column("seq").get(Number.class).longValue();
        try {
            return new Row(seq, Optional.of(waiting(row)), "");
        } catch (RuntimeException | StackOverflowError e) {
            return new Row(seq, Optional.empty(), e.getClass().getSimpleName());
        }
    }

    /**
     * Leaves the message for a person, with the reason, which its chat shows; the chat's next one goes on.
     *
     * @param wireId what WhatsApp knows the message by when it took it, else empty
     */
    void aside(Waiting message, String sender, String wireId, String why) {
        try {
            store.write(tx -> {
                if (!(message.content() instanceof Content.Change)) {
                    keep(tx, message, sender, clock.millis(), "set aside: " + why);
                }
                return aside(tx, message.seq(), wireId, why);
            });
            said(why);
        } catch (RowFault e) {
            aside(message.seq(), why);
        }
    }

    /** As the other, of a row that its chat cannot show. */
    private void aside(long seq, String why) {
        try {
            store.write(tx -> aside(tx, seq, "", why));
            said(why);
        } catch (RowFault e) {
            log.log(System.Logger.Level.ERROR, "a message of " + device + " cannot even be set aside: " + why, e);
        }
    }

    private long aside(DbExecute tx, long seq, String wireId, String why) {
        return tx.update("UPDATE outbox SET state = 4, wire_id = ?, aside_at = ?, aside_why = ? WHERE seq = ? AND state = 0",
                wireId, clock.millis(), why, seq);
    }

    private void said(String why) {
        log.log(System.Logger.Level.ERROR, "a message of " + device + " is set aside: " + why + ". See: whatsapp outbox list --status aside");
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
            if (failure != null || !done) {
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
            long marked = tx.createNamedUpdate("sent", """
                    UPDATE outbox SET state = 1, wire_id = ?, sent_at = ?, attempts = attempts + 1, error = NULL, finished_at = ?
                    WHERE seq = ? AND state <> 2""").params(sent.wireId(), sent.at(), now, message.seq()).execute();
            if (marked == 0) {
                // WhatsApp refused it afterwards, and that was noted first.
                return true;
            }
            if (message.content() instanceof Content.Change change) {
                Changes.apply(tx, device, message.chat(), sender, change, sent.at());
            } else {
                keep(tx, message, sender, sent.at(), "");
            }
            return true;
        });
    }

    private void keep(DbExecute tx, Waiting message, String sender, long at, String refused) {
        long now = clock.millis();
        boolean fresh = Chats.keep(tx, device, message.chat(), "", new Chats.Message(message.messageId(), message.chat().toString(), sender, true,
                message.content(), at, now, now), now);
        if (!fresh || !refused.isEmpty()) {
            Chats.refused(tx, device, message.chat(), message.messageId(), refused);
        }
    }

    private void markLater(Waiting message, String sender, Sent sent) {
        int faults = 0;
        worker.begin();
        try {
            while (!closed) {
                rest();
                try {
                    if (mark(message, sender, sent).join()) {
                        outbox.told(device, message.messageId(), sent);
                        return;
                    }
                    worker.moved();
                } catch (CompletionException e) {
                    if (e.getCause() instanceof LeaseLost) {
                        return;
                    }
                    if (e.getCause() instanceof StoreUnavailable || ++faults < HandOver.MAX_FAULTS) {
                        log.log(System.Logger.Level.WARNING, "what became of a message of " + device + " could not be stored; trying again",
                                e.getCause());
                    } else if (setAside(message, sender, sent, e.getCause())) {
                        return;
                    }
                }
            }
        } finally {
            worker.done();
        }
    }

    /** False while the database is away. */
    private boolean setAside(Waiting message, String sender, Sent sent, Throwable fault) {
        try {
            aside(message, sender, sent.wireId(), "WhatsApp took it, and that cannot be stored: " + fault.getMessage());
            return true;
        } catch (StoreUnavailable e) {
            return false;
        }
    }

    /**
     * It will never be taken, which its caller hears: its chat does not show it, and goes if the message made it.
     *
     * @param keyed whether its request has a name: asked again it is answered the same, so its row stays. Else nothing is left.
     */
    void withdrawn(Waiting message, int attempts, EngineRefusal refusal, boolean keyed) {
        store.write(tx -> {
            var accepted = tx.get("SELECT accepted_at FROM outbox WHERE seq = ?", message.seq())
                    .map(row -> row.column(1).get(Number.class).longValue());
            if (keyed) {
                refused(tx, message, attempts, refusal);
            } else {
                tx.delete("DELETE FROM outbox WHERE seq = ?", message.seq());
            }
            accepted.ifPresent(at -> Chats.undo(tx, device, message.chat(), message.seq(), at));
            return null;
        });
    }

    /** It will never be taken, and nobody waits to hear of it. Its chat shows it with the reason. */
    void failed(Waiting message, String sender, int attempts, EngineRefusal refusal) {
        store.write(tx -> {
            if (!(message.content() instanceof Content.Change)) {
                keep(tx, message, sender, clock.millis(), refusal.getMessage());
            }
            outbox.finished(tx, device, message.messageId(), message.node());
            return refused(tx, message, attempts, refusal);
        });
    }

    private long refused(DbExecute tx, Waiting message, int attempts, EngineRefusal refusal) {
        return tx.update("UPDATE outbox SET state = 2, attempts = ?, reason = ?, error = ?, finished_at = ? WHERE seq = ?",
                attempts, refusal.reason().name(), refusal.getMessage(), clock.millis(), message.seq());
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
        worker.close();
    }
}
