package gateway.auth;

import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes guessing slow for an address, never for an account: whoever could lock an account out would do it to its owner.
 * Ten failures in five minutes cost 30 seconds of silence, each further failure after that twice as long, up to 15
 * minutes. Counted per IPv4 address and per IPv6 /64.
 */
final class Backoff {
    private static final int ALLOWED = 10;
    private static final long WINDOW = Duration.ofMinutes(5).toMillis();
    private static final long FIRST_WAIT = Duration.ofSeconds(30).toMillis();
    private static final long MAX_WAIT = Duration.ofMinutes(15).toMillis();
    /** About 20 MB when full; beyond it the one that has been quiet longest is forgotten. */
    private static final int MAX_SITES = 100_000;

    private static final class Site {
        private long windowStart;
        private int failures;
        private long wait;
        private long until;
    }

    private final InstantSource clock;
    private final Map<Network, Site> sites;

    Backoff(InstantSource clock) {
        this(clock, MAX_SITES);
    }

    Backoff(InstantSource clock, int mostSites) {
        this.clock = clock;
        this.sites = new LinkedHashMap<>(64, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Network, Site> eldest) {
                return size() > mostSites;
            }
        };
    }

    /** Seconds that this address has to wait still, rounded up; 0 when it may try. */
    long secondsLeft(InetAddress address) {
        Network site = Network.site(address);
        long now = clock.millis();
        synchronized (sites) {
            Site record = sites.get(site);
            return record == null || record.until <= now ? 0 : (record.until - now + 999) / 1000;
        }
    }

    /**
     * Counts a failure.
     *
     * @return true when it starts a wait
     */
    boolean failed(InetAddress address) {
        Network site = Network.site(address);
        long now = clock.millis();
        synchronized (sites) {
            Site record = sites.computeIfAbsent(site, s -> new Site());
            if (record.until > now) {
                // Attempts that were already on their way when the wait began change nothing.
                return false;
            }
            if (record.wait > 0 && now - record.until > MAX_WAIT) {
                record.wait = 0;
                record.failures = 0;
            }
            if (record.wait == 0 && (record.failures == 0 || now - record.windowStart > WINDOW)) {
                record.windowStart = now;
                record.failures = 0;
            }
            record.failures++;
            if (record.wait == 0 && record.failures < ALLOWED) {
                return false;
            }
            record.wait = record.wait == 0 ? FIRST_WAIT : Math.min(record.wait * 2, MAX_WAIT);
            record.until = now + record.wait;
            return true;
        }
    }

    /** Addresses that have to wait at this moment. */
    int active() {
        long now = clock.millis();
        synchronized (sites) {
            return (int)
                    sites.values().stream().filter(record -> record.until > now).count();
        }
    }

    int remembered() {
        synchronized (sites) {
            return sites.size();
        }
    }
}
