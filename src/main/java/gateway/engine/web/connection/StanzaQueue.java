package gateway.engine.web.connection;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import gateway.engine.web.node.Node;

/**
 * The stanzas that wait for the account's thread, in the order of their arrival. Beyond a limit the reader waits, and
 * the server with it; but not while somebody waits for an answer, which may stand behind them.
 */
final class StanzaQueue {
    static final int MAX_WAITING = 2_048;
    static final long MAX_BYTES = 4 << 20;
    /** How many times over it may be full before even an awaited answer is given up. */
    static final int OVERFLOW = 4;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Entry> entries = new ArrayDeque<>();
    private long bytes;
    private int expected;
    private Optional<End> end = Optional.empty();

    /** Adds a stanza of a size in bytes; waits while the inbox is full. */
    void put(Node node, int size) throws ConnectionEnded, InterruptedException {
        lock.lock();
        try {
            while (end.isEmpty() && expected == 0 && isBeyond(1)) {
                changed.await();
            }
            if (end.isEmpty() && isBeyond(OVERFLOW)) {
                throw new ConnectionEnded(new End.Lost("too many stanzas wait"));
            }
            entries.add(new Entry(node, size));
            bytes += size;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean isBeyond(int times) {
        return entries.size() >= times * MAX_WAITING || bytes >= times * MAX_BYTES;
    }

    /** The next stanza, or nothing when none came in time. After the end, first what had arrived before it. */
    Optional<Node> take(Duration patience) throws ConnectionEnded, InterruptedException {
        long nanos = patience.toNanos();
        lock.lock();
        try {
            while (entries.isEmpty()) {
                if (end.isPresent()) {
                    throw new ConnectionEnded(end.get());
                }
                if (nanos <= 0) {
                    return Optional.empty();
                }
                nanos = changed.awaitNanos(nanos);
            }
            Entry entry = entries.remove();
            bytes -= entry.size();
            changed.signalAll();
            return Optional.of(entry.node());
        } finally {
            lock.unlock();
        }
    }

    /** Says that answers are awaited ({@code 1}) or no longer ({@code -1}). */
    void expect(int change) {
        lock.lock();
        try {
            expected += change;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void end(End why) {
        lock.lock();
        try {
            end = Optional.of(end.orElse(why));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private record Entry(Node node, int size) {}
}
