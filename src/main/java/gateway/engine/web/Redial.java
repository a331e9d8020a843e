package gateway.engine.web;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * When the connection is opened again: at once when somebody calls for it, else after a pause that doubles with each
 * failure.
 */
final class Redial {
    private static final long FIRST_PAUSE_MILLIS = 500;
    private static final long MAX_PAUSE_MILLIS = 60_000;

    private final Semaphore calls = new Semaphore(0);
    /** Of the thread that keeps the connection alone. */
    private long pauseMillis = FIRST_PAUSE_MILLIS;

    /** Ends the present wait, or else the next one. */
    void now() {
        calls.release();
    }

    /** Waits for a call, however long. */
    void awaitCall() throws InterruptedException {
        calls.acquire();
    }

    /** Sets the next pause; {@code served} tells whether the connection was up before it ended. */
    void ended(boolean served) {
        pauseMillis = served ? FIRST_PAUSE_MILLIS : Math.min(2 * pauseMillis, MAX_PAUSE_MILLIS);
    }

    /** Waits for the end of the pause, or for a call. */
    void awaitTurn() throws InterruptedException {
        if (calls.tryAcquire(pauseMillis, TimeUnit.MILLISECONDS)) {
            calls.drainPermits();
        }
    }
}
