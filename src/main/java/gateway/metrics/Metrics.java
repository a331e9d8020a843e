package gateway.metrics;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.FunctionalCounter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Tag;

import gateway.admin.AdminMetrics;
import gateway.audit.AuditMetrics;
import gateway.auth.AuthMetrics;
import gateway.budget.BudgetMetrics;
import gateway.budget.MemoryBudget;
import gateway.engine.Event;
import gateway.http.HttpMetrics;
import gateway.messaging.Progress;
import gateway.process.WorkerKind;
import gateway.process.Workers;
import gateway.rotation.ReloadMetrics;
import gateway.webhook.WebhookMetrics;

/**
 * Every metric of the gateway. Names follow Prometheus' practice: one prefix, base units, {@code _total} for counters.
 * Labels take few values; never a number, a name, an address or a raw path.
 *
 * <p>A counter whose labels are known is there from the start: to Prometheus, one that appears with a 6 has not risen.
 */
public final class Metrics {
    static final Duration[] BUCKETS = {
        Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50),
        Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1),
                Duration.ofSeconds(5),
        Duration.ofSeconds(15)
    };

    private final Exposition exposition = new Exposition();
    private final MeterRegistry registry = exposition.registry();
    private final Map<Series, Counter> counters = new ConcurrentHashMap<>();

    private final AccountMetrics accounts = new AccountMetrics(this);
    private final List<RequestMetrics> listeners = new CopyOnWriteArrayList<>();

    /** A message came this far on its way out. */
    public void moved(Progress.Stage stage) {
        messages(stage).increment();
    }

    private Counter messages(Progress.Stage stage) {
        return switch (stage) {
            case ACCEPTED -> counter("whatsapp_messages_accepted_total", "Messages taken from clients and stored.");
            case SENT -> counter("whatsapp_messages_sent_total", "Messages that WhatsApp took.");
            case FAILED -> counter("whatsapp_messages_failed_total", "Messages that were given up.");
        };
    }

    private Counter received() {
        return counter("whatsapp_messages_received_total", "Messages that came in.");
    }

    private Counter slowClients(String listener) {
        return counter(
                "whatsapp_http_slow_clients_total",
                "Connections closed because their client was too slow.",
                Tag.create("listener", listener));
    }

    private Counter revivals(String listener) {
        return counter(
                "whatsapp_http_listener_revivals_total",
                "Times a listener had died and was opened again.",
                Tag.create("listener", listener));
    }

    /** An event of WhatsApp was stored. */
    public void stored(Event event) {
        switch (event) {
            case Event.Message message when !message.fromMe() -> received().increment();
            case Event.Failed failed -> messages(Progress.Stage.FAILED).increment();
            case Event.Connection connection -> accounts.stored(connection);
            default -> {}
        }
    }

    /** What the entrance counts. */
    public AuthMetrics auth() {
        return new AuthCounters(this);
    }

    /** What a listener with an entrance counts. */
    public HttpMetrics http(String listener) {
        AuthCounters.begin(this, listener);
        slowClients(listener);
        revivals(listener);
        var requests = new RequestMetrics(listener, new HttpMetrics() {
            @Override
            public void reaped() {
                slowClients(listener).increment();
            }

            @Override
            public void revived() {
                revivals(listener).increment();
            }
        });
        listeners.add(requests);
        return requests;
    }

    /** What the security log counts. */
    public AuditMetrics audit() {
        return new AuditCounters(this);
    }

    /** What the budgets of memory and processor time count. */
    public BudgetMetrics budget() {
        return new BudgetCounters(this);
    }

    /** How much of the memory budget is reserved. */
    public void budget(MemoryBudget memory) {
        gauge("whatsapp_memory_budget_bytes", "Memory that all requests together may reserve.", memory::size);
        gauge("whatsapp_memory_budget_used_bytes", "Memory that requests have reserved at this moment.", memory::used);
    }

    /** What the Admin API counts. */
    public AdminMetrics admin() {
        return new InstanceMetrics(this);
    }

    /** What the webhooks count, by endpoint id. */
    public WebhookMetrics webhooks() {
        return new EndpointMetrics(registry);
    }

    /** What reloads of the settings count. */
    public ReloadMetrics reloads(InstantSource clock) {
        return new SecretMetrics(registry, clock);
    }

    /** What is counted and asked of the accounts; it is there from the start. */
    public AccountMetrics accounts() {
        received();
        return accounts.begun();
    }

    /** What waits to go out, and how old the oldest of it is. */
    public void outbox(Supplier<Number> depth, Supplier<Number> ageSeconds) {
        for (var stage : Progress.Stage.values()) {
            messages(stage);
        }
        gauge("whatsapp_outbox_depth", "Messages accepted and not yet sent.", depth);
        gauge(
                "whatsapp_outbox_age_seconds",
                "How long the oldest message has waited to be sent, those of held accounts left out.",
                ageSeconds);
    }

    /** Messages and deliveries that are set aside: they wait for a person. */
    public void aside(Supplier<Number> messages, Supplier<Number> deliveries) {
        gauge("whatsapp_outbox_aside", "Messages set aside because of what is in them.", messages);
        gauge("whatsapp_webhook_aside", "Webhook deliveries set aside because of what is in them.", deliveries);
    }

    /** Whether the background workers get on, by kind. */
    public void workers(Workers workers) {
        for (var kind : WorkerKind.values()) {
            var label = Tag.create("worker", kind.label());
            gauge(
                    "whatsapp_worker_stalled_seconds",
                    "How long a worker has had work and has not got on; 0 when it has none.",
                    () -> workers.stalled(kind).toMillis() / 1000.0,
                    label);
            registry.getOrCreate(
                    FunctionalCounter.builder("whatsapp_worker_restarts_total", workers, all -> all.restarts(kind))
                            .description("Times a worker ended by what it does not know and was begun again.")
                            .tags(List.of(label)));
        }
    }

    /** Time since the gateway was ready. */
    public void uptime(InstantSource clock) {
        var ready = clock.instant();
        gauge(
                "whatsapp_uptime_seconds",
                "Time since the gateway was ready; the next release drops it for process_start_time_seconds.",
                () -> Duration.between(ready, clock.instant()).toMillis() / 1000.0);
    }

    /** The build that runs, as the label {@code version}; always 1. */
    public void build(String version) {
        gauge("whatsapp_build_info", "The version that runs.", () -> 1, Tag.create("version", version));
    }

    /** The profile that the settings name, as the label {@code profile}; always 1. */
    public void profile(String profile) {
        gauge(
                "whatsapp_profile",
                "How strict the gateway is: development, production, or rehearsal, where WhatsApp may be a twin.",
                () -> 1,
                Tag.create("profile", profile));
    }

    /** All of it in Prometheus' text format. */
    public String text() {
        var text = new StringBuilder(exposition.text());
        RequestMetrics.append(listeners, text);
        ProcessFigures.append(text);
        return text.toString();
    }

    /** Addresses that wait because of failed logins. */
    public void backoffs(Supplier<Number> active) {
        gauge("whatsapp_auth_backoffs_active", "Addresses that have to wait after failed logins.", active);
    }

    /**
     * Found again by name and label values: the registry takes some microseconds for each look, and requests count a
     * lot.
     */
    Counter counter(String name, String help, Tag... labels) {
        return counters.computeIfAbsent(
                new Series(name, List.of(labels)),
                series -> registry.getOrCreate(
                        Counter.builder(name).description(help).tags(series.labels())));
    }

    private record Series(String name, List<Tag> labels) {}

    void gauge(String name, String help, Supplier<Number> value, Tag... labels) {
        registry.getOrCreate(
                Gauge.<Number>builder(name, value).description(help).tags(List.of(labels)));
    }
}
