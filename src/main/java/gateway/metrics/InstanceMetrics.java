package gateway.metrics;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

import gateway.admin.AdminMetrics;
import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Tag;

/** The metrics of the Admin API: four by the names that version 7.11 of the original gave them, and ours. */
final class InstanceMetrics implements AdminMetrics {
    private final MeterRegistry registry;

    InstanceMetrics(MeterRegistry registry) {
        this.registry = registry;
        // There as zero before they fail, so that an alert sees the first failure.
        supervisorErrors();
        restarts();
        for (var operation : List.of("create", "update", "delete")) {
            operations(operation, "success");
            operations(operation, "error");
        }
    }

    @Override
    public void request(String method, String path, int status) {
        counter("gowa_admin_api_requests_total", "Requests to the Admin API.", Tag.create("method", method), Tag.create("path", path),
                Tag.create("status", Integer.toString(status))).increment();
    }

    @Override
    public void operation(String operation, String result) {
        operations(operation, result).increment();
    }

    private Counter operations(String operation, String result) {
        return counter("gowa_instance_operations_total", "Instances created, updated and deleted.", Tag.create("operation", operation),
                Tag.create("result", result));
    }

    @Override
    public void supervisorError() {
        supervisorErrors().increment();
    }

    private Counter supervisorErrors() {
        return counter("gowa_supervisor_errors_total", "Times the supervisor of the instances could not be reached.");
    }

    @Override
    public void restarted() {
        restarts().increment();
    }

    private Counter restarts() {
        return counter("whatsapp_instance_restarts_total", "Instances that ended by themselves and were started again.");
    }

    @Override
    public void instances(Supplier<Collection<String>> states) {
        gauge("gowa_instances_running", "Instances that answer.", states, "RUNNING"::equals);
        gauge("whatsapp_instances", "Instances there are.", states, state -> true);
        gauge("whatsapp_instances_fatal", "Instances that were given up.", states, "FATAL"::equals);
    }

    private void gauge(String name, String help, Supplier<Collection<String>> states, Predicate<String> counted) {
        registry.getOrCreate(Gauge.<Long>builder(name, () -> states.get().stream().filter(counted).count()).description(help));
    }

    private Counter counter(String name, String help, Tag... labels) {
        return registry.getOrCreate(Counter.builder(name).description(help).tags(List.of(labels)));
    }
}
