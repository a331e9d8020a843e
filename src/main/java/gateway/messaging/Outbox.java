package gateway.messaging;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import gateway.engine.Content;
import gateway.engine.ContentJson;
import gateway.engine.EngineRefusal;
import gateway.engine.Jid;
import gateway.engine.MessageId;
import gateway.engine.Session.Sent;
import gateway.store.Store;
import io.helidon.dbclient.DbExecute;

/**
 * Messages on their way out. {@link #send} returns only after the message is on disk; from then on it is sent once, in its
 * chat's order, however often the process dies.
 */
public final class Outbox {
    private final Store store;
    private final InstantSource clock;
    private final Duration wait;
    /** Callers that wait for their message to be sent, by device and message id. */
    private final Map<String, CompletableFuture<Sent>> waiting = new ConcurrentHashMap<>();
    private final Map<String, Sender> senders = new ConcurrentHashMap<>();

    /** @param wait how long {@link #send} waits for WhatsApp before it says «queued» */
    public Outbox(Store store, InstantSource clock, Duration wait) {
        this.store = store;
        this.clock = clock;
        this.wait = wait;
    }

    /** What became of a message by the time its sender was answered; {@code sent} is empty while it is queued. */
    public record Outcome(String messageId, Optional<Sent> sent) {
    }

    /**
     * Accepts a message, and waits a while for WhatsApp to take it.
     *
     * @param sender the account's own address
     * @throws EngineRefusal when WhatsApp refused the message for good
     * @throws gateway.store.StoreUnavailable when it could not be kept; it will not be sent
     */
    public Outcome send(String device, Jid sender, Jid chat, Content content) {
        var id = MessageId.next();
        var key = key(device, id);
        var sent = new CompletableFuture<Sent>();
        if (!wait.isZero()) {
            waiting.put(key, sent);
        }
        try {
            accept(device, sender, chat, id, content);
            wake(device);
            return new Outcome(id, wait.isZero() ? Optional.empty() : Optional.of(sent.get(wait.toMillis(), TimeUnit.MILLISECONDS)));
        } catch (TimeoutException e) {
            return new Outcome(id, Optional.empty());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome(id, Optional.empty());
        } catch (ExecutionException e) {
            throw (EngineRefusal) e.getCause();
        } finally {
            waiting.remove(key);
        }
    }

    private void accept(String device, Jid sender, Jid chat, String id, Content content) {
        long now = clock.millis();
        store.write(tx -> accept(tx, device, sender, chat, id, content, now));
    }

    /** Accepts a message in the transaction that has the reason for it. A change shows in its message once it is sent. */
    static long accept(DbExecute tx, String device, Jid sender, Jid chat, String id, Content content, long now) {
        if (!(content instanceof Content.Change)) {
            Chats.keep(tx, device, chat, "", new Chats.Message(id, chat.toString(), sender.toString(), true, content,
                    now, now, now), now);
        }
        return tx.insert("""
                INSERT INTO outbox (device, chat, message_id, content, due_at, accepted_at) VALUES (?, ?, ?, ?, ?, ?)""",
                device, chat.toString(), id, ContentJson.write(content), now, now);
    }

    /** There may be something new to send for this account. */
    void wake(String device) {
        Optional.ofNullable(senders.get(device)).ifPresent(Sender::wake);
    }

    /** Tells the caller that waits for this message, if one still does. */
    void sent(String device, String messageId, Sent sent) {
        Optional.ofNullable(waiting.remove(key(device, messageId))).ifPresent(future -> future.complete(sent));
    }

    /** As {@link #sent}, for a message that will never be. */
    void refused(String device, String messageId, EngineRefusal refusal) {
        Optional.ofNullable(waiting.remove(key(device, messageId))).ifPresent(future -> future.completeExceptionally(refusal));
    }

    /** From now on the device's messages are sent by this one. */
    void attach(String device, Sender sender) {
        senders.put(device, sender);
    }

    void detach(String device) {
        senders.remove(device);
    }

    /** Messages of this account accepted and not yet sent. */
    public long depth(String device) {
        return store.number("SELECT count(*) FROM outbox WHERE device = ? AND state = 0", device);
    }

    /** Messages accepted and not yet sent, over all devices. */
    public long depth() {
        return store.number("SELECT count(*) FROM outbox WHERE state = 0");
    }

    private static String key(String device, String messageId) {
        return device + '\n' + messageId;
    }
}
