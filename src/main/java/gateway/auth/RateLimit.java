package gateway.auth;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * So many requests a second for each key, and a burst on top, exactly as nginx's {@code limit_req … burst=N nodelay}
 * lets them through (guide, "Nginx Rate Limiting"): after a rest, {@code burst + 1} at once.
 *
 * @param <K> what is counted by: a network, a principal's name
 */
public final class RateLimit<K> {
    /** Keys remembered; beyond them the longest idle is forgotten, which only errs in its favour. */
    private static final int MAX_KEYS = 100_000;

    /**
     * @param perSecond requests a second; 0 for no limit
     * @param burst     how many more may come at once
     */
    public record Rate(int perSecond, int burst) {
        public Rate {
            if (perSecond < 0 || perSecond > 1_000_000 || burst < 0 || burst > 1_000_000) {
                throw new IllegalArgumentException("a rate is 0 to 1000000 requests a second with a burst of as many");
            }
        }
    }

    /**
     * What one request was told.
     *
     * @param allowed   whether it may go on
     * @param remaining how many could follow at once
     * @param reset     seconds until the burst is whole again, rounded up
     * @param retry     seconds until the next one would be allowed, rounded up
     */
    public record Answer(boolean allowed, int limit, int remaining, long reset, long retry) {}

    private final Rate rate;
    private final long interval;
    private final LongSupplier nanos;
    /** For each key, when it would be even again: the theoretical arrival time of ATM's GCRA. */
    private final Map<K, Long> due;

    public RateLimit(Rate rate) {
        this(rate, System::nanoTime);
    }

    RateLimit(Rate rate, LongSupplier nanos) {
        this.rate = rate;
        this.interval = rate.perSecond() == 0 ? 0 : 1_000_000_000L / rate.perSecond();
        this.nanos = nanos;
        this.due = new LinkedHashMap<>(64, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Long> eldest) {
                return size() > MAX_KEYS;
            }
        };
    }

    /** Counts a request; a refused one costs nothing, so that a client that waits is let in again. */
    public Answer take(K key) {
        if (interval == 0) {
            return new Answer(true, Integer.MAX_VALUE, Integer.MAX_VALUE, 0, 0);
        }
        long now = nanos.getAsLong();
        long room = rate.burst() * interval;
        synchronized (due) {
            Long before = due.get(key);
            long even = before == null || before - now < 0 ? now : before;
            long debt = even - now;
            if (debt > room) {
                return new Answer(false, rate.burst() + 1, 0, seconds(debt), seconds(debt - room));
            }
            due.put(key, even + interval);
            return new Answer(true, rate.burst() + 1, (int) ((room - debt) / interval), seconds(debt + interval), 0);
        }
    }

    public boolean unlimited() {
        return interval == 0;
    }

    private static long seconds(long nanoseconds) {
        return (nanoseconds + 999_999_999L) / 1_000_000_000L;
    }
}
