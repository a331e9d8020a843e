package gateway.metrics;

import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Tag;

import gateway.admin.AdminMetrics;

/** The Admin API's figures: the original's four by its names, and ours. */
final class InstanceMetrics implements AdminMetrics {
    private final Metrics metrics;
    private final Counter errors;
    private final Counter restarts;

    InstanceMetrics(Metrics metrics) {
        this.metrics = metrics;
        this.errors = metrics.counter(
                "gowa_supervisor_errors_total", "Times the supervisor of the instances could not be reached.");
        this.restarts = metrics.counter(
                "whatsapp_instance_restarts_total", "Instances that ended by themselves and were started again.");
        // There as zero before they fail, so that an alert sees the first failure.
        for (var operation : List.of("create", "update", "delete")) {
            operations(operation, "success");
            operations(operation, "error");
        }
    }

    @Override
    public void request(String method, String path, int status) {
        metrics.counter(
                        "gowa_admin_api_requests_total",
                        "Requests to the Admin API.",
                        Tag.create("method", method),
                        Tag.create("path", path),
                        Tag.create("status", Integer.toString(status)))
                .increment();
    }

    @Override
    public void operation(String operation, String result) {
        operations(operation, result).increment();
    }

    private Counter operations(String operation, String result) {
        return metrics.counter(
                "gowa_instance_operations_total",
                "Instances created, updated and deleted.",
                Tag.create("operation", operation),
                Tag.create("result", result));
    }

    @Override
    public void supervisorError() {
        errors.increment();
    }

    @Override
    public void restarted() {
        restarts.increment();
    }

    @Override
    public void instances(Supplier<Collection<String>> states) {
        metrics.gauge("gowa_instances_running", "Instances that answer.", () -> count(states, "RUNNING"));
        metrics.gauge(
                "whatsapp_instances", "Instances there are.", () -> states.get().size());
        metrics.gauge("whatsapp_instances_fatal", "Instances that were given up.", () -> count(states, "FATAL"));
    }

    private static long count(Supplier<Collection<String>> states, String state) {
        return states.get().stream().filter(state::equals).count();
    }
}
