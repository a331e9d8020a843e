package gateway.webhook;

import java.time.Duration;
import java.time.InstantSource;

import gateway.process.Worker;
import gateway.store.Store;
import gateway.webhook.DeliveryState.Code;

/** What must be done now and then: telling how the queues stand, and letting go of what is long finished. */
final class Housekeeping {
    /** Delivered events can be looked up and replayed for a week, dead letters for a month. */
    private static final long KEEP_DELIVERED = Duration.ofDays(7).toMillis();

    private static final long KEEP_DEAD = Duration.ofDays(30).toMillis();
    /** Rows per transaction, so that no write waits behind a great deletion. */
    private static final int PIECE = 500;

    private static final String HANDED_OVER =
            "SELECT seq FROM delivery WHERE state <> " + Code.WAITING + " AND finished_at >= ? AND state = "
                    + Code.DELIVERED + " AND body <> '' ORDER BY finished_at, seq LIMIT " + PIECE;
    /** An outcome has the time of its attempt and is stored somewhat later. */
    private static final long OVERLAP_MILLIS = Duration.ofMinutes(2).toMillis();

    private final Store store;
    private final WebhookMetrics metrics;
    private final InstantSource clock;
    /** From when on delivered rows may still have their body; touched by one thread. */
    private long forgotten;

    Housekeeping(Store store, WebhookMetrics metrics, InstantSource clock) {
        this.store = store;
        this.metrics = metrics;
        this.clock = clock;
    }

    void measure(Endpoints.Snapshot snapshot) {
        long now = clock.millis();
        for (var endpoint : snapshot.endpoints()) {
            var id = endpoint.id();
            long waiting =
                    store.number("SELECT count(*) FROM delivery WHERE endpoint = ? AND state = " + Code.WAITING, id);
            long oldest = store.number(
                    "SELECT coalesce(min(due_at), 0) FROM delivery WHERE endpoint = ? AND state = " + Code.WAITING, id);
            long dead = store.number("SELECT count(*) FROM delivery WHERE endpoint = ? AND state = " + Code.DEAD, id);
            metrics.queue(
                    id,
                    waiting,
                    oldest == 0 ? 0 : Math.max(0, now - oldest),
                    dead,
                    snapshot.health(id).disabled() || !endpoint.secrets().readable());
        }
    }

    /**
     * Empties the bodies of deliveries that a receiver has, and what it answered, which may repeat them. Their ordering
     * key goes too, because it is made from the chat's address. A dead letter keeps its body until it is replayed or
     * purged. The database's log is emptied by whoever empties the outbox.
     */
    void forget(Worker worker) {
        long now = clock.millis();
        long since = forgotten;
        while (store.write(tx -> {
                    tx.update(
                            "UPDATE webhook_attempt SET response = '' WHERE response <> '' AND delivery IN ("
                                    + HANDED_OVER + ")",
                            since);
                    return tx.update(
                            "UPDATE delivery SET body = '', order_key = 0 WHERE seq IN (" + HANDED_OVER + ")", since);
                })
                == PIECE) {
            worker.moved();
        }
        forgotten = now - OVERLAP_MILLIS;
    }

    /** @param worker told of each piece */
    void purge(Worker worker) {
        long now = clock.millis();
        remove(
                worker,
                "DELETE FROM delivery WHERE seq IN (SELECT seq FROM delivery WHERE state <> " + Code.WAITING
                        + " AND finished_at < ? AND state = " + Code.DELIVERED + " LIMIT " + PIECE + ")",
                now - KEEP_DELIVERED);
        remove(
                worker,
                "DELETE FROM delivery WHERE seq IN (SELECT seq FROM delivery WHERE state <> " + Code.WAITING
                        + " AND finished_at < ? LIMIT " + PIECE + ")",
                now - KEEP_DEAD);
        remove(
                worker,
                "DELETE FROM event WHERE id IN (SELECT id FROM event WHERE happened_at < ? AND NOT EXISTS "
                        + "(SELECT 1 FROM delivery WHERE delivery.event = event.id) LIMIT " + PIECE + ")",
                now - KEEP_DELIVERED);
    }

    private void remove(Worker worker, String sql, long before) {
        long removed;
        do {
            removed = store.write(tx -> tx.delete(sql, before));
            worker.moved();
        } while (removed == PIECE);
    }
}
