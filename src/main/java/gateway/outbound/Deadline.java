package gateway.outbound;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * The end of one exchange, whatever it is doing by then: connecting, shaking hands, writing to a full window, reading a
 * byte every few seconds. When it strikes it closes the socket, which is the one thing that wakes all of these.
 */
final class Deadline implements AutoCloseable {
    private static final ScheduledThreadPoolExecutor CLOCK = clock();

    private final long ends;
    private final ScheduledFuture<?> strike;
    private @Nullable Closeable guarded;
    private boolean struck;

    private Deadline(Duration total) {
        this.ends = System.nanoTime() + total.toNanos();
        this.strike = CLOCK.schedule(this::strike, total.toNanos(), TimeUnit.NANOSECONDS);
    }

    static Deadline in(Duration total) {
        return new Deadline(total);
    }

    /** Puts the socket under the deadline, in place of the one before. */
    synchronized void guard(Closeable socket) throws IOException {
        guarded = socket;
        if (struck) {
            socket.close();
        }
    }

    synchronized boolean struck() {
        return struck;
    }

    /** What is left, at least one millisecond. */
    int millisLeft() {
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(ends - System.nanoTime()));
    }

    private synchronized void strike() {
        struck = true;
        if (guarded != null) {
            try {
                guarded.close();
            } catch (IOException e) {
                System.getLogger(Deadline.class.getName())
                        .log(System.Logger.Level.DEBUG, "closing a late connection", e);
            }
        }
    }

    /** Ends the watch; the socket lives on. */
    @Override
    public void close() {
        strike.cancel(false);
    }

    private static ScheduledThreadPoolExecutor clock() {
        var clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("webhook-deadline").daemon(true).factory());
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }
}
