package gateway.metrics;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Meter;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Tag;
import io.helidon.metrics.api.Timer;

import gateway.webhook.WebhookMetrics;

/** The webhooks' figures, one series for each endpoint there is. */
final class EndpointMetrics implements WebhookMetrics {
    private static final List<String> OUTCOMES = List.of("delivered", "retry", "dead");

    private final MeterRegistry registry;
    private final Map<String, Queue> queues = new ConcurrentHashMap<>();

    private record Queue(long waiting, long oldestMillis, long dead, boolean disabled) {
        static final Queue EMPTY = new Queue(0, 0, 0, false);
    }

    EndpointMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void attempt(String endpoint, String outcome, long nanos) {
        attempts(endpoint, outcome).increment();
        duration(endpoint).record(Duration.ofNanos(nanos));
    }

    private Timer duration(String endpoint) {
        return registry.getOrCreate(Timer.builder("whatsapp_webhook_delivery_duration_seconds")
                .description("Time of an attempt, until the receiver had answered or the time was up.")
                .buckets(Metrics.BUCKETS)
                .percentiles(new double[0])
                .tags(List.of(Tag.create("endpoint", endpoint))));
    }

    private Counter attempts(String endpoint, String outcome) {
        return registry.getOrCreate(Counter.builder("whatsapp_webhook_attempts_total")
                .description("Attempts to deliver a webhook.")
                .tags(List.of(Tag.create("endpoint", endpoint), Tag.create("outcome", outcome))));
    }

    @Override
    public void queue(String endpoint, long waiting, long oldestMillis, long dead, boolean disabled) {
        if (queues.put(endpoint, new Queue(waiting, oldestMillis, dead, disabled)) == null) {
            OUTCOMES.forEach(outcome -> attempts(endpoint, outcome));
            duration(endpoint);
            gauge(endpoint, "whatsapp_webhook_queue_depth", "Deliveries that wait.", Queue::waiting);
            gauge(
                    endpoint,
                    "whatsapp_webhook_max_posts",
                    "Posts to the endpoint that may run at once.",
                    queue -> MAX_POSTS);
            gauge(
                    endpoint,
                    "whatsapp_webhook_queue_age_seconds",
                    "How long the oldest waiting delivery has been due.",
                    queue -> queue.oldestMillis() / 1_000);
            gauge(
                    endpoint,
                    "whatsapp_webhook_dead_letters",
                    "Deliveries that were given up and can be replayed.",
                    Queue::dead);
            gauge(
                    endpoint,
                    "whatsapp_webhook_endpoint_disabled",
                    "1 when the gateway gave the endpoint up.",
                    queue -> queue.disabled() ? 1 : 0);
        }
    }

    private void gauge(String endpoint, String name, String help, ToLongFunction<Queue> figure) {
        registry.getOrCreate(Gauge.<Long>builder(
                        name, () -> figure.applyAsLong(queues.getOrDefault(endpoint, Queue.EMPTY)))
                .description(help)
                .tags(List.of(Tag.create("endpoint", endpoint))));
    }

    @Override
    public void gone(String endpoint) {
        queues.remove(endpoint);
        var label = Tag.create("endpoint", endpoint);
        registry.meters(meter -> hasLabel(meter, label)).forEach(registry::remove);
    }

    private static boolean hasLabel(Meter meter, Tag label) {
        for (var tag : meter.id().tags()) {
            if (tag.key().equals(label.key()) && tag.value().equals(label.value())) {
                return true;
            }
        }
        return false;
    }
}
