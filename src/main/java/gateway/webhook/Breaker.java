package gateway.webhook;

import java.util.ArrayDeque;

/**
 * Spares an endpoint that is down: when of at least ten calls in five minutes seven in ten failed, none is made for
 * half a minute; then one, whose outcome decides. Deliveries wait meanwhile without using up their calendar.
 */
final class Breaker {
    private static final long WINDOW = 5 * 60_000;
    private static final int MIN = 10;
    private static final double FAILED = 0.7;
    private static final long REST = 30_000;
    /** Enough to judge by; an endpoint at full speed makes as many calls in a second. */
    private static final int REMEMBERED = 1_000;

    private final ArrayDeque<Call> calls = new ArrayDeque<>();
    private int failures;
    private long openUntil;

    private record Call(long at, boolean failed) {}

    /** Notes how a call ended. */
    synchronized void note(boolean failed, long now) {
        if (openUntil > 0 && !failed) {
            openUntil = 0;
            calls.clear();
            failures = 0;
        }
        calls.addLast(new Call(now, failed));
        failures += failed ? 1 : 0;
        while (calls.size() > REMEMBERED || calls.peekFirst().at <= now - WINDOW) {
            failures -= calls.removeFirst().failed ? 1 : 0;
        }
        if (failed && (openUntil > 0 || calls.size() >= MIN && failures >= FAILED * calls.size())) {
            openUntil = now + REST;
        }
    }

    /** Milliseconds during which no call may be made; 0 = now. */
    synchronized long rest(long now) {
        return Math.max(0, openUntil - now);
    }

    /** Whether the next call is the one that decides. */
    synchronized boolean probing() {
        return openUntil > 0;
    }
}
