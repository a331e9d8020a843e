package gateway.messaging;

import java.time.Duration;
import java.time.InstantSource;

import gateway.process.Rounds;
import gateway.process.Worker;
import gateway.process.WorkerKind;
import gateway.process.Workers;
import gateway.store.Store;

/**
 * Removes what is long finished from the outbox, a few rows at a time; the text of finished messages soon, where none
 * is kept. Fills the {@linkplain SearchIndex index} of the messages' words.
 */
public final class Upkeep implements AutoCloseable {
    /** Rows per transaction, so that no write waits behind a great deletion. */
    private static final int PIECE = 500;

    private static final Duration EVERY = Duration.ofMinutes(10);
    private static final Duration FORGET_EVERY = Duration.ofSeconds(5);
    private static final Duration INDEX_EVERY = Duration.ofSeconds(1);
    /** A message is finished by its node's clock and becomes visible somewhat later. */
    private static final long OVERLAP_MILLIS = Duration.ofMinutes(2).toMillis();

    private final Store store;
    private final OutboxTable table;
    private final SearchIndex index;
    private final InstantSource clock;
    private final long keepMillis;
    private final ChatStorage storage;
    private final Rounds rounds;
    /** From when on finished messages may still have their text; touched by the one thread of {@link #rounds}. */
    private long forgotten;

    /**
     * @param keep how long finished messages stay in the outbox; at least as long as an Idempotency-Key stands for them
     * @param storage whether they keep their text
     */
    public Upkeep(Store store, InstantSource clock, Duration keep, ChatStorage storage, Workers workers) {
        if (keep.compareTo(IdempotencyKey.KEPT) < 0) {
            throw new IllegalArgumentException(
                    "finished messages are kept for " + IdempotencyKey.KEPT.toHours() + " hours at least");
        }
        this.store = store;
        this.table = new OutboxTable(store);
        this.index = new SearchIndex(store);
        this.rounds = new Rounds(WorkerKind.OUTBOX_UPKEEP, workers);
        this.clock = clock;
        this.storage = storage;
        this.keepMillis = keep.toMillis();
    }

    public void start() {
        rounds.every(Duration.ofMinutes(1), EVERY, this::purge);
        if (storage == ChatStorage.FORGET) {
            rounds.every(Duration.ofSeconds(1), FORGET_EVERY, this::forget);
        }
        if (index.isThere()) {
            rounds.every(Duration.ofSeconds(2), INDEX_EVERY, index::turn);
        }
    }

    /**
     * Empties the content of messages that were sent, failed for good or were cancelled, and then the database's log.
     */
    void forget(Worker worker) {
        long now = clock.millis();
        long since = forgotten;
        while (table.forget(since, PIECE) == PIECE) {
            worker.moved();
        }
        forgotten = now - OVERLAP_MILLIS;
        store.erase();
    }

    /** Once through; what waits, or is set aside, is never touched. */
    void purge(Worker worker) {
        var skip = store.dialect().skipLocked();
        long before = clock.millis() - keepMillis;
        while (table.purge(before, PIECE) == PIECE) {
            worker.moved();
        }
        var sql =
                "DELETE FROM idempotency WHERE (principal, device, key) IN (SELECT principal, device, key FROM idempotency "
                        + "WHERE created_at < ? LIMIT " + PIECE + skip + ")";
        long until = clock.millis() - IdempotencyKey.KEPT.toMillis();
        while (store.write(tx -> tx.delete(sql, until)) == PIECE) {
            worker.moved();
        }
    }

    @Override
    public void close() {
        rounds.close();
    }
}
