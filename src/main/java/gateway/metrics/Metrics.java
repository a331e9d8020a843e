package gateway.metrics;

import java.time.Duration;
import java.util.ServiceLoader;
import java.util.function.Supplier;

import gateway.audit.AuditMetrics;
import gateway.auth.AuthMetrics;
import gateway.http.HttpMetrics;
import gateway.messaging.MessagingMetrics;
import gateway.webhook.WebhookMetrics;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.metrics.api.BuiltInMeterNameFormat;
import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.MetricsConfig;
import io.helidon.metrics.api.MetricsFactory;
import io.helidon.metrics.api.Tag;
import io.helidon.metrics.api.Timer;
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

    private final MetricsConfig config = MetricsConfig.builder().builtInMeterNameFormat(BuiltInMeterNameFormat.SNAKE).build();
    private final MeterRegistry registry = MetricsFactory.getInstance().globalRegistry(config);

    /** A request was answered. {@code route} is the first part of its path, {@code status} the code's class: {@code 2xx}. */
    public void request(String listener, String route, int status, Duration time) {
        timer("whatsapp_request_duration_seconds", "Time from a request's headers to its reply.",
                Tag.create("listener", listener), Tag.create("route", route), Tag.create("status", status / 100 + "xx")).record(time);
    }

    /** What the outbox and the inbox count. */
    public MessagingMetrics messaging() {
        return new MessagingMetrics() {
            @Override
            public void sent(Duration inOutbox) {
                counter("whatsapp_messages_sent_total", "Messages that WhatsApp took.").increment();
                timer("whatsapp_outbox_wait_seconds", "Time from accepting a message to WhatsApp taking it.").record(inOutbox);
            }

            @Override
            public void failed(String reason) {
                counter("whatsapp_messages_failed_total", "Messages that were given up.", Tag.create("reason", reason)).increment();
            }

            @Override
            public void received() {
                counter("whatsapp_messages_received_total", "Messages that came in.").increment();
            }

            @Override
            public void connected() {
                counter("whatsapp_reconnect_total", "Times an account's line to WhatsApp came up.").increment();
            }
        };
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

    private Timer timer(String name, String help, Tag... labels) {
        return registry.getOrCreate(Timer.builder(name).description(help).buckets(BUCKETS).percentiles(new double[0]).tags(java.util.List.of(labels)));
    }

    private void gauge(String name, String help, Supplier<Number> value, Tag... labels) {
        registry.getOrCreate(Gauge.<Number>builder(name, value).description(help).tags(java.util.List.of(labels)));
    }
}
