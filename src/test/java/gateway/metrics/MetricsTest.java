package gateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import gateway.engine.Event;
import gateway.engine.Standing;
import gateway.process.Workers;

class MetricsTest {
    private final Metrics metrics = new Metrics();

    @Test
    void whatMayFailIsThereAsZeroBeforeItFails() {
        metrics.http("zero");
        metrics.auth();
        metrics.audit();
        metrics.outbox(() -> 0, () -> 0);
        metrics.aside(() -> 0, () -> 0);
        metrics.workers(new Workers());
        metrics.accounts()
                .counted(() -> 0, () -> 0)
                .standing(state -> state == Standing.State.BANNED ? 2 : 0, () -> 1, () -> 3)
                .holds(() -> 0, () -> 0);
        Stream.of(
                        "whatsapp_accounts_held{",
                        "whatsapp_account_held_seconds{",
                        "whatsapp_messages_failed_total{",
                        "whatsapp_audit_failures_total{",
                        "whatsapp_audit_losses_total{",
                        "whatsapp_account_losses_total{how=\"banned\"",
                        "whatsapp_account_losses_total{how=\"unlinked\"",
                        "whatsapp_auth_attempts_total{listener=\"zero\",outcome=\"refused\",reason=\"credentials\"",
                        "whatsapp_auth_attempts_total{listener=\"zero\",outcome=\"later\",reason=\"backoff\"",
                        "whatsapp_http_listener_revivals_total{listener=\"zero\"",
                        "whatsapp_http_responses_total{listener=\"zero\",status=\"5xx\"",
                        "whatsapp_http_throttled_total{",
                        "whatsapp_outbox_aside{",
                        "whatsapp_webhook_aside{",
                        "whatsapp_worker_stalled_seconds{worker=\"webhook-completions\"",
                        "whatsapp_worker_restarts_total{worker=\"outbox-sender\"")
                .forEach(series -> assertTrue(
                        metrics.text().lines().anyMatch(line -> line.startsWith(series) && line.matches(".* 0(\\.0)?")),
                        series));
    }

    /**
     * The tables of metrics in the documents against the text that Prometheus gets before anything has happened: an
     * alert sees the first of each. Helidon's own label is not one of ours.
     */
    @Test
    void everyMetricOfTheReferenceIsThereWithItsLabels() throws IOException {
        EveryMetric.register(metrics, "reference");
        var text = metrics.text().lines().toList();
        var missing = new ArrayList<String>();
        for (var metric : reference()) {
            var found = text.stream()
                    .filter(line -> line.matches(Pattern.quote(metric.name()) + "(_bucket|_count|_sum)?[{ ].*"))
                    .map(MetricsTest::labels)
                    .collect(Collectors.toSet());
            if (!found.equals(Set.of(metric.labels()))) {
                missing.add(metric + " has " + found);
            }
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void theProcessHasTheUsualFiguresAndNoSeriesHelidonsLabel() {
        EveryMetric.register(metrics, "figures");
        var text = metrics.text();
        Stream.of(
                        "process_cpu_seconds_total",
                        "process_start_time_seconds",
                        "process_resident_memory_bytes",
                        "process_open_fds",
                        "process_max_fds")
                .forEach(name -> {
                    var value = text.lines()
                            .filter(line -> line.startsWith(name + " "))
                            .findFirst();
                    assertTrue(value.isPresent(), name);
                    assertTrue(Double.parseDouble(value.get().substring(name.length() + 1)) > 0, value.get());
                });
        assertEquals(
                List.of(),
                text.lines().filter(line -> line.contains("scope=\"")).toList());
    }

    @Test
    void everyLimitOfARateIsThereAsZero() {
        metrics.auth();
        for (String limit : List.of("address", "principal", "send_address", "send_principal", "under_way")) {
            has("whatsapp_http_throttled_total{limit=\"" + limit + "\",} 0.0");
        }
    }

    private record Named(String name, Set<String> labels) {}

    /** Every metric of those tables. Braces behind an underscore are alternatives, others hold the labels. */
    private static List<Named> reference() throws IOException {
        var names = Pattern.compile("`((?:whatsapp|gowa)_(?:[a-z0-9_]|(?<=_)\\{[^}]*})+)(?:\\{([^}]*)})?`");
        var found = new ArrayList<Named>();
        for (var document : documents()) {
            Files.readAllLines(document).stream()
                    .filter(line -> line.matches("\\| `(whatsapp|gowa)_[a-z_]+.*"))
                    .forEach(line -> names.matcher(line).results().forEach(match -> {
                        var labels = match.group(2) == null
                                ? Set.<String>of()
                                : Set.of(match.group(2).split(","));
                        alternatives(match.group(1)).forEach(name -> found.add(new Named(name, labels)));
                    }));
        }
        return found;
    }

    /** README and the pages beside the generated one, which is held current elsewhere. */
    private static List<Path> documents() throws IOException {
        var root = Path.of(System.getProperty("basedir", "."));
        try (var pages = Files.walk(root.resolve("src/site/markdown"))) {
            return Stream.concat(
                            Stream.of(root.resolve("README.md")),
                            pages.filter(page -> page.toString().endsWith(".md"))
                                    .filter(page -> !page.endsWith("reference/metrics.md")))
                    .toList();
        }
    }

    private static List<String> alternatives(String name) {
        int open = name.indexOf('{');
        if (open < 0) {
            return List.of(name);
        }
        int close = name.indexOf('}');
        return Stream.of(name.substring(open + 1, close).split(","))
                .map(word -> name.substring(0, open) + word + name.substring(close + 1))
                .toList();
    }

    private static Set<String> labels(String line) {
        return Pattern.compile("([a-z_]+)=\"")
                .matcher(line)
                .results()
                .map(match -> match.group(1))
                .filter(label -> !label.equals("le"))
                .collect(Collectors.toSet());
    }

    @Test
    void aReplyIsCountedByItsClassAndByItsTime() {
        var http = metrics.http("replies");
        http.replied(401, TimeUnit.MILLISECONDS.toNanos(4));
        http.probed(TimeUnit.MILLISECONDS.toNanos(4));
        has("whatsapp_http_responses_total{listener=\"replies\",status=\"probe\"} 1");
        http.replied(503, TimeUnit.MILLISECONDS.toNanos(26));
        http.replied(200, TimeUnit.SECONDS.toNanos(11));
        has("whatsapp_http_responses_total{listener=\"replies\",status=\"4xx\"} 1");
        has("whatsapp_http_responses_total{listener=\"replies\",status=\"5xx\"} 1");
        has("whatsapp_http_request_duration_seconds_bucket{listener=\"replies\",le=\"0.005\"} 2");
        has("whatsapp_http_request_duration_seconds_bucket{listener=\"replies\",le=\"0.1\"} 3");
        has("whatsapp_http_request_duration_seconds_bucket{listener=\"replies\",le=\"10.0\"} 3");
        has("whatsapp_http_request_duration_seconds_bucket{listener=\"replies\",le=\"+Inf\"} 4");
        has("whatsapp_http_request_duration_seconds_count{listener=\"replies\"} 4");
        has("whatsapp_http_request_duration_seconds_sum{listener=\"replies\"} 11.034000");
    }

    @Test
    void anAccountThatWasUnpairedIsALoss() {
        metrics.stored(new Event.Connection(Event.Connection.State.DISCONNECTED, 0));
        metrics.stored(new Event.Connection(Event.Connection.State.LOGGED_OUT, 0));
        has("whatsapp_account_losses_total{how=\"logged_out\",} 1.0");
    }

    @Test
    void anEndOfAConnectionIsCountedByItsReason() {
        metrics.accounts().counted(() -> 0, () -> 0).standing(state -> 0, () -> 0, () -> 0);
        // Other tests of the same process count here as well.
        double before = value("whatsapp_disconnects_total{reason=\"replaced\",}");
        metrics.stored(new Event.Connection(
                Event.Connection.State.DISCONNECTED, false, "replaced", "another process has connected", 0));
        metrics.stored(new Event.Connection(Event.Connection.State.DISCONNECTED, false, "no word of ours", "", 0));
        assertEquals(before + 1, value("whatsapp_disconnects_total{reason=\"replaced\",}"));
        assertTrue(value("whatsapp_disconnects_total{reason=\"lost\",}") >= 0);
        for (var state : Standing.State.values()) {
            var name = "whatsapp_accounts_standing{state=\"" + state.name().toLowerCase(Locale.ROOT) + "\",} ";
            assertTrue(metrics.text().contains(name), name);
        }
        assertFalse(metrics.text().contains("no word of ours"));
    }

    private double value(String name) {
        return metrics.text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private void has(String line) {
        assertTrue(metrics.text().lines().anyMatch(line::equals), () -> line + " is not in\n" + metrics.text());
    }
}
