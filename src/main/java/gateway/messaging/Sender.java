package gateway.messaging;

import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import gateway.engine.Content;
import gateway.engine.ContentJson;
import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Jid;
import gateway.engine.Session;
import gateway.messaging.Lane.Waiting;
import gateway.store.Store;
import io.helidon.dbclient.DbRow;

/**
 * Hands one account's accepted messages to its session: each chat in its order, many chats at once. Memory holds a bounded
 * window; the backlog stays in the database.
 */
final class Sender implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Sender.class.getName());
    /** Messages in memory, over all chats. */
    private static final int WINDOW = 4_096;
    private static final int BATCH = 256;
    private static final int LANE_BATCH = Lane.MOST + 1;
    /** Messages handed to the session at the same time. */
    private static final int AT_ONCE = 64;
    /** Before a message is offered again to a line that turned out to be down; not counted as an attempt. */
    private static final long LINE_DOWN_MILLIS = 200;
    /** Finds what another process put into the outbox. */
    private static final long SWEEP_MILLIS = 1_000;

    private final String device;
    private final Session session;
    private final Store store;
    private final Outbox outbox;
    private final InstantSource clock;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Lane> lanes = new HashMap<>();
    private final Semaphore permits = new Semaphore(AT_ONCE);
    private final Thread scanner;
    private int inMemory;
    private long cursor;
    private boolean news = true;
    private volatile boolean closed;

    Sender(String device, Session session, Store store, Outbox outbox, InstantSource clock) {
        this.device = device;
        this.session = session;
        this.store = store;
        this.outbox = outbox;
        this.clock = clock;
        this.scanner = Thread.ofVirtual().name("sender-" + device).unstarted(this::scan);
    }

    void start() {
        scanner.start();
    }

    /** There may be a new message, or the line came up. */
    void wake() {
        lock.lock();
        try {
            news = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void scan() {
        while (!closed) {
            try {
                if (!ready() || !fill()) {
                    pause(SWEEP_MILLIS);
                }
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "the outbox of {0} cannot be read, next try in a second: {1}", device, e.getMessage());
                pause(SWEEP_MILLIS);
            }
        }
    }

    /** Whether messages can go out now. */
    private boolean ready() {
        return session.status().connected();
    }

    /** Takes the next messages from the database into their lanes. False when there was none, or no room. */
    private boolean fill() {
        lock.lock();
        long after;
        try {
            news = false;
            if (inMemory >= WINDOW) {
                return false;
            }
            after = cursor;
        } finally {
            lock.unlock();
        }
        var rows = store.all(Sender::waiting, """
                SELECT seq, message_id, chat, content, attempts, due_at FROM outbox
                WHERE device = ? AND state = 0 AND seq > ? ORDER BY seq LIMIT ?""", device, after, BATCH);
        lock.lock();
        try {
            for (var row : rows) {
                cursor = row.seq();
                put(row);
            }
        } finally {
            lock.unlock();
        }
        return !rows.isEmpty();
    }

    private void put(Waiting message) {
        var lane = lanes.computeIfAbsent(message.chat().toString(), chat -> new Lane());
        if (lane.offer(message)) {
            inMemory++;
        }
        if (!lane.running()) {
            lane.running(true);
            Thread.ofVirtual().name("lane-" + device).start(() -> run(message.chat(), lane));
        }
    }

    /** Sends a chat's messages one after another until there are none. */
    private void run(Jid chat, Lane lane) {
        while (!closed) {
            try {
                var message = next(chat, lane);
                if (message == null) {
                    return;
                }
                var attempt = attempt(message);
                lock.lock();
                try {
                    if (attempt == null) {
                        lane.removeHead();
                        inMemory--;
                    } else {
                        lane.replaceHead(attempt);
                    }
                } finally {
                    lock.unlock();
                }
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "a message of {0} waits: {1}", device, e.getMessage());
                pause(SWEEP_MILLIS);
            }
        }
    }

    /** The lane's head once it is due; null when the lane is done and gone. */
    private Waiting next(Jid chat, Lane lane) {
        while (!closed) {
            long after;
            lock.lock();
            try {
                var head = lane.head();
                if (head != null) {
                    var wait = ready() ? head.dueAt() - clock.millis() : SWEEP_MILLIS;
                    if (wait <= 0) {
                        return head;
                    }
                    changed.await(Math.min(wait, SWEEP_MILLIS), TimeUnit.MILLISECONDS);
                    continue;
                }
                if (!lane.more()) {
                    lane.running(false);
                    lanes.remove(chat.toString());
                    return null;
                }
                after = lane.beginRefill();
            } catch (InterruptedException e) {
                return null;
            } finally {
                lock.unlock();
            }
            refill(chat, lane, after);
        }
        return null;
    }

    private void refill(Jid chat, Lane lane, long after) {
        List<Waiting> rows = List.of();
        boolean all = false;
        try {
            rows = store.all(Sender::waiting, """
                    SELECT seq, message_id, chat, content, attempts, due_at FROM outbox
                    WHERE device = ? AND chat = ? AND state = 0 AND seq > ? ORDER BY seq LIMIT ?""",
                    device, chat.toString(), after, LANE_BATCH);
            all = rows.size() < LANE_BATCH;
        } finally {
            lock.lock();
            try {
                inMemory += lane.endRefill(rows, all);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Hands the message over. Null when it is finished, one way or the other; else the message with its next time. */
    private Waiting attempt(Waiting message) {
        try {
            permits.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return message;
        }
        try {
            var sent = session.send(message.messageId(), message.chat(), message.content());
            if (message.content() instanceof Content.Change change) {
                // Kept before anybody is told it is done, so that the next look at the message shows it.
                var self = session.status().account().map(Jid::toString).orElse("");
                store.write(tx -> Changes.apply(tx, device, message.chat(), self, change, sent.at()));
            }
            outbox.sent(device, message.messageId(), sent);
            store.writeLater(tx -> tx.update(
                    "UPDATE outbox SET state = 1, wire_id = ?, attempts = attempts + 1, finished_at = ? WHERE seq = ?",
                    sent.wireId(), clock.millis(), message.seq()));
            return null;
        } catch (EngineRefusal refusal) {
            return refused(message, refusal);
        } finally {
            permits.release();
        }
    }

    private Waiting refused(Waiting message, EngineRefusal refusal) {
        if (refusal.reason() == Reason.NOT_CONNECTED || refusal.reason() == Reason.NOT_LOGGED_IN) {
            return message.at(clock.millis() + LINE_DOWN_MILLIS);
        }
        int attempts = message.attempts() + 1;
        var delay = refusal.passing() ? RetryCalendar.delay(attempts) : -1;
        if (delay < 0) {
            store.write(tx -> tx.update("UPDATE outbox SET state = 2, attempts = ?, error = ?, finished_at = ? WHERE seq = ?",
                    attempts, refusal.getMessage(), clock.millis(), message.seq()));
            outbox.refused(device, message.messageId(), refusal);
            LOG.log(Level.WARNING, "message {0} of {1} was refused for good: {2}", message.messageId(), device, refusal.reason());
            return null;
        }
        long due = clock.millis() + delay;
        store.write(tx -> tx.update("UPDATE outbox SET attempts = ?, error = ?, due_at = ? WHERE seq = ?",
                attempts, refusal.getMessage(), due, message.seq()));
        return new Waiting(message.seq(), message.messageId(), message.chat(), message.content(), attempts, due);
    }

    private void pause(long millis) {
        lock.lock();
        try {
            if (!news) {
                changed.await(millis, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private static Waiting waiting(DbRow row) {
        return new Waiting(row.column("seq").get(Number.class).longValue(), row.column("message_id").get(String.class),
                Jid.parse(row.column("chat").get(String.class)), ContentJson.read(row.column("content").get(String.class)),
                row.column("attempts").get(Number.class).intValue(), row.column("due_at").get(Number.class).longValue());
    }

    /** Takes no more messages; what is under way ends by itself. */
    @Override
    public void close() {
        closed = true;
        wake();
        try {
            if (permits.tryAcquire(AT_ONCE, 10, TimeUnit.SECONDS)) {
                permits.release(AT_ONCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
