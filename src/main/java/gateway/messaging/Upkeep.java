package gateway.messaging;

import java.time.Duration;
import java.time.InstantSource;

import gateway.process.Rounds;
import gateway.process.Worker;
import gateway.process.WorkerKind;
import gateway.process.Workers;
import gateway.store.Store;

/** Lets go of what is long finished, a little at a time. */
public final class Upkeep implements AutoCloseable {
    /** Rows per transaction, so that no write waits behind a great deletion. */
    private static final int PIECE = 500;
    private static final Duration EVERY = Duration.ofMinutes(10);

    private final Store store;
    private final InstantSource clock;
    private final long keepMillis;
    private final Rounds rounds;

    /** @param keep how long finished messages stay in the outbox; at least as long as an Idempotency-Key stands for them */
    public Upkeep(Store store, InstantSource clock, Duration keep, Workers workers) {
        if (keep.compareTo(IdempotencyKey.KEPT) < 0) {
            throw new IllegalArgumentException("finished messages are kept for " + IdempotencyKey.KEPT.toHours() + " hours at least");
        }
        this.store = store;
        this.rounds = new Rounds(WorkerKind.OUTBOX_UPKEEP, workers);
        this.clock = clock;
        this.keepMillis = keep.toMillis();
    }

    public void start() {
        rounds.every(Duration.ofMinutes(1), EVERY, this::purge);
    }

    /** Once through; what waits, or is set aside, is never touched. */
    void purge(Worker worker) {
        var skip = store.dialect().skipLocked();
        remove(worker, "DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox WHERE state <> 0 AND finished_at < ? LIMIT " + PIECE + skip + ")",
                clock.millis() - keepMillis);
        remove(worker, "DELETE FROM idempotency WHERE (principal, device, key) IN (SELECT principal, device, key FROM idempotency "
                + "WHERE created_at < ? LIMIT " + PIECE + skip + ")", clock.millis() - IdempotencyKey.KEPT.toMillis());
    }

    private void remove(Worker worker, String sql, long before) {
        while (store.write(tx -> tx.delete(sql, before)) == PIECE) {
            worker.moved();
        }
    }

    @Override
    public void close() {
        rounds.close();
    }
}
