package gateway.messaging;

import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import gateway.engine.Jid;
import gateway.engine.Session;
import gateway.messaging.Lane.Waiting;
import gateway.process.Seldom;
import gateway.process.Worker;
import gateway.process.WorkerKind;
import gateway.process.Workers;
import gateway.store.Store;

/**
 * Hands one account's accepted messages to its session: each chat in its order, many chats at once. Memory holds a bounded
 * window; the backlog stays in the database.
 */
final class Sender implements AutoCloseable {
    /** Messages in memory, over all chats. */
    private static final int WINDOW = 4_096;
    private static final int BATCH = 256;
    /** Finds what another process put into the outbox. */
    private static final long SWEEP_MILLIS = 1_000;
    /** Between two looks while there is much to do: reading many messages at once costs little more than reading one. */
    private static final long GATHER_NANOS = 1_000_000;

    private final String device;
    private final Session session;
    private final OutboxRows rows;
    private final InstantSource clock;
    private final Pacing pacing;
    private final BooleanSupplier ours;

    private final ReentrantLock lock = new ReentrantLock();
    /** The scanner waits for it. */
    private final Condition arrived = lock.newCondition();
    /** The lanes wait for it. */
    private final Condition changed = lock.newCondition();
    private final Map<String, Lane> lanes = new HashMap<>();
    private final DayQuota quota;
    private final HandOver handOver;
    private final Worker worker;
    private final Seldom log = new Seldom(Sender.class);
    private final Thread scanner;
    private int inMemory;
    private long cursor;
    private boolean news = true;
    private volatile boolean closed;

    /**
     * @param store fails every write once another node serves the account
     * @param ours whether this node still serves it, as far as it can know without asking
     */
    Sender(String device, Session session, Store store, Outbox outbox, InstantSource clock, Pacing pacing, BooleanSupplier ours, Workers workers) {
        this.device = device;
        this.session = session;
        this.rows = new OutboxRows(device, store, outbox, clock, workers);
        this.clock = clock;
        this.pacing = pacing;
        this.ours = ours;
        this.quota = new DayQuota(store, device, pacing.perDay(), clock);
        this.handOver = new HandOver(device, session, rows, outbox, quota, clock, workers);
        this.worker = workers.add(WorkerKind.OUTBOX_SENDER);
        this.scanner = Thread.ofVirtual().name("sender-" + device).unstarted(worker.supervised(this::scan));
    }

    void start() {
        scanner.start();
    }

    /** There is a new message. While there is no line it is left for {@link #wake}. */
    void offered() {
        tell(false);
    }

    /** The line came up, or went. */
    void wake() {
        tell(true);
    }

    private void tell(boolean lanes) {
        lock.lock();
        try {
            news = true;
            if (lanes) {
                changed.signalAll();
            }
            if (lanes || ready()) {
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void scan() {
        while (!closed) {
            worker.begin();
            try {
                boolean more = fill();
                if (!more) {
                    lookAgain();
                }
                worker.done();
                if (more) {
                    LockSupport.parkNanos(GATHER_NANOS);
                } else {
                    pause();
                }
            } catch (RuntimeException e) {
                worker.failed();
                log.log(Level.WARNING, "the outbox of " + device + " cannot be read, trying again every second", e);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(SWEEP_MILLIS));
            }
        }
    }

    /** Whether messages can go out now. */
    private boolean ready() {
        return ours.getAsBoolean() && session.status().connected();
    }

    /**
     * Takes the next messages from the database into their lanes. False when there was none, no room, or no line: the news
     * is taken in that case too, or the scanner would never rest while an account is not paired.
     */
    private boolean fill() {
        lock.lock();
        long after;
        try {
            news = false;
            if (inMemory >= WINDOW || !ready()) {
                return false;
            }
            after = cursor;
        } finally {
            lock.unlock();
        }
        var read = rows.after(after, BATCH);
        lock.lock();
        try {
            read.messages().forEach(this::put);
            cursor = Math.max(cursor, read.last());
        } finally {
            lock.unlock();
        }
        return read.count() > 0;
    }

    private void put(Waiting message) {
        var lane = lanes.computeIfAbsent(message.chat().toString(), chat -> {
            var started = new Lane();
            Thread.ofVirtual().name("lane-" + device).start(() -> run(message.chat(), started));
            return started;
        });
        if (lane.offer(message)) {
            inMemory++;
        }
    }

    private void drop(Lane lane, Waiting message) {
        if (lane.remove(message) && --inMemory == WINDOW / 2) {
            arrived.signal();
        }
    }

    /** Drops what waits for its next attempt and was meanwhile cancelled, or put at the end, by a person. */
    private void lookAgain() {
        var delayed = new HashMap<Long, Lane>();
        lock.lock();
        try {
            long now = clock.millis();
            for (var lane : lanes.values()) {
                if (lane.head() != null && lane.head().dueAt() > now + SWEEP_MILLIS && delayed.size() < WINDOW) {
                    delayed.put(lane.head().seq(), lane);
                }
            }
        } finally {
            lock.unlock();
        }
        var seqs = List.copyOf(delayed.keySet());
        for (int from = 0; from < seqs.size(); from += BATCH) {
            var part = seqs.subList(from, Math.min(from + BATCH, seqs.size()));
            var still = rows.waiting(part);
            lock.lock();
            try {
                part.stream().filter(seq -> !still.contains(seq)).forEach(seq -> {
                    var lane = delayed.get(seq);
                    if (lane != null && lane.head() != null && lane.head().seq() == seq) {
                        drop(lane, lane.head());
                    }
                });
                changed.signalAll();
            } finally {
                lock.unlock();
            }
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
                var attempt = handOver.attempt(message);
                lock.lock();
                try {
                    if (attempt == null) {
                        lane.restsUntil(clock.millis() + pacing.next());
                        drop(lane, message);
                    } else {
                        lane.replace(message, attempt);
                    }
                } finally {
                    lock.unlock();
                }
            } catch (Throwable e) {
                // The lane is nobody's without this thread, so nothing ends it.
                log.log(Level.WARNING, "a message of " + device + " waits; trying again every second", e);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(SWEEP_MILLIS));
            }
        }
    }

    /** The lane's head once it is due; null when the lane is done and gone. */
    private @org.jspecify.annotations.Nullable Waiting next(Jid chat, Lane lane) {
        while (!closed) {
            long after, last;
            lock.lock();
            try {
                var head = lane.head();
                if (head != null) {
                    boolean ready = ready();
                    if (!ready) {
                        handOver.rest();
                    }
                    var wait = ready ? Math.max(Math.max(head.dueAt(), lane.restsUntil()), quota.opens()) - clock.millis() : SWEEP_MILLIS;
                    if (wait <= 0) {
                        return head;
                    }
                    changed.await(Math.min(wait, SWEEP_MILLIS), TimeUnit.MILLISECONDS);
                    continue;
                }
                if (!lane.more()) {
                    var rest = lane.restsUntil() - clock.millis();
                    if (rest > 0) {
                        changed.await(Math.min(rest, SWEEP_MILLIS), TimeUnit.MILLISECONDS);
                        continue;
                    }
                    lanes.remove(chat.toString());
                    if (lanes.isEmpty()) {
                        handOver.rest();
                    }
                    return null;
                }
                after = lane.beginRefill();
                // What comes after it is offered as the scanner gets there.
                last = cursor;
            } catch (InterruptedException e) {
                return null;
            } finally {
                lock.unlock();
            }
            refill(chat, lane, after, last);
        }
        return null;
    }

    private void refill(Jid chat, Lane lane, long after, long last) {
        List<Waiting> read = List.of();
        boolean all = false;
        try {
            var found = rows.ofChat(chat, after, last, Lane.MAX + 1);
            read = found.messages();
            all = found.count() <= Lane.MAX;
        } finally {
            lock.lock();
            try {
                inMemory += lane.endRefill(read, all);
            } finally {
                lock.unlock();
            }
        }
    }

    private void pause() {
        lock.lock();
        try {
            if (!news) {
                arrived.await(SWEEP_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more messages; what is under way ends by itself. */
    @Override
    public void close() {
        closed = true;
        rows.close();
        wake();
        handOver.close();
        worker.close();
    }
}
