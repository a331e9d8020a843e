package gateway.http.hardened;

import java.time.Duration;

/**
 * The phase that a connection is in, and how long its client may take to send in that phase. One thread changes it;
 * others may ask for the phase.
 */
final class PhaseClock {
    /** What is read from the client at this moment. */
    enum Phase {
        /** The first line and the headers of a request. */
        HEAD,
        /** The body of a request that is being answered. */
        BODY,
        /** The rest of a body whose request has its answer. */
        REFUSED,
        /** The frames of a WebSocket. */
        UPGRADED,
        /** Nothing yet: the connection is kept for the next request. */
        IDLE,
        /** What still comes behind the last reply. */
        LEAVING
    }

    /** A socket that is pinged says more within a minute; from one that says nothing for so long its client is gone. */
    private static final long SILENCE_NANOS = Duration.ofMinutes(10).toNanos();
    /** How long the rest of an answered request's body may take, for the connection to be kept. */
    private static final long REFUSED_NANOS = Duration.ofSeconds(5).toNanos();

    private final Limits limits;
    private volatile Phase phase = Phase.HEAD;
    /** True after the first request: what waits here since is no stranger's. */
    private volatile boolean served;

    private long start = System.nanoTime();
    private long bytes;
    private Linger leaving = Linger.BRIEF;

    PhaseClock(Limits limits) {
        this.limits = limits;
    }

    Phase phase() {
        return phase;
    }

    /** Whether a body is read, of a request that waits for its answer or has it. */
    boolean inBody() {
        Phase now = phase;
        return now == Phase.BODY || now == Phase.REFUSED;
    }

    /**
     * Whether a connection in this phase may be closed to make room for another.
     *
     * @param kept whether this holds also for one that was served before: it waits for its next request, or that
     *             request's head has begun
     */
    boolean mayGiveWay(boolean kept) {
        return switch (phase) {
            case HEAD -> kept || !served;
            case IDLE -> kept;
            case REFUSED, LEAVING -> true;
            case BODY, UPGRADED -> false;
        };
    }

    void enter(Phase next) {
        served |= next == Phase.IDLE;
        phase = next;
        start = System.nanoTime();
        bytes = 0;
    }

    /** Begins to read on behind the last reply, within these bounds. */
    void leave(Linger bounds) {
        enter(Phase.LEAVING);
        leaving = bounds;
    }

    /** So many bytes came. */
    void read(int count) {
        bytes += count;
    }

    /** Nanoseconds since the phase began. */
    long sincePhaseBegan() {
        return System.nanoTime() - start;
    }

    /**
     * The time at which the client's next bytes must have come, as {@link System#nanoTime} counts. A body gains time
     * with each byte, so that only a client that is slower than the limit is too late.
     */
    long readDeadline(long now) {
        return switch (phase) {
            case HEAD -> start + limits.headerTime().toNanos();
            case IDLE -> start + limits.idle().toNanos();
            case UPGRADED -> now + SILENCE_NANOS;
            case REFUSED -> start + Math.min(REFUSED_NANOS, limits.stall().toNanos());
            case LEAVING ->
                Math.min(
                        now + leaving.quiet().toNanos(), start + leaving.whole().toNanos());
            case BODY -> {
                long earned = bytes / limits.bodyRate() * 1_000_000_000L;
                yield Math.min(
                        now + limits.stall().toNanos(), start + limits.stall().toNanos() + earned);
            }
        };
    }
}
