package gateway.engine.web.signal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The message key seeds of counters that were jumped over, oldest first. Immutable. */
public final class SkippedKeys {
    /** No key. */
    public static final SkippedKeys NONE = new SkippedKeys(List.of());

    private final List<Skipped> keys;

    private SkippedKeys(List<Skipped> keys) {
        this.keys = keys;
    }

    /** The seed of one counter. */
    public record Skipped(int counter, Secret32 seed) {}

    /** The keys, oldest first; above the limit the oldest are dropped. */
    static SkippedKeys of(List<Skipped> keys, int max) {
        if (keys.isEmpty() || max == 0) {
            return NONE;
        }
        return new SkippedKeys(List.copyOf(keys.subList(Math.max(0, keys.size() - max), keys.size())));
    }

    /** The keys, oldest first. */
    public List<Skipped> all() {
        return keys;
    }

    /** How many. */
    public int size() {
        return keys.size();
    }

    Optional<Secret32> seed(int counter) {
        return keys.stream().filter(key -> key.counter == counter).findFirst().map(Skipped::seed);
    }

    SkippedKeys without(int counter) {
        return of(keys.stream().filter(key -> key.counter != counter).toList(), SignalLimits.MAX_SKIPPED_KEYS);
    }

    SkippedKeys with(Skipped... more) {
        if (more.length == 0) {
            return this;
        }
        Skipped[] joined = Arrays.copyOf(keys.toArray(Skipped[]::new), keys.size() + more.length);
        System.arraycopy(more, 0, joined, keys.size(), more.length);
        return of(Arrays.asList(joined), SignalLimits.MAX_SKIPPED_KEYS);
    }

    SkippedKeys newest(int max) {
        return keys.size() <= max ? this : of(keys, max);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SkippedKeys skipped && keys.equals(skipped.keys);
    }

    @Override
    public int hashCode() {
        return keys.hashCode();
    }

    @Override
    public String toString() {
        return "SkippedKeys[" + keys.size() + "]";
    }
}
