package gateway.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Remembers which credentials were verified. For as long as the client comes at least every ten minutes it pays for a
 * slow hash once, and need not queue for another one behind a flood of guesses. For a day after that the client is
 * known still: it is judged once more though its address may have to wait.
 *
 * <p>Holds no credential, only its HMAC under a key that dies with the process, together with the network it came from:
 * an entry helps only that network, so that a wait imposed on one address cannot be got round by guessing at what
 * another one has verified. An entry counts for the accounts it was found in; in others its {@link Recognition} is looked
 * for again.
 *
 * <p>Only successes are kept: kept failures would let guesses push out the good ones.
 */
final class VerifiedCache {
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final Duration KNOWN = Duration.ofHours(24);
    private static final int MAX_ENTRIES = 1024;
    private static final long TOUCH_MILLIS = 60_000;

    /** An HMAC's 256 bits. */
    record Key(long a, long b, long c, long d) {}

    /** Who it was, by which evidence, in which accounts, and until when this may be believed. */
    static final class Entry {
        final Principal principal;
        final boolean retiring;
        final Recognition evidence;
        final long generation;
        private final long end;
        private volatile long until;
        private final AtomicLong touched = new AtomicLong(Long.MIN_VALUE);
        private final AtomicReference<CompletableFuture<Admission>> judgement = new AtomicReference<>();

        private Entry(Recognition evidence, Recognition.Right right, long generation, long until) {
            this.evidence = evidence;
            this.principal = right.principal();
            this.retiring = !right.notAfter().equals(Instant.MAX);
            this.generation = generation;
            this.end = right.notAfter().isBefore(Instant.ofEpochMilli(Long.MAX_VALUE))
                    ? right.notAfter().toEpochMilli()
                    : Long.MAX_VALUE;
            this.until = Math.min(until, end);
        }

        boolean fresh(long now) {
            return now < until;
        }

        private boolean known(long now) {
            return now - until < KNOWN.toMillis();
        }

        /** True once a minute: time to note the last use. */
        boolean touch(long now) {
            long last = touched.get();
            if ((last != Long.MIN_VALUE && now - last < TOUCH_MILLIS) || !touched.compareAndSet(last, now)) {
                return false;
            }
            until = Math.min(now + LIFE.toMillis(), end);
            return true;
        }

        /**
         * The verdict of one judgement, which all that ask at the same time share. Whoever was told to come later may
         * be judged again; any other verdict is the last one under this entry.
         */
        private Admission judged(Supplier<Admission> judge) {
            var mine = new CompletableFuture<Admission>();
            var running = judgement.compareAndExchange(null, mine);
            if (running != null) {
                return running.join();
            }
            try {
                var verdict = judge.get();
                if (verdict instanceof Admission.Later) {
                    judgement.set(null);
                }
                mine.complete(verdict);
                return verdict;
            } catch (RuntimeException | Error failure) {
                judgement.set(null);
                mine.complete(new Admission.Later(Admission.Reason.BUSY, 1));
                throw failure;
            }
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
    Key key(String credential, Network site) {
        byte[] mac = key.of(credential.getBytes(StandardCharsets.UTF_8), site.base());
        var bytes = ByteBuffer.wrap(mac);
        return new Key(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    /** What is known of the credential, be it good still or not. */
    Optional<Entry> known(Key key) {
        Entry entry = entries.get(key);
        if (entry != null && !entry.known(clock.millis())) {
            entries.remove(key, entry);
            return Optional.empty();
        }
        return Optional.ofNullable(entry);
    }

    /** The entry as it counts in these accounts; empty when it is too old, or its evidence is not there any more. */
    Optional<Entry> in(Credentials accounts, Key key, Entry entry) {
        long now = clock.millis();
        if (!entry.fresh(now) || entry.generation == accounts.generation()) {
            return entry.fresh(now) ? Optional.of(entry) : Optional.empty();
        }
        return entry.evidence.in(accounts, clock.instant()).map(right -> {
            var renewed = new Entry(entry.evidence, right, accounts.generation(), entry.until);
            entries.replace(key, entry, renewed);
            return renewed;
        });
    }

    /** As {@link #in}, of whatever is known of the credential. */
    Optional<Entry> find(Credentials accounts, Key key) {
        return known(key).flatMap(entry -> in(accounts, key, entry));
    }

    /** Judges a known credential once more; after a refusal it is not known any longer. */
    Admission again(Key key, Entry entry, Supplier<Admission> judge) {
        var verdict = entry.judged(judge);
        if (verdict instanceof Admission.Refused) {
            entries.remove(key, entry);
        }
        return verdict;
    }

    Entry put(Key key, Recognition evidence, Recognition.Right right, long generation) {
        long now = clock.millis();
        if (entries.size() >= MAX_ENTRIES) {
            entries.values().removeIf(entry -> !entry.known(now));
        }
        while (entries.size() >= MAX_ENTRIES) {
            evict();
        }
        var entry = new Entry(evidence, right, generation, now + LIFE.toMillis());
        entries.put(key, entry);
        return entry;
    }

    /**
     * Takes the oldest entry of whoever has most, so that one credential from many addresses pushes nobody else out.
     */
    private void evict() {
        var counts = new HashMap<Principal, Integer>();
        entries.values().forEach(entry -> counts.merge(entry.principal, 1, Integer::sum));
        counts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .flatMap(most -> entries.entrySet().stream()
                        .filter(entry -> entry.getValue().principal.equals(most.getKey()))
                        .min(Comparator.comparingLong(oldest -> oldest.getValue().until)))
                .ifPresent(oldest -> entries.remove(oldest.getKey(), oldest.getValue()));
    }
}
