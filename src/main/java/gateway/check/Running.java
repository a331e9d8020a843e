package gateway.check;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

import gateway.config.Settings;

/** The gateway as it runs: its settings, its metrics, its unit. */
final class Running {
    static final String UNIT = "whatsapp.service";
    static final String SETTINGS_REMEDY = "whatsapp config check";
    static final String START = "systemctl status whatsapp";

    private Running() {}

    /** @throws Unseen when the settings have errors */
    static Settings settings(Evidence evidence) {
        var configuration = evidence.configuration();
        return configuration
                .settings()
                .orElseThrow(() -> new Unseen("the settings have errors, the first one in "
                        + configuration.errors().getFirst().name()));
    }

    /** Why the settings refuse one of them, as a failure; empty when they do not. */
    static Optional<Verdict> refused(Evidence evidence, String name) {
        return evidence.configuration().errors().stream()
                .filter(problem -> problem.name().equals(name))
                .findFirst()
                .map(problem -> new Verdict.Fail(name + " " + problem.what(), SETTINGS_REMEDY));
    }

    /** The metrics of the running gateway, in Prometheus' text format. */
    static String metrics(Evidence evidence) {
        int port = settings(evidence).metrics().port();
        var reply = evidence.http(new Evidence.Request(port, false, "localhost", "/metrics"));
        if (reply.status() != 200 || !reply.body().contains("whatsapp_build_info")) {
            throw new Unseen("what answers on port " + port + " does not show the gateway's metrics");
        }
        return reply.body();
    }

    /** The sum of a metric's series whose labels hold this text; empty when there is none. */
    static OptionalDouble sum(String metrics, String name, String label) {
        var values = Pattern.compile("(?m)^" + Pattern.quote(name) + "(?:\\{([^}]*)\\})? ([0-9.eE+-]+)\\s*$")
                .matcher(metrics)
                .results()
                .filter(match -> label.isEmpty()
                        || match.group(1) != null && match.group(1).contains(label))
                .mapToDouble(match -> Double.parseDouble(match.group(2)))
                .toArray();
        return values.length == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(java.util.Arrays.stream(values).sum());
    }

    /** How many series of a name there are. */
    static long count(String metrics, String name) {
        return metrics.lines().filter(line -> line.startsWith(name + "{")).count();
    }

    /** The reply of the REST listener on a path, without any credential. */
    static Evidence.Reply get(Evidence evidence, String line) {
        return evidence.http(new Evidence.Request(settings(evidence).http().port(), false, "localhost", line));
    }
}
