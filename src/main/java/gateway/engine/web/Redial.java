package gateway.engine.web;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * When the connection is opened again: at once when somebody calls for it, else after a pause. The pause doubles with
 * each failure, and a part of it is drawn by lot, so that the accounts do not all come back in the same moment.
 */
final class Redial {
    private static final long FIRST_MILLIS = 200;
    private static final long MIN_MILLIS = 2_000;
    private static final long MAX_MILLIS = 60_000;
    /** The longest pause after a connection that was up, however shortly. */
    private static final long MAX_SHORT_MILLIS = 8_000;
    /** How long a connection is up until its end counts as no failure. */
    private static final Duration SETTLED = Duration.ofSeconds(30);

    private final Semaphore calls = new Semaphore(0);
    /** Of the thread that keeps the connection alone. */
    private int failures;

    private long most = MAX_MILLIS;

    /** Ends the present wait, or else the next one. */
    void now() {
        calls.release();
    }

    /** Waits for a call, however long. */
    void awaitCall() throws InterruptedException {
        calls.acquire();
    }

    /** Waits for a call, or for that time. */
    void awaitCall(Duration longest) throws InterruptedException {
        if (calls.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            calls.drainPermits();
        }
    }

    /**
     * Sets the next pause after a connection's end.
     *
     * @param up how long the connection was up; zero when it did not come up
     */
    void ended(Duration up) {
        failures = up.compareTo(SETTLED) >= 0 ? 0 : failures + 1;
        most = up.isZero() ? MAX_MILLIS : MAX_SHORT_MILLIS;
    }

    /** As {@link #ended}, after the server asked for a new connection: at once, unless it asks again and again. */
    void restarted(Duration up) {
        ended(up);
        if (failures <= 1) {
            now();
        }
    }

    /** How many connections have failed one after the other. */
    int failures() {
        return failures;
    }

    /** Waits for the end of the pause, or for a call. */
    void awaitTurn() throws InterruptedException {
        awaitCall(pause());
    }

    /** The next pause; after a connection that had settled it is anything up to two seconds. */
    Duration pause() {
        long longest = Math.min(most, MIN_MILLIS << Math.min(failures, 8));
        long shortest = failures == 0 ? FIRST_MILLIS : longest / 2;
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(shortest, longest + 1));
    }
}
