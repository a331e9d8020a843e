package gateway.process;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One background worker's account of itself: whether it has work, and when it last got on. Cheap, and safe for many
 * threads: several that share a worker are stuck only when none of them gets on.
 */
public final class Worker implements AutoCloseable {
    /** Before a loop that died is begun again. */
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

    /** A piece of work is begun; {@link #done} or {@link #failed} follows. */
    public void begin() {
        if (underWay.getAndIncrement() == 0 && !failing) {
            last = workers.nanos();
        }
    }

    /** A part of a long piece of work is done. */
    public void moved() {
        last = workers.nanos();
    }

    /** A piece of work is finished, well or as one that is set aside. */
    public void done() {
        last = workers.nanos();
        failing = false;
        underWay.decrementAndGet();
    }

    /**
     * A piece of work could not be done and waits to be tried again. Until the next one is done there is no progress.
     */
    public void failed() {
        failing = true;
        underWay.decrementAndGet();
    }

    /** There is nothing to do, or nothing that could be done now; what failed is no longer there. */
    public void rest() {
        if (failing) {
            failing = false;
        }
    }

    /** How long it has had work and has not got on; zero when it has none. */
    public Duration stalled() {
        return underWay.get() > 0 || failing ? Duration.ofNanos(Math.max(0, workers.nanos() - last)) : Duration.ZERO;
    }

    /**
     * The loop, for a thread: begun again, and said, when it ends by an exception or an error that it does not know. A
     * thread of this kind never dies in silence.
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

    /** Does a piece of work; false, and said, when it failed by whatever it may be. */
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

    /** It is no longer wanted; whatever it had left is not asked for any more. */
    @Override
    public void close() {
        workers.forget(this);
    }
}
