package gateway.webhook;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/** Keeps one {@link EndpointQueue} running per endpoint that can be delivered to. */
final class Deliverer {
    private final Map<String, EndpointQueue> queues = new LinkedHashMap<>();
    private final Function<Endpoint, EndpointQueue.Parts> parts;
    private final WebhookMetrics metrics;
    private Endpoints.@Nullable Snapshot followed;

    Deliverer(Function<Endpoint, EndpointQueue.Parts> parts, WebhookMetrics metrics) {
        this.parts = parts;
        this.metrics = metrics;
    }

    /** Starts, updates and stops queues until they match the endpoints; false when they were followed before. */
    synchronized boolean follow(Endpoints.Snapshot snapshot) {
        if (snapshot == followed) {
            return false;
        }
        followed = snapshot;
        queues.entrySet().removeIf(entry -> {
            boolean keep = !entry.getValue().stopped()
                    && snapshot.find(entry.getKey())
                            .filter(endpoint -> delivers(endpoint, snapshot))
                            .isPresent();
            if (!keep) {
                entry.getValue().stop();
                Thread.ofVirtual().start(() -> finish(entry.getValue(), 2 * Courier.TOTAL.toMillis()));
                if (snapshot.find(entry.getKey()).isEmpty()) {
                    metrics.gone(entry.getKey());
                }
            }
            return !keep;
        });
        for (var endpoint : snapshot.endpoints()) {
            if (delivers(endpoint, snapshot)) {
                var health = snapshot.health(endpoint.id());
                var queue = queues.get(endpoint.id());
                if (queue == null) {
                    queues.put(endpoint.id(), new EndpointQueue(endpoint, health, parts.apply(endpoint)));
                } else {
                    queue.update(endpoint, health);
                }
            }
        }
        return true;
    }

    private static boolean delivers(Endpoint endpoint, Endpoints.Snapshot snapshot) {
        return endpoint.enabled()
                && endpoint.secrets().readable()
                && !snapshot.health(endpoint.id()).disabled();
    }

    synchronized void wakeAll() {
        queues.values().forEach(EndpointQueue::wake);
    }

    /** Stops all queues together and waits for what they have under way. */
    void stop(long millis) {
        Map<String, EndpointQueue> stopping;
        synchronized (this) {
            stopping = new LinkedHashMap<>(queues);
            queues.clear();
        }
        stopping.values().forEach(EndpointQueue::stop);
        long end = System.nanoTime() + millis * 1_000_000;
        stopping.values().forEach(queue -> finish(queue, (end - System.nanoTime()) / 1_000_000));
    }

    private static void finish(EndpointQueue queue, long millis) {
        try {
            queue.finish(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
