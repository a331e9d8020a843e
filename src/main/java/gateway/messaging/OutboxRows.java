package gateway.messaging;

import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import gateway.engine.Content;
import gateway.engine.EngineRefusal;
import gateway.engine.Jid;
import gateway.engine.Session.Sent;
import gateway.messaging.ChatQueue.Waiting;
import gateway.process.Seldom;
import gateway.process.Worker;
import gateway.process.WorkerKind;
import gateway.process.Workers;
import gateway.store.LeaseLost;
import gateway.store.Row;
import gateway.store.RowFault;
import gateway.store.Store;
import gateway.store.StoreUnavailable;
import gateway.store.Tx;

/** One account's rows of the outbox, as its sender reads and marks them. */
final class OutboxRows {
    /** How often what fails by itself is tried before its message is set aside. */
    static final int MAX_FAULTS = 3;

    private static final long RETRY_MILLIS = 1_000;

    private final String device;
    private final Store store;
    private final OutboxTable table;
    private final Outbox outbox;
    private final InstantSource clock;
    private final Authors authors;
    private final Seldom log = new Seldom(OutboxRows.class);
    private final Worker worker;
    private volatile boolean closed;

    OutboxRows(String device, Store store, Outbox outbox, InstantSource clock, Workers workers) {
        this.worker = workers.add(WorkerKind.OUTBOX_MARKS);
        this.device = device;
        this.store = store;
        this.table = new OutboxTable(store);
        this.outbox = outbox;
        this.clock = clock;
        this.authors = new Authors(device, Optional.empty());
    }

    /** What waits and was accepted after this one, in its order. What cannot be read is set aside. */
    Read after(long seq, int most) {
        return read(table.after(this::row, device, seq, most));
    }

    /** As {@link #after}, of one chat, and none beyond {@code last}: it reads along all that waits between the two. */
    Read ofChat(Jid chat, long seq, long last, int most) {
        return read(table.ofChat(this::row, device, chat, seq, last, most));
    }

    /**
     * Some of what waits.
     *
     * @param last the number of the last of them, those that were set aside included; 0 when there was none
     * @param count how many there were with those
     */
    record Read(List<Waiting> messages, long last, int count) {}

    private Read read(List<WaitingRow> rows) {
        rows.stream()
                .filter(row -> row.message().isEmpty())
                .forEach(row -> aside(row.seq(), "it cannot be read: " + row.fault()));
        return new Read(
                rows.stream().flatMap(row -> row.message().stream()).toList(),
                rows.isEmpty() ? 0 : rows.getLast().seq(),
                rows.size());
    }

    private WaitingRow row(Row row) {
        return WaitingRow.of(row, clock.millis());
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
                return OutboxTable.aside(tx, message.seq(), wireId, why, clock.millis());
            });
            said(why);
        } catch (RowFault e) {
            aside(message.seq(), why);
        }
    }

    /** Sets a row aside that its chat cannot show. */
    private void aside(long seq, String why) {
        try {
            store.write(tx -> OutboxTable.aside(tx, seq, "", why, clock.millis()));
            said(why);
        } catch (RowFault e) {
            log.log(System.Logger.Level.ERROR, "a message of " + device + " cannot even be set aside: " + why, e);
        }
    }

    private void said(String why) {
        log.log(
                System.Logger.Level.ERROR,
                "a message of " + device + " is set aside: " + why + ". See: whatsapp outbox list --status aside");
    }

    /** The given numbers that nobody cancelled, or put at the end, since they were read. */
    Set<Long> waiting(Collection<Long> seqs) {
        return table.waiting(seqs);
    }

    /**
     * Marks a message that WhatsApp took. The chat's next message does not wait for the mark: without it the message
     * would be offered again after a restart, and WhatsApp knows its id. The caller is told once the mark is written,
     * so that the caller's next look at the chat shows the message. The caller is also told when the mark cannot be
     * written, because the message was sent.
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

    /**
     * Marks the message sent, and puts it into its chat. False when the message changes another one whose mark could
     * not be written yet.
     */
    private CompletableFuture<Boolean> mark(Waiting message, String sender, Sent sent) {
        return store.writeLater(tx -> {
            if (message.content() instanceof Content.Change change
                    && OutboxTable.waits(tx, device, change.target(), message.chat(), message.seq())) {
                return false;
            }
            long now = clock.millis();
            outbox.finished(tx, device, message.messageId(), message.node());
            if (!OutboxTable.sent(tx, message.seq(), sent, now)) {
                // WhatsApp refused it afterwards, and that was noted first.
                return true;
            }
            if (message.content() instanceof Content.Change change) {
                // A client of the API, too, changes no words that another person wrote.
                authors.place(tx, message.chat(), Jid.parse(sender), true, change)
                        .ifPresent(
                                chat -> Changes.apply(tx, outbox.storage(), device, chat, sender, change, sent.at()));
            } else {
                keep(tx, message, sender, sent.at(), "");
            }
            return true;
        });
    }

    private void keep(Tx tx, Waiting message, String sender, long at, String refused) {
        long now = clock.millis();
        boolean fresh = Chats.keep(
                tx,
                device,
                message.chat(),
                "",
                new Chats.Message(
                        message.messageId(),
                        message.chat().toString(),
                        sender,
                        true,
                        outbox.storage().kept(message.content()),
                        at,
                        now,
                        now),
                now);
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
                    var cause = Objects.requireNonNullElse(e.getCause(), e);
                    if (cause instanceof StoreUnavailable || ++faults < MAX_FAULTS) {
                        log.log(
                                System.Logger.Level.WARNING,
                                "what became of a message of " + device + " could not be stored; trying again",
                                cause);
                    } else if (setAside(message, sender, sent, cause)) {
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
     * Withdraws a message that WhatsApp will never take, as its caller is told. Its chat does not show the message; a
     * chat that was made for the message goes, too.
     *
     * @param keyed whether the request has a key. The row then stays, so that the repeated request is answered the
     *     same; else nothing is left
     */
    void withdrawn(Waiting message, int attempts, EngineRefusal refusal, boolean keyed) {
        store.write(tx -> {
            var accepted = OutboxTable.acceptedAt(tx, message.seq());
            if (keyed) {
                OutboxTable.failed(tx, message.seq(), attempts, refusal, clock.millis());
            } else {
                OutboxTable.remove(tx, message.seq());
            }
            accepted.ifPresent(at -> Chats.undo(tx, device, message.chat(), message.seq(), at));
            return null;
        });
    }

    /** Marks a message failed that WhatsApp will never take and no caller waits for. Its chat shows the reason. */
    void failed(Waiting message, String sender, int attempts, EngineRefusal refusal) {
        store.write(tx -> {
            if (!(message.content() instanceof Content.Change)) {
                keep(tx, message, sender, clock.millis(), refusal.getMessage());
            }
            outbox.finished(tx, device, message.messageId(), message.node());
            return OutboxTable.failed(tx, message.seq(), attempts, refusal, clock.millis());
        });
    }

    /** Notes when the message is offered again. */
    void postponed(Waiting message, int attempts, EngineRefusal refusal, long due) {
        store.write(tx -> OutboxTable.postponed(tx, message.seq(), attempts, refusal, due));
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
