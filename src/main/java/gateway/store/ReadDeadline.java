package gateway.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The end of reads that take too long: whoever asked is refused, and the connection serves others. It counts for every
 * connection that is lent for reading, whatever is read. A SQLite statement is interrupted from here, by a thread of
 * the system's, because a statement that runs holds its own thread; a PostgreSQL server keeps the time itself ({@code
 * statement_timeout}).
 */
final class ReadDeadline implements AutoCloseable {
    /** The longest a client of a list is worth waiting for: its own timeout is seldom more than ten seconds. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    private static final long MAX_TICK = Duration.ofMillis(100).toNanos();
    /** Empty ticks after which the watcher sleeps until somebody reads. */
    private static final int IDLE_TICKS = 50;

    private final long limit;
    private final long tick;
    private final Set<Watched> running = ConcurrentHashMap.newKeySet();
    private final Thread watcher;
    private volatile boolean closed;
    private volatile boolean asleep;

    ReadDeadline(Duration limit) {
        this.limit = limit.toNanos();
        this.tick = Math.min(MAX_TICK, this.limit / 2);
        this.watcher = Thread.ofPlatform().daemon().name("read-deadline").start(this::watch);
    }

    /** What a statement is stopped with. */
    @FunctionalInterface
    interface Interrupt {
        void now() throws SQLException;
    }

    /** Counts from now. */
    Watched begin(Interrupt interrupt) {
        var watched = new Watched(interrupt, System.nanoTime() + limit);
        running.add(watched);
        if (asleep) {
            LockSupport.unpark(watcher);
        }
        return watched;
    }

    private void watch() {
        int idle = 0;
        while (!closed) {
            idle = running.isEmpty() ? idle + 1 : 0;
            asleep = idle > IDLE_TICKS;
            if (asleep && running.isEmpty()) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, tick);
            }
            long now = System.nanoTime();
            for (var read : running) {
                if (now - read.end > 0) {
                    read.stop();
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(watcher);
    }

    /** One read that is watched, until it is closed. */
    final class Watched implements AutoCloseable {
        private final Interrupt interrupt;
        private final long end;
        /** Held while the statement is stopped, so that nobody else's statement on the same connection is. */
        private final ReentrantLock lock = new ReentrantLock();

        private boolean over;

        private Watched(Interrupt interrupt, long end) {
            this.interrupt = interrupt;
            this.end = end;
        }

        /** Again with each tick: one that came between two statements stops neither. */
        private void stop() {
            lock.lock();
            try {
                if (!over) {
                    interrupt.now();
                }
            } catch (SQLException e) {
                System.getLogger(ReadDeadline.class.getName())
                        .log(System.Logger.Level.DEBUG, "a statement could not be stopped", e);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            running.remove(this);
            lock.lock();
            try {
                over = true;
            } finally {
                lock.unlock();
            }
        }
    }
}
