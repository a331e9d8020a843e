package gateway.http;

import java.util.concurrent.ConcurrentHashMap;

/**
 * A pause before the refusal of a caller that was refused just before: a program that repeats a refused request at once
 * must not take the processors from the others. The first refusal after a rest is told at once. Who waits holds no slot.
 *
 * @param <K> the caller. There are few: a bounded number of principals, or one key for all
 */
public final class Tarpit<K> {
    private static final long HOLD_MILLIS = 100;
    private static final long HOLD_NANOS = HOLD_MILLIS * 1_000_000;

    private final ConcurrentHashMap<K, Long> refusedAt = new ConcurrentHashMap<>();

    /** Waits for 0.1 s when the last refusal of this caller was told less than that ago. */
    public void refuse(K caller) {
        Long before = refusedAt.put(caller, System.nanoTime());
        if (before == null || System.nanoTime() - before >= HOLD_NANOS) {
            return;
        }
        if (Exchange.CONNECTION.isBound()) {
            Exchange.CONNECTION.get().release();
        }
        try {
            Thread.sleep(HOLD_MILLIS);
        } catch (InterruptedException e) {
            // The listener closes: its threads end soon, and the caller is told at once.
            Thread.currentThread().interrupt();
        }
        refusedAt.put(caller, System.nanoTime());
    }
}
