package gateway.webhook;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import gateway.secret.SecretCodec;
import gateway.store.Store;

/** All endpoints there are, from both origins, as one snapshot that is replaced whole. */
final class Endpoints {
    private final EndpointTable table;
    private final HealthTable health;
    private volatile List<Endpoint> configured;
    private volatile Snapshot snapshot;

    /** One moment's endpoints with their health. */
    record Snapshot(long version, List<Endpoint> endpoints, Map<String, Health> healths) {
        Health health(String endpoint) {
            return healths.getOrDefault(endpoint, Health.UNKNOWN);
        }

        /** False while a secret does not open; its key may come back. */
        boolean readable() {
            return endpoints.stream().allMatch(endpoint -> endpoint.secrets().readable());
        }

        Optional<Endpoint> find(String id) {
            return endpoints.stream()
                    .filter(endpoint -> endpoint.id().equals(id))
                    .findFirst();
        }
    }

    Endpoints(Store store, SecretCodec codec, List<Endpoint> configured) {
        this.table = new EndpointTable(store, codec);
        this.health = new HealthTable(store);
        this.configured = List.copyOf(configured);
        table.renewSeals();
        this.snapshot = read();
    }

    EndpointTable table() {
        return table;
    }

    HealthTable health() {
        return health;
    }

    Snapshot snapshot() {
        return snapshot;
    }

    /** Takes other configured endpoints; those made at run time stay. */
    synchronized Snapshot configure(List<Endpoint> endpoints) {
        configured = List.copyOf(endpoints);
        var now = read();
        snapshot = now;
        return now;
    }

    /**
     * Reads anew when any process changed something. One thread at a time: a slower reader would otherwise put back the
     * endpoints of before another thread's change, and events would miss the new one.
     */
    synchronized Snapshot refresh() {
        if (table.version() != snapshot.version || !snapshot.readable()) {
            var next = read();
            if (!next.equals(snapshot)) {
                snapshot = next;
            }
        }
        return snapshot;
    }

    /** The version is read first, so that a change made meanwhile is found at the next look. */
    private Snapshot read() {
        long version = table.version();
        var all = new ArrayList<>(configured);
        all.addAll(table.all());
        return new Snapshot(version, List.copyOf(all), Map.copyOf(health.all()));
    }
}
