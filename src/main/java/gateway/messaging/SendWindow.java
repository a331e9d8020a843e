package gateway.messaging;

import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

import gateway.engine.Jid;
import gateway.messaging.ChatQueue.Waiting;

/**
 * The messages of one account that are in memory, each chat's in a queue of its own. Bounded over all chats; the
 * backlog stays in the database. One thread fills the window, and each queue has a thread that empties it.
 */
final class SendWindow {
    /** Messages in memory, over all chats. */
    private static final int MAX = 4_096;

    private final InstantSource clock;
    private final long sweepMillis;
    private final BiConsumer<Jid, ChatQueue> starts;
    private final ReentrantLock lock = new ReentrantLock();
    /** What the thread that fills the window waits for. */
    private final Condition arrived = lock.newCondition();
    /** What the threads of the queues wait for. */
    private final Condition changed = lock.newCondition();

    private final Map<String, ChatQueue> queues = new HashMap<>();
    /** The messages beyond the cursor that were handed in without being read. */
    private final NavigableSet<Long> handed = new TreeSet<>();

    private int inMemory;
    private long cursor;
    /** The newest that was handed in before the window was filled last. */
    private long covered;

    private boolean news = true;
    /** Whether all that was accepted is in the window, but for what is news. */
    private boolean caughtUp;

    /** What decides whether a message may go now. */
    interface Gate {
        /** Whether messages can go out at all. */
        boolean ready();

        /** No message goes before this time, epoch milliseconds; 0 = now. */
        long opens();

        /** Is told that nothing is to be handed over at this moment. */
        void rest();

        boolean closed();
    }

    /**
     * @param sweepMillis the longest wait for news
     * @param starts begins the thread of a new queue, which ends when {@link #next} says so; called under the lock
     */
    SendWindow(InstantSource clock, long sweepMillis, BiConsumer<Jid, ChatQueue> starts) {
        this.clock = clock;
        this.sweepMillis = sweepMillis;
        this.starts = starts;
    }

    /** Wakes the thread that fills the window when {@code fills}, and the threads of all queues when {@code all}. */
    void wake(boolean fills, boolean all) {
        lock.lock();
        try {
            news = true;
            if (all) {
                changed.signalAll();
            }
            if (fills) {
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The number after which to read on; empty when there is no room. Earlier news count as taken in either case. */
    OptionalLong room(Gate gate) {
        lock.lock();
        try {
            news = false;
            caughtUp = false;
            covered = handed.isEmpty() ? 0 : handed.getLast();
            return inMemory >= MAX || !gate.ready() ? OptionalLong.empty() : OptionalLong.of(cursor);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Puts messages into their queues. Those that were handed in are there already.
     *
     * @param last the number of the last that was read
     * @param all whether no more were to be read
     */
    void add(List<Waiting> messages, long last, boolean all) {
        lock.lock();
        try {
            messages.stream().filter(message -> !handed.contains(message.seq())).forEach(this::put);
            cursor = Math.max(cursor, all ? Math.max(last, covered) : last);
            handed.headSet(cursor, true).clear();
            caughtUp = all;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Hands in a message that has just been stored, so that it need not be read. Such messages come in their order.
     * While anything else is new, or there is no room, the message is read with the rest.
     */
    void hand(Waiting message, Gate gate) {
        boolean ready = gate.ready();
        lock.lock();
        try {
            if (message.seq() <= cursor) {
                return; // It was read between its commit and this call.
            }
            if (ready && caughtUp && !news && inMemory < MAX && put(message)) {
                handed.add(message.seq());
                return;
            }
            news = true;
            if (ready) {
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** False when the queue is full: the message stays in the database. */
    private boolean put(Waiting message) {
        var queue = queues.computeIfAbsent(message.chat().toString(), chat -> {
            var started = new ChatQueue();
            starts.accept(message.chat(), started);
            return started;
        });
        boolean taken = queue.offer(message);
        if (taken) {
            inMemory++;
        }
        return taken;
    }

    private void drop(ChatQueue queue, Waiting message) {
        if (queue.remove(message) && --inMemory == MAX / 2) {
            arrived.signal();
        }
    }

    /** The heads that are due later than this, by their numbers. */
    Map<Long, ChatQueue> delayed(long after) {
        var delayed = new HashMap<Long, ChatQueue>();
        lock.lock();
        try {
            for (var queue : queues.values()) {
                if (queue.head() != null && queue.head().dueAt() > after && delayed.size() < MAX) {
                    delayed.put(queue.head().seq(), queue);
                }
            }
        } finally {
            lock.unlock();
        }
        return delayed;
    }

    /**
     * Drops the delayed heads that no longer wait.
     *
     * @param looked the numbers that were looked up
     * @param still  the numbers of these that wait
     */
    void drop(Map<Long, ChatQueue> delayed, Collection<Long> looked, Set<Long> still) {
        lock.lock();
        try {
            looked.stream().filter(seq -> !still.contains(seq)).forEach(seq -> {
                var queue = delayed.get(seq);
                if (queue != null && queue.head() != null && queue.head().seq() == seq) {
                    drop(queue, queue.head());
                }
            });
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The message is finished; the queue's next one goes after this time. */
    void done(ChatQueue queue, Waiting message, long restsUntil) {
        lock.lock();
        try {
            queue.restsUntil(restsUntil);
            drop(queue, message);
        } finally {
            lock.unlock();
        }
    }

    /** The message is tried again, at its new time. */
    void later(ChatQueue queue, Waiting message, Waiting later) {
        lock.lock();
        try {
            queue.replace(message, later);
        } finally {
            lock.unlock();
        }
    }

    /** What a queue's thread does next. */
    sealed interface Next {
        /** Send this. */
        record Send(Waiting message) implements Next {}

        /** Read the chat's messages after the first number, up to the last, and give them to {@link #refilled}. */
        record Refill(long after, long last) implements Next {}

        /** Nothing; the queue is gone, or the account's sender is closed. */
        record End() implements Next {}
    }

    /** Waits until the queue's head is due, or the queue is empty. */
    Next next(Jid chat, ChatQueue queue, Gate gate) {
        lock.lock();
        try {
            while (!gate.closed()) {
                var head = queue.head();
                if (head != null) {
                    boolean ready = gate.ready();
                    if (!ready) {
                        gate.rest();
                    }
                    var wait = ready
                            ? Math.max(Math.max(head.dueAt(), queue.restsUntil()), gate.opens()) - clock.millis()
                            : sweepMillis;
                    if (wait <= 0) {
                        return new Next.Send(head);
                    }
                    changed.await(Math.min(wait, sweepMillis), TimeUnit.MILLISECONDS);
                } else if (queue.more()) {
                    // What comes after the cursor is offered as the window is filled.
                    return new Next.Refill(queue.beginRefill(), cursor);
                } else {
                    var rest = queue.restsUntil() - clock.millis();
                    if (rest > 0) {
                        changed.await(Math.min(rest, sweepMillis), TimeUnit.MILLISECONDS);
                        continue;
                    }
                    queues.remove(chat.toString());
                    if (queues.isEmpty()) {
                        gate.rest();
                    }
                    return new Next.End();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return new Next.End();
    }

    /** Ends a {@link Next.Refill}; {@code all} says that there was no more to read. */
    void refilled(ChatQueue queue, List<Waiting> read, boolean all) {
        lock.lock();
        try {
            inMemory += queue.endRefill(read, all);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for news, for as long as a sweep at the most. */
    void pause() {
        lock.lock();
        try {
            if (!news) {
                arrived.await(sweepMillis, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
