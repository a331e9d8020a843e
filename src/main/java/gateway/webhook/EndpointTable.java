package gateway.webhook;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import gateway.process.Seldom;
import gateway.secret.SecretCodec;
import gateway.store.FailPoint;
import gateway.store.Row;
import gateway.store.Store;
import gateway.store.Tx;
import gateway.webhook.payload.PayloadDialect;

/** Endpoints made at run time. Any process that uses the database may change them; a counter tells the others. */
final class EndpointTable {
    private static final String COLUMNS =
            "id, url, secret, previous, previous_until, events, ignored, dialect, enabled, device";

    private final Store store;
    private final SecretCodec codec;
    private final Seldom log = new Seldom(EndpointTable.class);

    EndpointTable(Store store, SecretCodec codec) {
        this.store = store;
        this.codec = codec;
    }

    /** Grows with every change of any endpoint. */
    long version() {
        return store.number("SELECT n FROM webhook_change WHERE id = 1");
    }

    static long changed(Tx tx) {
        return tx.update("UPDATE webhook_change SET n = n + 1 WHERE id = 1");
    }

    List<Endpoint> all() {
        return store.all(this::endpoint, "SELECT " + COLUMNS + " FROM webhook_endpoint ORDER BY created_at, id");
    }

    /** Seals what an earlier program, or a hand, left in clear or in an earlier form. */
    void renewSeals() {
        record Stored(String id, String secret, String previous) {}
        var rows = store.all(
                row -> new Stored(row.text(1), row.text(2), row.text(3)),
                "SELECT id, secret, previous FROM webhook_endpoint");
        for (var row : rows) {
            Optional<String> secret;
            Optional<String> previous;
            try {
                secret = codec.renewed(row.id, row.secret);
                previous = row.previous.isEmpty() ? Optional.empty() : codec.renewed(row.id, row.previous);
            } catch (SecretCodec.Unreadable e) {
                // It stays as it is, and its endpoint says so.
                continue;
            }
            if (secret.isPresent() || previous.isPresent()) {
                store.write(tx -> tx.update(
                        "UPDATE webhook_endpoint SET secret = ?, previous = ? WHERE id = ? AND secret = ? AND previous = ?",
                        secret.orElse(row.secret),
                        previous.orElse(row.previous),
                        row.id,
                        row.secret,
                        row.previous));
            }
        }
    }

    private Endpoint endpoint(Row row) {
        var id = row.text(1);
        var previous = row.text(4);
        var secrets = secrets(id, row.text(3), previous, row.number(5));
        return new Endpoint(
                id,
                row.text(2),
                secrets,
                Set.copyOf(list(row.text(6))),
                list(row.text(7)),
                PayloadDialect.named(row.text(8)),
                row.flag(9),
                row.text(10),
                false);
    }

    /** One endpoint whose secret does not open holds up none of the others. */
    private EndpointSecrets secrets(String id, String current, String previous, long previousUntil) {
        try {
            return new EndpointSecrets(
                    codec.open(id, current), previous.isEmpty() ? "" : codec.open(id, previous), previousUntil);
        } catch (SecretCodec.Unreadable e) {
            log.log(
                    System.Logger.Level.ERROR,
                    "the secret of webhook endpoint " + id + " cannot be used; its deliveries wait. " + e.getMessage());
            return EndpointSecrets.UNREADABLE;
        }
    }

    void add(Endpoint endpoint, long now) {
        var sealed = sealed(endpoint);
        store.write(tx -> {
            tx.insert(
                    "INSERT INTO webhook_endpoint (" + COLUMNS
                            + ", created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    endpoint.id(),
                    endpoint.url(),
                    sealed[0],
                    sealed[1],
                    endpoint.secrets().previousUntil(),
                    joined(endpoint.events()),
                    joined(endpoint.ignored()),
                    endpoint.dialect().name(),
                    endpoint.enabled() ? 1 : 0,
                    endpoint.device(),
                    now,
                    now);
            return changed(tx);
        });
    }

    /**
     * Replaces the row and forgets its health: whoever changes an endpoint wants it tried. False when there is none.
     */
    boolean replace(Endpoint endpoint, long now) {
        var sealed = sealed(endpoint);
        return store.write(tx -> {
            long found = tx.update(
                    "UPDATE webhook_endpoint SET url = ?, secret = ?, previous = ?, previous_until = ?, events = ?, "
                            + "ignored = ?, dialect = ?, enabled = ?, device = ?, updated_at = ? WHERE id = ?",
                    endpoint.url(),
                    sealed[0],
                    sealed[1],
                    endpoint.secrets().previousUntil(),
                    joined(endpoint.events()),
                    joined(endpoint.ignored()),
                    endpoint.dialect().name(),
                    endpoint.enabled() ? 1 : 0,
                    endpoint.device(),
                    now,
                    endpoint.id());
            if (found > 0) {
                HealthTable.forget(tx, endpoint.id());
                changed(tx);
            }
            FailPoint.reach("secret-replaced");
            return found > 0;
        });
    }

    /** Removes the endpoint with what was still on its way to it. False when there is none. */
    boolean remove(String id) {
        return store.write(tx -> {
            long found = tx.delete("DELETE FROM webhook_endpoint WHERE id = ?", id);
            if (found > 0) {
                tx.delete("DELETE FROM delivery WHERE endpoint = ?", id);
                HealthTable.forget(tx, id);
                changed(tx);
            }
            return found > 0;
        });
    }

    /** Lets an endpoint that the gateway gave up begin anew. */
    void revive(String id) {
        store.write(tx -> {
            HealthTable.forget(tx, id);
            return changed(tx);
        });
    }

    private String[] sealed(Endpoint endpoint) {
        var secrets = endpoint.secrets();
        return new String[] {
            codec.seal(endpoint.id(), secrets.current()),
            secrets.previous().isEmpty() ? "" : codec.seal(endpoint.id(), secrets.previous())
        };
    }

    private static String joined(Iterable<String> values) {
        return String.join(",", values);
    }

    private static List<String> list(String joined) {
        return joined.isEmpty() ? List.of() : Arrays.asList(joined.split(","));
    }
}
