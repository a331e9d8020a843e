package gateway.metrics;

import io.helidon.metrics.api.Counter;

import gateway.audit.AuditMetrics;

/** The security log's figures. */
final class AuditCounters implements AuditMetrics {
    private final Counter lines;
    private final Counter failures;
    private final Counter losses;

    AuditCounters(Metrics metrics) {
        lines = metrics.counter("whatsapp_audit_lines_total", "Lines written to the security log.");
        failures = metrics.counter("whatsapp_audit_failures_total", "Events the security log could not take.");
        losses = metrics.counter(
                "whatsapp_audit_losses_total",
                "Times that the security log's file vanished or shrank without a rotation.");
    }

    @Override
    public void written(int count) {
        lines.increment(count);
    }

    @Override
    public void failed() {
        failures.increment();
    }

    @Override
    public void lost() {
        losses.increment();
    }
}
