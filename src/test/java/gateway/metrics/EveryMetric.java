package gateway.metrics;

import java.time.InstantSource;
import java.util.List;

import gateway.budget.BudgetMetrics;
import gateway.budget.MemoryBudget;
import gateway.config.Settings;
import gateway.config.catalogue.SecretKind;
import gateway.process.Workers;

/** Registers every metric of the program, as a server and an Admin API would before anything has happened. */
public final class EveryMetric {
    private EveryMetric() {}

    /** @param sample the value of the labels that only a running server knows */
    public static void register(Metrics metrics, String sample) {
        metrics.http(sample);
        metrics.audit();
        metrics.auth();
        metrics.outbox(() -> 0, () -> 0);
        metrics.aside(() -> 0, () -> 0);
        metrics.workers(new Workers());
        metrics.budget();
        metrics.budget(new MemoryBudget(1 << 20, () -> false, BudgetMetrics.NONE));
        metrics.accounts()
                .counted(() -> 0, () -> 0)
                .standing(state -> 0, () -> 0, () -> 0)
                .holds(() -> 0, () -> 0);
        for (var profile : Settings.Profile.values()) {
            metrics.profile(profile.text());
        }
        metrics.backoffs(() -> 0);
        metrics.uptime(InstantSource.system());
        metrics.build(sample);
        metrics.webhooks().queue(sample, 0, 0, 0, false);
        var reloads = metrics.reloads(InstantSource.system());
        for (var secret : SecretKind.values()) {
            reloads.secret(secret, () -> 0, () -> 0);
        }
        var admin = metrics.admin();
        admin.request(sample, sample, 200);
        admin.instances(List::of);
    }
}
