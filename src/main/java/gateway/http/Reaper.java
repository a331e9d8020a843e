package gateway.http;

import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Looks at every open connection a few times a second and closes those whose deadline has passed. */
final class Reaper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Reaper.class.getName());
    private static final long PERIOD_MILLIS = 100;

    private final Set<GuardedConnection> open = ConcurrentHashMap.newKeySet();
    private final HttpMetrics metrics;
    private final Thread thread;
    private volatile boolean draining;

    Reaper(String listener, HttpMetrics metrics) {
        this.metrics = metrics;
        // A platform thread: it must come round even when every carrier of the virtual threads is busy.
        thread = Thread.ofPlatform().daemon().name(listener + "-reaper").start(this::run);
    }

    void watch(GuardedConnection connection) {
        open.add(connection);
    }

    void forget(GuardedConnection connection) {
        open.remove(connection);
    }

    /** From now on a connection that waits for its next request is closed instead of holding up the listener's end. */
    void drain() {
        draining = true;
    }

    int connections() {
        return open.size();
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(PERIOD_MILLIS);
                long now = System.nanoTime();
                open.forEach(connection -> look(connection, now));
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** One that cannot be closed, because its client has just reset it, must not hide the others. */
    private void look(GuardedConnection connection, long now) {
        try {
            if (draining && connection.closeWhenIdle()) {
                open.remove(connection);
            } else if (connection.cutWhenLate(now)) {
                open.remove(connection);
                metrics.reaped();
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "A late connection could not be closed: {0}", e.getClass().getName());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
