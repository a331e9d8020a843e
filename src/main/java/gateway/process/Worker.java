package gateway.process;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One background worker's account of itself: whether it has work, and when it last got on. Cheap, and safe for many
 * threads: several that share a worker are stuck only when none of them gets on.
 */
public final class Worker implements AutoCloseable {
    /** The pause before a loop that died is begun again. */
    private static final Duration RESTART_AFTER = Duration.ofSeconds(1);

    private final WorkerKind kind;
    private final Workers workers;
    private final Seldom log = new Seldom(Worker.class);
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean failing;
    private volatile long last;

    Worker(WorkerKind kind, Workers workers) {
        this.kind = kind;
        this.workers = workers;
        this.last = workers.nanos();
    }

    /** What runs for as long as the worker lives; it returns, or is interrupted, when it is no longer wanted. */
    @FunctionalInterface
    public interface Loop {
        void run() throws InterruptedException;
    }

    public WorkerKind kind() {
        return kind;
    }

    /** Notes that a piece of work is begun; {@link #done} or {@link #failed} follows. */
    public void begin() {
        if (underWay.getAndIncrement() == 0 && !failing) {
            last = workers.nanos();
        }
    }

    /** Notes that a part of a long piece of work is done. */
    public void moved() {
        last = workers.nanos();
    }

    /** Notes that a piece of work is finished, or was set aside. */
    public void done() {
        last = workers.nanos();
        failing = false;
        underWay.decrementAndGet();
    }

    /**
     * Notes that a piece of work could not be done and waits to be tried again. There is no progress until the next
     * piece is done.
     */
    public void failed() {
        failing = true;
        underWay.decrementAndGet();
    }

    /** Notes that there is nothing to do, or nothing that could be done now; what failed is no longer there. */
    public void rest() {
        if (failing) {
            failing = false;
        }
    }

    /** How long the worker has had work without progress; zero when it has no work. */
    public Duration stalled() {
        return underWay.get() > 0 || failing ? Duration.ofNanos(Math.max(0, workers.nanos() - last)) : Duration.ZERO;
    }

    /**
     * The loop for a thread. When the loop ends by an exception or an error, that is logged and the loop begins again,
     * so that no worker dies in silence.
     */
    public Runnable supervised(Loop loop) {
        return () -> {
            while (true) {
                try {
                    loop.run();
                    return;
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                } catch (Throwable e) {
                    died(e);
                }
                try {
                    Thread.sleep(RESTART_AFTER);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        };
    }

    /** Does a piece of work. False when it failed by any exception or error, which is logged. */
    public boolean attempt(Runnable chore) {
        begin();
        try {
            chore.run();
            done();
            return true;
        } catch (Throwable e) {
            failed();
            log.log(Level.WARNING, "a turn of " + kind.label() + " failed and is tried again", e);
            return false;
        }
    }

    private void died(Throwable e) {
        underWay.set(0);
        failing = true;
        workers.restarted(kind);
        log.log(Level.ERROR, "the worker " + kind.label() + " met what it does not know, and is begun again", e);
    }

    /** Forgets the worker, which is no longer wanted, with the work that it had left. */
    @Override
    public void close() {
        workers.forget(this);
    }
}
