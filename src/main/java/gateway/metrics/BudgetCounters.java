package gateway.metrics;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Tag;

import gateway.budget.BudgetMetrics;
import gateway.budget.BudgetSpent;

/** The counters of the budgets of memory and processor time, each of them there from the start. */
final class BudgetCounters implements BudgetMetrics {
    private final Metrics metrics;

    BudgetCounters(Metrics metrics) {
        this.metrics = metrics;
        for (var what : BudgetSpent.Cause.values()) {
            refusals(what);
        }
        slowReaders();
    }

    @Override
    public void refused(BudgetSpent.Cause what) {
        refusals(what).increment();
    }

    @Override
    public void slowReader() {
        slowReaders().increment();
    }

    private Counter refusals(BudgetSpent.Cause what) {
        return metrics.counter(
                "whatsapp_budget_refusals_total",
                "Requests refused because memory or processor time was spent.",
                Tag.create("cause", what.label()));
    }

    private Counter slowReaders() {
        return metrics.counter(
                "whatsapp_http_slow_readers_total", "Connections closed because a large reply was read too slowly.");
    }
}
