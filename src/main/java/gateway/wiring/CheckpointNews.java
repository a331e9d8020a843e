package gateway.wiring;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * The checkpoints of the security log that go to the journal: at most one in a quarter of an hour, because a busy log has
 * one each minute. The beginning of a new file is told at once. Each checkpoint covers all lines before it.
 */
final class CheckpointNews implements Consumer<String> {
    static final Duration EVERY = Duration.ofMinutes(15);
    /** How a checkpoint says that a new file begins behind it. */
    private static final String ROTATION = "\"kind\":\"rotation\"";

    private final InstantSource clock;
    private final Consumer<String> journal;
    private long toldAt = Long.MIN_VALUE;

    CheckpointNews(InstantSource clock, Consumer<String> journal) {
        this.clock = clock;
        this.journal = journal;
    }

    @Override
    public synchronized void accept(String checkpoint) {
        long now = clock.millis();
        if (toldAt == Long.MIN_VALUE || now - toldAt >= EVERY.toMillis() || checkpoint.contains(ROTATION)) {
            toldAt = now;
            journal.accept(checkpoint);
        }
    }
}
