package gateway.metrics;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.regex.Pattern;

import io.helidon.common.media.type.MediaTypes;
import io.helidon.metrics.api.BuiltInMeterNameFormat;
import io.helidon.metrics.api.Meter;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.MetricsConfig;
import io.helidon.metrics.api.MetricsFactory;
import io.helidon.metrics.api.ScopeConfig;
import io.helidon.metrics.spi.MeterRegistryFormatterProvider;

/**
 * Helidon's registry of meters, and its text in Prometheus' exposition format. Helidon's own meters of the JVM are in
 * it, by names that Prometheus accepts.
 */
final class Exposition {
    /** Helidon's own gauges that end in {@code count}, which Prometheus keeps for histograms. */
    private static final Pattern MISNAMED = Pattern.compile(".*[._]count");

    /** Helidon's own label, which says the same of nearly every series. */
    private static final Pattern SCOPE = Pattern.compile("(?<=[{,])scope=\"(?:application|base|vendor)\",?");

    private final MetricsConfig config = MetricsConfig.builder()
            .builtInMeterNameFormat(BuiltInMeterNameFormat.SNAKE)
            .scoping(scoping -> scoping.putScope(
                    Meter.Scope.BASE,
                    ScopeConfig.builder()
                            .name(Meter.Scope.BASE)
                            .exclude(MISNAMED)
                            .build()))
            .build();

    @SuppressWarnings("removal") // Helidon 4.5.0 has no other way to its factory outside its own registry
    private final MeterRegistry registry = MetricsFactory.getInstance().globalRegistry(config);

    MeterRegistry registry() {
        return registry;
    }

    /** Every meter of the registry; empty when it has none. */
    String text() {
        return ServiceLoader.load(MeterRegistryFormatterProvider.class).stream()
                .flatMap(provider -> provider
                        .get()
                        .formatter(MediaTypes.TEXT_PLAIN, config, registry, Optional.empty(), List.of(), List.of())
                        .stream())
                .findFirst()
                .orElseThrow()
                .format()
                .map(text -> SCOPE.matcher(text.toString()).replaceAll(""))
                .orElse("");
    }
}
