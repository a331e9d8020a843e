package gateway.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Tag;

import gateway.auth.Admission;
import gateway.auth.AuthMetrics;

/** The entrance's figures: how credentials were judged, and what was refused for its rate. */
final class AuthCounters implements AuthMetrics {
    /** A verdict on credentials, as the counters tell verdicts apart. */
    private record Verdict(String outcome, String reason, String listener) {}

    private final Metrics metrics;
    private final Counter retiringUses;
    /** The counters of verdicts that were given: a look-up by labels makes garbage with every request. */
    private final Map<Verdict, Counter> attempts = new ConcurrentHashMap<>();

    AuthCounters(Metrics metrics) {
        this.metrics = metrics;
        this.retiringUses = metrics.counter(
                "whatsapp_auth_retiring_credential_uses_total", "Requests with a credential that has an end.");
        AuthMetrics.LIMITS.forEach(this::throttles);
    }

    /** Puts every verdict of a listener's entrance at zero, so that an alert sees the first one. */
    static void begin(Metrics metrics, String listener) {
        attempts(metrics, "admitted", "verified", listener);
        attempts(metrics, "admitted", "remembered", listener);
        attempts(metrics, "refused", AuthMetrics.PROBE, listener);
        for (var reason : Admission.Reason.values()) {
            boolean later = reason == Admission.Reason.BACKOFF || reason == Admission.Reason.BUSY;
            attempts(metrics, later ? "later" : "refused", reason.label(), listener);
        }
    }

    private static Counter attempts(Metrics metrics, String outcome, String reason, String listener) {
        return metrics.counter(
                "whatsapp_auth_attempts_total",
                "Requests whose credentials were judged.",
                Tag.create("outcome", outcome),
                Tag.create("reason", reason),
                Tag.create("listener", listener));
    }

    /** The label is not called {@code scope}: Helidon writes a label of that name on every meter, over any other. */
    private Counter throttles(String limit) {
        return metrics.counter(
                "whatsapp_http_throttled_total", "Requests refused for their rate.", Tag.create("limit", limit));
    }

    @Override
    public void attempt(String outcome, String reason, String listener) {
        var verdict = new Verdict(outcome, reason, listener);
        var counter = attempts.get(verdict);
        if (counter == null) {
            counter = attempts(metrics, outcome, reason, listener);
            attempts.put(verdict, counter);
        }
        counter.increment();
    }

    @Override
    public void retiringCredentialUsed() {
        retiringUses.increment();
    }

    @Override
    public void throttled(String limit) {
        throttles(limit).increment();
    }
}
