package gateway.metrics;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import gateway.engine.Event;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final Metrics metrics = new Metrics();

    @Test
    void whatMayFailIsThereAsZeroBeforeItFails() {
        metrics.http("zero");
        metrics.audit();
        metrics.outbox(() -> 0, () -> 0);
        metrics.accounts(() -> 0, () -> 0);
        Stream.of("whatsapp_messages_failed_total{", "whatsapp_audit_failures_total{", "whatsapp_audit_losses_total{", "whatsapp_account_losses_total{how=\"banned\"",
                "whatsapp_auth_attempts_total{listener=\"zero\",outcome=\"refused\",reason=\"credentials\"",
                "whatsapp_auth_attempts_total{listener=\"zero\",outcome=\"later\",reason=\"backoff\"",
                "whatsapp_http_listener_revivals_total{listener=\"zero\"", "whatsapp_http_responses_total{listener=\"zero\",status=\"5xx\"",
                "whatsapp_http_throttled_total{").forEach(series ->
                assertTrue(metrics.text().lines().anyMatch(line -> line.startsWith(series) && line.matches(".* 0(\\.0)?")), series));
    }

    @Test
    void aReplyIsCountedByItsClassAndByItsTime() {
        var http = metrics.http("replies");
        http.replied(401, TimeUnit.MILLISECONDS.toNanos(4));
        http.replied(503, TimeUnit.MILLISECONDS.toNanos(26));
        http.replied(200, TimeUnit.SECONDS.toNanos(11));
        has("whatsapp_http_responses_total{listener=\"replies\",status=\"4xx\"} 1");
        has("whatsapp_http_responses_total{listener=\"replies\",status=\"5xx\"} 1");
        has("whatsapp_http_request_duration_seconds_bucket{listener=\"replies\",le=\"0.005\"} 1");
        has("whatsapp_http_request_duration_seconds_bucket{listener=\"replies\",le=\"0.1\"} 2");
        has("whatsapp_http_request_duration_seconds_bucket{listener=\"replies\",le=\"10.0\"} 2");
        has("whatsapp_http_request_duration_seconds_bucket{listener=\"replies\",le=\"+Inf\"} 3");
        has("whatsapp_http_request_duration_seconds_count{listener=\"replies\"} 3");
        has("whatsapp_http_request_duration_seconds_sum{listener=\"replies\"} 11.030000");
    }

    @Test
    void anAccountThatWasUnpairedIsALoss() {
        metrics.stored(new Event.Connection(Event.Connection.State.DISCONNECTED, 0));
        metrics.stored(new Event.Connection(Event.Connection.State.LOGGED_OUT, 0));
        has("whatsapp_account_losses_total{how=\"logged_out\",scope=\"application\",} 1.0");
    }

    private void has(String line) {
        assertTrue(metrics.text().lines().anyMatch(line::equals), () -> line + " is not in\n" + metrics.text());
    }
}
