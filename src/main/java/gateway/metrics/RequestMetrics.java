package gateway.metrics;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

import gateway.http.HttpMetrics;

/**
 * A listener's replies by class of status, and how long they took until their first byte. Counted on every request, so
 * it is an array of adders and no look-up in a registry; there from the start with zeros, so that Prometheus sees the
 * first failures as a rise.
 */
final class RequestMetrics implements HttpMetrics {
    private static final String REPLIES = "whatsapp_http_responses_total";
    private static final String TIME = "whatsapp_http_request_duration_seconds";
    private static final String[] CLASSES = {"1xx", "2xx", "3xx", "4xx", "5xx"};
    /**
     * Upper bounds in milliseconds: a look-up, a durable send, a send that waits for WhatsApp, and what is too slow.
     */
    private static final long[] BOUNDS = {5, 25, 100, 500, 2_500, 10_000};

    private final String listener;
    private final HttpMetrics connections;
    private final LongAdder[] replies = adders(CLASSES.length);
    private final LongAdder probes = new LongAdder();
    private final LongAdder[] buckets = adders(BOUNDS.length + 1);
    private final LongAdder nanos = new LongAdder();

    /** @param connections counts what is not of a single request */
    RequestMetrics(String listener, HttpMetrics connections) {
        this.listener = listener;
        this.connections = connections;
    }

    @Override
    public void replied(int status, long took) {
        replies[Math.clamp(status / 100 - 1, 0, CLASSES.length - 1)].increment();
        timed(took);
    }

    @Override
    public void probed(long took) {
        probes.increment();
        timed(took);
    }

    private void timed(long took) {
        nanos.add(took);
        int bucket = 0;
        while (bucket < BOUNDS.length && took > BOUNDS[bucket] * 1_000_000) {
            bucket++;
        }
        buckets[bucket].increment();
    }

    @Override
    public void reaped() {
        connections.reaped();
    }

    @Override
    public void revived() {
        connections.revived();
    }

    /** Both metrics of all listeners in Prometheus' text format. */
    static void append(List<RequestMetrics> listeners, StringBuilder text) {
        text.append("# HELP ")
                .append(REPLIES)
                .append(" Replies, by class of status; probe is a refusal to whatsapp check.\n# TYPE ")
                .append(REPLIES)
                .append(" counter\n");
        listeners.forEach(listener -> listener.appendReplies(text));
        text.append("# HELP ")
                .append(TIME)
                .append(" Time from a request's headers to its reply's.\n# TYPE ")
                .append(TIME)
                .append(" histogram\n");
        listeners.forEach(listener -> listener.appendTime(text));
    }

    private void appendReplies(StringBuilder text) {
        for (int i = 0; i < CLASSES.length; i++) {
            line(text, REPLIES, "status=\"" + CLASSES[i] + "\"", replies[i].sum());
        }
        line(text, REPLIES, "status=\"probe\"", probes.sum());
    }

    private void appendTime(StringBuilder text) {
        long count = 0;
        for (int i = 0; i < BOUNDS.length; i++) {
            count += buckets[i].sum();
            line(text, TIME + "_bucket", "le=\"" + BOUNDS[i] / 1_000.0 + "\"", count);
        }
        count += buckets[BOUNDS.length].sum();
        line(text, TIME + "_bucket", "le=\"+Inf\"", count);
        line(text, TIME + "_count", "", count);
        text.append(String.format(Locale.ROOT, "%s_sum{listener=\"%s\"} %.6f%n", TIME, listener, nanos.sum() / 1e9));
    }

    private void line(StringBuilder text, String name, String label, long value) {
        text.append(name)
                .append("{listener=\"")
                .append(listener)
                .append('"')
                .append(label.isEmpty() ? "" : ",")
                .append(label)
                .append("} ")
                .append(value)
                .append('\n');
    }

    private static LongAdder[] adders(int many) {
        var made = new LongAdder[many];
        java.util.Arrays.setAll(made, i -> new LongAdder());
        return made;
    }
}
