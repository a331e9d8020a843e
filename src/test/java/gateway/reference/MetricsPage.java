package gateway.reference;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import gateway.metrics.EveryMetric;
import gateway.metrics.Metrics;

/**
 * The page of the metrics: what the registry tells Prometheus once every part of the program has registered its own.
 */
final class MetricsPage {
    /** A value of a label whose values depend on the installation; other series of this process are not looked at. */
    private static final String SAMPLE = "reference";

    private static final Pattern HELP = Pattern.compile("# HELP ((?:whatsapp|gowa)_\\w+) (.*)");
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\w+) (\\w+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
    private static final Set<String> OPEN = Set.of("listener", "endpoint", "version", "method", "path");
    private static final Set<String> NOT_OURS = Set.of("scope", "le", "quantile");

    private MetricsPage() {}

    private record Metric(String name, String type, String help, Map<String, Set<String>> labels) {
        boolean isAdmin() {
            return name.startsWith("gowa_") || name.startsWith("whatsapp_instance");
        }
    }

    static String text() {
        var metrics = all();
        return ReferencePages.head("Metrics", """
                The gateway serves its metrics to Prometheus at `/metrics` on a listener of its own: `APP_METRICS_HOST`, and
                `APP_METRICS_PORT`, which is `APP_PORT` + 10000 by default. The Admin API uses `ADMIN_METRICS_PORT`. Its `/targets`
                lists where the metrics of each instance are. Neither listener asks for a credential, so both stay on loopback.

                A counter whose labels are known is there as zero from the start, so that the first failure is a rise. A label never
                holds a number, a name, an address or a raw path of a client. Beside these metrics stand those of the Java runtime,
                and the label `scope`, which Helidon adds.""")
                + sections(
                        "Gateway",
                        metrics.stream().filter(metric -> !metric.isAdmin()).toList())
                + sections("Admin API", metrics.stream().filter(Metric::isAdmin).toList())
                + "\nThe names that begin with `gowa_` are those of the original's Admin API.\n";
    }

    /** Every metric's name. */
    static Set<String> names() {
        return all().stream().map(Metric::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String sections(String title, List<Metric> metrics) {
        return "\n## " + title + "\n"
                + metrics.stream()
                        .map(metric -> "\n### " + metric.name() + "\n\n" + metric.help() + "\n\n" + "- Type: "
                                + metric.type() + unit(metric) + "\n" + labels(metric))
                        .collect(Collectors.joining());
    }

    private static String unit(Metric metric) {
        var base = metric.name().replaceFirst("_(total|max)$", "");
        return base.endsWith("_seconds") ? ", in seconds" : base.endsWith("_bytes") ? ", in bytes" : "";
    }

    private static String labels(Metric metric) {
        return metric.labels().entrySet().stream()
                .map(label -> "- Label `" + label.getKey() + "`"
                        + (label.getValue().isEmpty()
                                ? ""
                                : ": "
                                        + label.getValue().stream()
                                                .map(ReferencePages::code)
                                                .collect(Collectors.joining(", ")))
                        + "\n")
                .collect(Collectors.joining());
    }

    private static List<Metric> all() {
        var lines = everything().lines().toList();
        var types = new TreeMap<String, String>();
        lines.forEach(line -> {
            var type = TYPE.matcher(line);
            if (type.matches()) {
                types.put(type.group(1), type.group(2));
            }
        });
        return lines.stream()
                .map(HELP::matcher)
                .filter(help -> help.matches())
                .map(help -> new Metric(
                        help.group(1), types.get(help.group(1)), help.group(2).strip(), labels(help.group(1), lines)))
                .sorted(Comparator.comparing(Metric::name))
                .toList();
    }

    private static Map<String, Set<String>> labels(String name, List<String> lines) {
        var labels = new TreeMap<String, Set<String>>();
        lines.stream()
                .filter(line -> line.matches(name + "(_bucket|_count|_sum)?[{ ].*"))
                .forEach(line -> {
                    var here = LABEL.matcher(line)
                            .results()
                            .collect(Collectors.toMap(match -> match.group(1), match -> match.group(2)));
                    boolean ours = here.entrySet().stream()
                            .allMatch(label -> !OPEN.contains(label.getKey())
                                    || label.getValue().equals(SAMPLE));
                    here.forEach((label, value) -> {
                        if (!NOT_OURS.contains(label)) {
                            var values = labels.computeIfAbsent(label, none -> new TreeSet<>());
                            if (ours && !OPEN.contains(label) && !value.matches("[0-9]+")) {
                                values.add(value);
                            }
                        }
                    });
                });
        return labels;
    }

    /** The text for Prometheus, once every part has registered its metrics under sample labels. */
    private static String everything() {
        var metrics = new Metrics();
        EveryMetric.register(metrics, SAMPLE);
        return metrics.text();
    }
}
