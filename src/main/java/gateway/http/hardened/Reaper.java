package gateway.http.hardened;

import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import gateway.http.HttpMetrics;
import gateway.process.Seldom;
import gateway.process.Worker;
import gateway.process.WorkerKind;
import gateway.process.Workers;

/** Looks at every open connection a few times a second and closes those whose deadline has passed. */
final class Reaper implements AutoCloseable {
    private static final long PERIOD_MILLIS = 100;

    private final Set<GuardedConnection> open = ConcurrentHashMap.newKeySet();
    private final HttpMetrics metrics;
    private final Worker worker;
    private final Seldom log = new Seldom(Reaper.class);
    private final Thread thread;

    Reaper(String listener, HttpMetrics metrics, Workers workers) {
        this.metrics = metrics;
        this.worker = workers.add(WorkerKind.CONNECTION_REAPER);
        // A platform thread: it must come round even when every carrier of the virtual threads is busy.
        thread = Thread.ofPlatform().daemon().name(listener + "-reaper").start(worker.supervised(this::run));
    }

    void watch(GuardedConnection connection) {
        open.add(connection);
    }

    void forget(GuardedConnection connection) {
        open.remove(connection);
    }

    int connections() {
        return open.size();
    }

    private void run() throws InterruptedException {
        while (true) {
            Thread.sleep(PERIOD_MILLIS);
            worker.begin();
            try {
                long now = System.nanoTime();
                open.forEach(connection -> look(connection, now));
            } finally {
                // One connection that cannot be closed does not mean that the reaper is stuck.
                worker.done();
            }
        }
    }

    /** One that cannot be closed, because its client has just reset it, must not hide the others. */
    private void look(GuardedConnection connection, long now) {
        try {
            if (connection.cutWhenLate(now)) {
                open.remove(connection);
                metrics.reaped();
            }
        } catch (RuntimeException e) {
            log.log(
                    Level.WARNING,
                    "A late connection could not be closed: " + e.getClass().getName());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        worker.close();
    }
}
