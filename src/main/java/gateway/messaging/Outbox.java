package gateway.messaging;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import gateway.engine.Content;
import gateway.engine.ContentJson;
import gateway.engine.EngineRefusal;
import gateway.engine.Jid;
import gateway.engine.MessageId;
import gateway.engine.Session.Sent;
import gateway.messaging.ChatQueue.Waiting;
import gateway.store.SqlDialect;
import gateway.store.Store;
import gateway.store.Tx;

/**
 * Messages on their way out. {@link #send} returns only after the message is on disk; from then on it is sent once, in
 * its chat's order, however often the process dies and whichever node serves the account.
 */
public final class Outbox {
    private final Store store;
    private final OutboxTable table;
    private final InstantSource clock;
    private final String node = MessageId.next();
    private final Progress progress;
    private final ChatStorage storage;
    private final Callers callers;
    /** The sender of each account that this node serves. */
    private final Map<String, Taker> senders = new ConcurrentHashMap<>();

    /** Who takes an account's accepted messages. */
    interface Taker {
        /** There is a new message. */
        void offered();

        /** There is this new message, which is on disk; called in the order in which messages were accepted. */
        void hand(Waiting message);
    }

    /** @param wait how long {@link #send} waits for WhatsApp before it says «queued» */
    public Outbox(Store store, InstantSource clock, Duration wait) {
        this(store, clock, wait, Progress.NONE);
    }

    /** @param progress is told how far messages come */
    public Outbox(Store store, InstantSource clock, Duration wait, Progress progress) {
        this(store, clock, wait, progress, ChatStorage.KEEP);
    }

    /** @param storage whether the chats of the accounts keep the text of messages, of both directions */
    public Outbox(Store store, InstantSource clock, Duration wait, Progress progress, ChatStorage storage) {
        this.store = store;
        this.table = new OutboxTable(store);
        this.clock = clock;
        this.callers = new Callers(wait, this::known);
        store.listen(word -> heard(word.split(" ")));
        this.progress = progress;
        this.storage = storage;
    }

    /**
     * What became of a message by the time its sender was answered.
     *
     * @param sent empty while it is queued
     * @param repeated whether an earlier request with the same key had asked for it
     */
    public record Outcome(String messageId, Optional<Sent> sent, boolean repeated) {}

    /** As {@link #send(String, Jid, Jid, Content, Optional)}, without a key. */
    public Outcome send(String device, Jid sender, Jid chat, Content content) {
        return send(device, sender, chat, content, Optional.empty());
    }

    /**
     * Accepts a message, and waits a while for WhatsApp to take it. A repeated request waits for the same message.
     *
     * @param sender the account's own address
     * @param key the client's name for the request
     * @throws EngineRefusal when WhatsApp refused the message for good; {@link Withdrawn} when nothing of it is left
     * @throws IdempotencyKey.Reused when the key stands for another request
     * @throws gateway.store.StoreUnavailable when it could not be kept; it will not be sent
     */
    public Outcome send(String device, Jid sender, Jid chat, Content content, Optional<IdempotencyKey> key) {
        var own = MessageId.next();
        var json = ContentJson.write(content);
        var caller = callers.add(device, own, key);
        try {
            var use = new IdempotencyKey.Use(
                    own,
                    key.map(present -> IdempotencyKey.fingerprint(chat, content))
                            .orElse(""));
            long now = clock.millis();
            var accepted = store.write(
                    tx -> {
                        var taken = key.flatMap(present -> present.take(tx, device, use, now));
                        if (taken.isPresent()) {
                            return new Accepted(0, taken);
                        }
                        store.inTurn(tx);
                        long seq = accept(tx, device, sender, chat, own, content, json, now);
                        tellOthers(tx, device, own);
                        return new Accepted(seq, taken);
                    },
                    kept -> {
                        if (kept.earlier.isEmpty()) {
                            handOver(
                                    device,
                                    new Waiting(
                                            kept.seq, own, chat, sender.toString(), content, 0, now, "", now, true));
                        }
                    });
            var earlier = accepted.earlier;
            if (earlier.isEmpty()) {
                return new Outcome(own, callers.await(device, own, caller), false);
            }
            if (!earlier.get().request().equals(use.request())) {
                throw new IdempotencyKey.Reused();
            }
            return repeated(device, earlier.get().messageId(), key);
        } finally {
            callers.remove(device, own, caller);
        }
    }

    /** What came of a request: the number of its new message, or an earlier use of its key. */
    private record Accepted(long seq, Optional<IdempotencyKey.Use> earlier) {}

    /**
     * Tells the account's sender of a new message that is on disk. Where other nodes accept messages too, theirs may
     * come first: the message is read with them.
     */
    private void handOver(String device, Waiting message) {
        progress.moved(device, message.messageId(), Progress.Stage.ACCEPTED);
        Optional.ofNullable(senders.get(device)).ifPresent(sender -> {
            if (store.dialect() == SqlDialect.SQLITE) {
                sender.hand(message);
            } else {
                sender.offered();
            }
        });
    }

    /**
     * Accepts a message in the transaction that has the reason for it; {@link Store#inTurn} comes first. One row, which
     * its chat shows; it goes into the chat's own when it is finished, and what it changes is changed once WhatsApp
     * took it. Returns its number.
     *
     * @param json the content, as {@link ContentJson} writes it
     */
    static long accept(Tx tx, String device, Jid sender, Jid chat, String id, Content content, String json, long now) {
        boolean shown = !(content instanceof Content.Change);
        if (shown) {
            Chats.begin(tx, device, chat, now);
        }
        return OutboxTable.accept(
                tx,
                new OutboxEntry(
                        device, chat.toString(), id, sender.toString(), shown ? content.kind() : "", json, now, now));
    }

    /** Where another node sends for this account: wakes it, and has it tell this node when the message is finished. */
    private void tellOthers(Tx tx, String device, String id) {
        if (!senders.containsKey(device)) {
            OutboxTable.node(tx, node, device, id);
            store.signal(tx, "outbox " + device);
        }
    }

    private Outcome repeated(String device, String id, Optional<IdempotencyKey> key) {
        var caller = callers.add(device, id, key);
        try {
            var known = known(device, id);
            return new Outcome(id, known.isPresent() ? known : callers.await(device, id, caller), true);
        } finally {
            callers.remove(device, id, caller);
        }
    }

    /** What the database says became of it; empty while it waits. */
    private Optional<Sent> known(String device, String id) {
        return table.find(device, id).flatMap(SendResult::sent);
    }

    /**
     * From node to node: {@code outbox <device>}: there is something to send; {@code done <device> <id>}: it is
     * finished.
     */
    private void heard(String[] words) {
        switch (words[0]) {
            case "outbox" -> wake(words[1]);
            case "done" -> callers.finishedElsewhere(words[1], words[2]);
            default -> {}
        }
    }

    /** What the chats of the accounts keep. */
    public ChatStorage storage() {
        return storage;
    }

    /** There may be something new to send for this account. */
    void wake(String device) {
        Optional.ofNullable(senders.get(device)).ifPresent(Taker::offered);
    }

    /** Tells the caller that waits for this message, if one still does. */
    void sent(String device, String messageId, Sent sent) {
        progress.moved(device, messageId, Progress.Stage.SENT);
        callers.tell(device, messageId, sent);
    }

    /**
     * Tells whoever asked again for a message, after the first caller was told and before its mark could be written.
     */
    void told(String device, String messageId, Sent sent) {
        callers.tell(device, messageId, sent);
    }

    /** Whoever waits here for the message, who from now on is told by nobody else; empty when its time was up. */
    Optional<Callers.Caller> claim(String device, String messageId) {
        return callers.claim(device, messageId);
    }

    /** The message will never be sent, which is written down. */
    void refused(String device, String messageId) {
        progress.moved(device, messageId, Progress.Stage.FAILED);
    }

    /** As {@link #sent}, for a caller of another node, in the transaction that marks the message finished. */
    void finished(Tx tx, String device, String messageId, String acceptedBy) {
        if (!acceptedBy.isEmpty() && !acceptedBy.equals(node)) {
            store.signal(tx, "done " + device + " " + messageId);
        }
    }

    /** From now on the account's messages are sent on this node, by this sender. */
    void attach(String device, Taker sender) {
        senders.put(device, sender);
    }

    /** From now on nobody waits for a message of an account that is held. */
    void holding(Predicate<String> isHeld) {
        callers.holding(isHeld);
    }

    void detach(String device) {
        senders.remove(device);
    }

    /** Messages of this account accepted and not yet sent. */
    public long depth(String device) {
        return table.depth(device);
    }

    /** Messages accepted and not yet sent, over all devices. */
    public long depth() {
        return table.depth();
    }

    /** Messages set aside, over all devices. */
    public long aside() {
        return table.aside();
    }

    /** How long the oldest of them has waited, those of held accounts left out; zero when nothing waits. */
    public Duration age() {
        long now = clock.millis();
        return Duration.ofMillis(Math.max(0, now - table.oldest(now)));
    }
}
