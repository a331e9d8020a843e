package gateway.metrics;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import gateway.audit.AuditMetrics;
import gateway.auth.AuthMetrics;
import gateway.config.ReloadMetrics;
import gateway.engine.Event;
import gateway.http.HttpMetrics;
import gateway.messaging.Progress;
import gateway.webhook.WebhookMetrics;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.metrics.api.BuiltInMeterNameFormat;
import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Meter;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.MetricsConfig;
import io.helidon.metrics.api.MetricsFactory;
import io.helidon.metrics.api.ScopeConfig;
import io.helidon.metrics.api.Tag;
import io.helidon.metrics.spi.MeterRegistryFormatterProvider;

/**
 * Every metric of the gateway. Names follow Prometheus' practice: one prefix, base units, {@code _total} for counters.
 * Labels take few values; never a number, a name, an address or a raw path.
 */
public final class Metrics {
    static final Duration[] BUCKETS = {
        Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50),
        Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(5),
        Duration.ofSeconds(15)
    };

    /** Helidon's own gauges that end in {@code count}, which Prometheus keeps for histograms. */
    private static final Pattern MISNAMED = Pattern.compile(".*[._]count");

    private final MetricsConfig config = MetricsConfig.builder()
            .builtInMeterNameFormat(BuiltInMeterNameFormat.SNAKE)
            .scoping(scoping -> scoping.putScope(Meter.Scope.BASE, ScopeConfig.builder().name(Meter.Scope.BASE).exclude(MISNAMED).build()))
            .build();
    private final MeterRegistry registry = MetricsFactory.getInstance().globalRegistry(config);

    /** A message came this far on its way out. */
    public void moved(Progress.Stage stage) {
        switch (stage) {
            case ACCEPTED -> counter("whatsapp_messages_accepted_total", "Messages taken from clients and stored.").increment();
            case SENT -> counter("whatsapp_messages_sent_total", "Messages that WhatsApp took.").increment();
            case FAILED -> counter("whatsapp_messages_failed_total", "Messages that were given up.").increment();
        }
    }

    /** An event of WhatsApp was stored. */
    public void stored(Event event) {
        switch (event) {
            case Event.Message message when !message.fromMe() ->
                    counter("whatsapp_messages_received_total", "Messages that came in.").increment();
            case Event.Connection connection when connection.state() == Event.Connection.State.CONNECTED ->
                    counter("whatsapp_reconnect_total", "Times an account's line to WhatsApp came up.").increment();
            default -> {
            }
        }
    }

    /** What the entrance counts. */
    public AuthMetrics auth() {
        return new AuthMetrics() {
            @Override
            public void attempt(String outcome, String reason, String listener) {
                counter("whatsapp_auth_attempts_total", "Requests whose credentials were judged.", Tag.create("outcome", outcome),
                        Tag.create("reason", reason), Tag.create("listener", listener)).increment();
            }

            @Override
            public void retiringCredentialUsed() {
                counter("whatsapp_auth_retiring_credential_uses_total", "Requests with a credential that has an end.").increment();
            }

            @Override
            public void throttled(String scope) {
                counter("whatsapp_http_throttled_total", "Requests refused for their rate.", Tag.create("scope", scope)).increment();
            }
        };
    }

    /** What a listener counts. */
    public HttpMetrics http(String listener) {
        return new HttpMetrics() {
            @Override
            public void reaped() {
                counter("whatsapp_http_slow_clients_total", "Connections closed because their client was too slow.",
                        Tag.create("listener", listener)).increment();
            }

            @Override
            public void revived() {
                counter("whatsapp_http_listener_revivals_total", "Times a listener had died and was opened again.",
                        Tag.create("listener", listener)).increment();
            }
        };
    }

    /** What the security log counts. */
    public AuditMetrics audit() {
        return new AuditMetrics() {
            @Override
            public void written(int lines) {
                counter("whatsapp_audit_lines_total", "Lines written to the security log.").increment(lines);
            }

            @Override
            public void failed() {
                counter("whatsapp_audit_failures_total", "Events the security log could not take.").increment();
            }
        };
    }

    /** What the webhooks count, by endpoint id. */
    public WebhookMetrics webhooks() {
        return new EndpointMetrics(registry);
    }

    /** What reloads of the settings count. */
    public ReloadMetrics reloads(InstantSource clock) {
        return new SecretMetrics(registry, clock);
    }

    /** Figures that are asked for when Prometheus scrapes. */
    public void observe(Supplier<Number> connected, Supplier<Number> outboxDepth, Supplier<Number> uptimeSeconds) {
        gauge("whatsapp_connection_status", "Accounts with a line to WhatsApp at this moment.", connected);
        gauge("whatsapp_outbox_depth", "Messages accepted and not yet sent.", outboxDepth);
        gauge("whatsapp_uptime_seconds", "Time since the gateway was ready.", uptimeSeconds);
    }

    /** The build that runs, as the label {@code version}; always 1. */
    public void build(String version) {
        gauge("whatsapp_build_info", "The version that runs.", () -> 1, Tag.create("version", version));
    }

    /** All of it in Prometheus' text format. */
    public String text() {
        return ServiceLoader.load(MeterRegistryFormatterProvider.class).stream()
                .flatMap(provider -> provider.get()
                        .formatter(MediaTypes.TEXT_PLAIN, config, registry, java.util.Optional.empty(), java.util.List.of(),
                                java.util.List.of()).stream())
                .findFirst().orElseThrow()
                .format().map(Object::toString).orElse("");
    }

    /** Addresses that wait because of failed logins. */
    public void backoffs(Supplier<Number> active) {
        gauge("whatsapp_auth_backoffs_active", "Addresses that have to wait after failed logins.", active);
    }

    private Counter counter(String name, String help, Tag... labels) {
        return registry.getOrCreate(Counter.builder(name).description(help).tags(java.util.List.of(labels)));
    }

    private void gauge(String name, String help, Supplier<Number> value, Tag... labels) {
        registry.getOrCreate(Gauge.<Number>builder(name, value).description(help).tags(java.util.List.of(labels)));
    }
}
