package gateway.metrics;

import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Tag;

import gateway.config.catalogue.SecretKind;
import gateway.rotation.ReloadMetrics;

/**
 * Reloads of the settings, and how old the secrets are: one series for each kind of secret there is, six at the most.
 */
final class SecretMetrics implements ReloadMetrics {
    private final MeterRegistry registry;
    private final InstantSource clock;
    private volatile long lastSuccess;
    private volatile boolean successful = true;

    SecretMetrics(MeterRegistry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
        gauge(
                "whatsapp_config_last_reload_successful",
                "1 when the last reload of the settings was taken over.",
                () -> successful ? 1 : 0);
        gauge(
                "whatsapp_config_reload_success_timestamp_seconds",
                "When settings were last read and taken over.",
                () -> lastSuccess / 1_000.0);
        failures();
    }

    @Override
    public void succeeded() {
        lastSuccess = clock.millis();
        successful = true;
    }

    @Override
    public void failed() {
        successful = false;
        failures().increment();
    }

    private Counter failures() {
        return registry.getOrCreate(Counter.builder("whatsapp_config_reload_failures_total")
                .description("Reloads that were refused; the old settings stayed in force."));
    }

    @Override
    public void secret(SecretKind kind, LongSupplier since, LongSupplier oldUsed) {
        var label = Tag.create("secret", kind.label());
        gauge(
                "whatsapp_secret_age_seconds",
                "How long a secret has been what it is.",
                () -> (clock.millis() - since.getAsLong()) / 1_000,
                label);
        gauge(
                "whatsapp_secret_retiring_last_used_timestamp_seconds",
                "When the secret before this one was last used; 0 = not since the rotation.",
                () -> oldUsed.getAsLong() / 1_000,
                label);
    }

    private void gauge(String name, String help, Supplier<Number> value, Tag... labels) {
        registry.getOrCreate(
                Gauge.<Number>builder(name, value).description(help).tags(List.of(labels)));
    }
}
