package gateway.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Remembers which credentials were verified, for as long as their client keeps coming at least every ten minutes, so that it
 * pays for a slow hash once and need not queue for another one behind a flood of guesses. Holds no credential, only its HMAC under a key that dies with the process, together with
 * where it came from and the accounts' generation: an entry helps only the network it was earned from, so that a wait
 * imposed on one address cannot be got round by guessing at what another one has verified, and a change of the accounts
 * ends all entries at once.
 *
 * <p>Only successes are kept: kept failures would let guesses push out the good ones.
 */
final class VerifiedCache {
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final int MOST_ENTRIES = 1024;
    private static final long TOUCH_MILLIS = 60_000;

    /** An HMAC's 256 bits. */
    record Key(long a, long b, long c, long d) {
    }

    /** Who it was, and until when this may be believed. */
    static final class Entry {
        final Principal principal;
        final boolean retiring;
        private final long end;
        private volatile long until;
        private final AtomicLong touched = new AtomicLong(Long.MIN_VALUE);

        Entry(Principal principal, boolean retiring, Instant notAfter, long now) {
            this.principal = principal;
            this.retiring = retiring;
            this.end = notAfter.isBefore(Instant.ofEpochMilli(Long.MAX_VALUE)) ? notAfter.toEpochMilli() : Long.MAX_VALUE;
            this.until = until(now);
        }

        private long until(long now) {
            return Math.min(now + LIFE.toMillis(), end);
        }

        /** True once a minute: time to note the last use. */
        boolean touch(long now) {
            long last = touched.get();
            if ((last != Long.MIN_VALUE && now - last < TOUCH_MILLIS) || !touched.compareAndSet(last, now)) {
                return false;
            }
            until = until(now);
            return true;
        }
    }

    private final ProcessKey key;
    private final InstantSource clock;
    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();

    VerifiedCache(ProcessKey key, InstantSource clock) {
        this.key = key;
        this.clock = clock;
    }

    /** @param credential the header's text, scheme included */
    Key key(String credential, Network site, long generation) {
        byte[] mac = key.of(credential.getBytes(StandardCharsets.UTF_8), site.base(),
                ByteBuffer.allocate(Long.BYTES).putLong(generation).array());
        var bytes = ByteBuffer.wrap(mac);
        return new Key(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    Optional<Entry> find(Key key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        if (entry.until <= clock.millis()) {
            entries.remove(key, entry);
            return Optional.empty();
        }
        return Optional.of(entry);
    }

    /** @param notAfter when the credential itself ends */
    Entry put(Key key, Principal principal, boolean retiring, Instant notAfter) {
        long now = clock.millis();
        if (entries.size() >= MOST_ENTRIES) {
            entries.values().removeIf(entry -> entry.until <= now);
        }
        while (entries.size() >= MOST_ENTRIES) {
            entries.entrySet().stream().min(Comparator.comparingLong(oldest -> oldest.getValue().until))
                    .ifPresent(oldest -> entries.remove(oldest.getKey()));
        }
        var entry = new Entry(principal, retiring, notAfter, now);
        entries.put(key, entry);
        return entry;
    }

    int size() {
        return entries.size();
    }
}
