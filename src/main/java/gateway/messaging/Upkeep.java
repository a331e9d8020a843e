package gateway.messaging;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import gateway.store.Store;

/** Lets go of what is long finished, a little at a time. */
public final class Upkeep implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Upkeep.class.getName());
    /** Rows per transaction, so that no write waits behind a great deletion. */
    private static final int PIECE = 500;
    private static final long EVERY_MINUTES = 10;

    private final Store store;
    private final InstantSource clock;
    private final long keepMillis;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("outbox-upkeep").daemon(true).factory());

    /** @param keep how long finished messages stay in the outbox; at least as long as an Idempotency-Key stands for them */
    public Upkeep(Store store, InstantSource clock, Duration keep) {
        if (keep.compareTo(IdempotencyKey.KEPT) < 0) {
            throw new IllegalArgumentException("finished messages are kept for " + IdempotencyKey.KEPT.toHours() + " hours at least");
        }
        this.store = store;
        this.clock = clock;
        this.keepMillis = keep.toMillis();
    }

    public void start() {
        timer.scheduleWithFixedDelay(() -> {
            try {
                purge();
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "finished messages could not be removed, next try in {0} minutes: {1}", EVERY_MINUTES, e.getMessage());
            }
        }, 1, EVERY_MINUTES, TimeUnit.MINUTES);
    }

    /** Once through; what waits is never touched. */
    void purge() {
        var skip = store.dialect().skipLocked();
        remove("DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox WHERE state <> 0 AND finished_at < ? LIMIT " + PIECE + skip + ")",
                clock.millis() - keepMillis);
        remove("DELETE FROM idempotency WHERE (principal, device, key) IN (SELECT principal, device, key FROM idempotency "
                + "WHERE created_at < ? LIMIT " + PIECE + skip + ")", clock.millis() - IdempotencyKey.KEPT.toMillis());
    }

    private void remove(String sql, long before) {
        while (store.write(tx -> tx.delete(sql, before)) == PIECE) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
