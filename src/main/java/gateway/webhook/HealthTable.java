package gateway.webhook;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import gateway.process.Seldom;
import gateway.store.Row;
import gateway.store.Store;
import gateway.store.Tx;

/** Where endpoints' health is kept. Written at turns only (first failure, first success after it), not per delivery. */
final class HealthTable {
    /** Standard Webhooks asks to give up on endpoints that keep failing; five days outlast a long weekend's outage. */
    static final long PATIENCE_MILLIS = 120L * 3_600_000;

    private final Store store;
    private final Seldom log = new Seldom(HealthTable.class);

    HealthTable(Store store) {
        this.store = store;
    }

    Map<String, Health> all() {
        record Known(String endpoint, Health health) {}
        return store
                .all(
                        row -> new Known(row.text(1), health(row)),
                        "SELECT endpoint, failing_since, disabled_at, disabled_why, accepted_secret FROM webhook_health")
                .stream()
                .collect(Collectors.toMap(Known::endpoint, Known::health));
    }

    private static Health health(Row row) {
        return new Health(row.number(2), row.number(3), row.text(4), row.text(5));
    }

    CompletableFuture<Long> failing(String endpoint, long since) {
        return set(endpoint, "failing_since = ? WHERE failing_since = 0 AND endpoint = ?", since);
    }

    CompletableFuture<Long> succeeding(String endpoint) {
        return set(endpoint, "failing_since = ? WHERE endpoint = ?", 0L);
    }

    CompletableFuture<Long> accepted(String endpoint, String fingerprint) {
        return set(endpoint, "accepted_secret = ? WHERE endpoint = ?", fingerprint);
    }

    private CompletableFuture<Long> set(String endpoint, String change, Object value) {
        return store.writeLater(tx -> {
                    row(tx, endpoint);
                    return tx.update("UPDATE webhook_health SET " + change, value, endpoint);
                })
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        log.log(
                                System.Logger.Level.WARNING,
                                "the health of webhook endpoint " + endpoint + " could not be noted",
                                failure);
                    }
                });
    }

    /** Gives the endpoint up, at once. */
    void disable(String endpoint, long now, String why) {
        store.write(tx -> {
            row(tx, endpoint);
            tx.update(
                    "UPDATE webhook_health SET disabled_at = ?, disabled_why = ? WHERE endpoint = ? AND disabled_at = 0",
                    now,
                    why,
                    endpoint);
            return EndpointTable.changed(tx);
        });
    }

    /** Gives the endpoint up when no process has had a success for {@link #PATIENCE_MILLIS}; says whether it did. */
    boolean disableIfHopeless(String endpoint, long now, String why) {
        return store.write(tx -> {
            long given = tx.update(
                    "UPDATE webhook_health SET disabled_at = ?, disabled_why = ? WHERE endpoint = ? AND disabled_at = 0 "
                            + "AND failing_since > 0 AND failing_since <= ?",
                    now,
                    why,
                    endpoint,
                    now - PATIENCE_MILLIS);
            return given > 0 && EndpointTable.changed(tx) > 0;
        });
    }

    /** A new start, by an operator. */
    static void forget(Tx tx, String endpoint) {
        tx.delete("DELETE FROM webhook_health WHERE endpoint = ?", endpoint);
    }

    private static void row(Tx tx, String endpoint) {
        tx.insert("INSERT INTO webhook_health (endpoint) VALUES (?) ON CONFLICT (endpoint) DO NOTHING", endpoint);
    }
}
