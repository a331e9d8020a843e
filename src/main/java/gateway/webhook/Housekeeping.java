package gateway.webhook;

import java.time.Duration;
import java.time.InstantSource;

import gateway.process.Worker;
import gateway.store.Store;

/** What must be done now and then: telling how the queues stand, and letting go of what is long finished. */
final class Housekeeping {
    /** Delivered events can be looked up and replayed for a week, dead letters for a month. */
    private static final long KEEP_DELIVERED = Duration.ofDays(7).toMillis();
    private static final long KEEP_DEAD = Duration.ofDays(30).toMillis();
    /** Rows per transaction, so that no write waits behind a great deletion. */
    private static final int PIECE = 500;

    private final Store store;
    private final WebhookMetrics metrics;
    private final InstantSource clock;

    Housekeeping(Store store, WebhookMetrics metrics, InstantSource clock) {
        this.store = store;
        this.metrics = metrics;
        this.clock = clock;
    }

    void measure(Endpoints.Snapshot snapshot) {
        long now = clock.millis();
        for (var endpoint : snapshot.endpoints()) {
            var id = endpoint.id();
            long waiting = store.number("SELECT count(*) FROM delivery WHERE endpoint = ? AND state = 0", id);
            long oldest = store.number("SELECT coalesce(min(due_at), 0) FROM delivery WHERE endpoint = ? AND state = 0", id);
            long dead = store.number("SELECT count(*) FROM delivery WHERE endpoint = ? AND state = 2", id);
            metrics.queue(id, waiting, oldest == 0 ? 0 : Math.max(0, now - oldest), dead, snapshot.health(id).disabled() || !endpoint.secrets().readable());
        }
    }

    /** @param worker told of each piece */
    void purge(Worker worker) {
        long now = clock.millis();
        remove(worker, "DELETE FROM delivery WHERE seq IN (SELECT seq FROM delivery WHERE state <> 0 AND finished_at < ? AND state = "
                + DeliveryQueue.DELIVERED + " LIMIT " + PIECE + ")", now - KEEP_DELIVERED);
        remove(worker, "DELETE FROM delivery WHERE seq IN (SELECT seq FROM delivery WHERE state <> 0 AND finished_at < ? LIMIT " + PIECE + ")",
                now - KEEP_DEAD);
        remove(worker, "DELETE FROM event WHERE id IN (SELECT id FROM event WHERE happened_at < ? AND NOT EXISTS "
                + "(SELECT 1 FROM delivery WHERE delivery.event = event.id) LIMIT " + PIECE + ")", now - KEEP_DELIVERED);
    }

    private void remove(Worker worker, String sql, long before) {
        long removed;
        do {
            removed = store.write(tx -> tx.delete(sql, before));
            worker.moved();
        } while (removed == PIECE);
    }
}
