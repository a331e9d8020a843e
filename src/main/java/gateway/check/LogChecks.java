package gateway.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import gateway.check.Check.Area;
import gateway.check.Check.Half;
import gateway.check.Check.Severity;

/** Checks of the security log and of what watches it. */
final class LogChecks {
    private static final Path ROTATION = Path.of("/etc/logrotate.d/whatsapp-security");
    /** Where the guide has the gateway's rotation. */
    private static final Path GUIDES_ROTATION = Path.of("/etc/logrotate.d/whatsapp");

    private static final Pattern KEPT = Pattern.compile("(?m)^\\s*(?:maxage|rotate) ([0-9]{1,5})\\s*$");
    private static final Pattern JOURNAL_LIMIT =
            Pattern.compile("(?m)^\\s*(?:MaxRetentionSec|SystemMaxUse)\\s*=\\s*([1-9]\\S*)");
    private static final List<Path> JOURNAL =
            List.of(Path.of("/etc/systemd/journald.conf.d"), Path.of("/usr/lib/systemd/journald.conf.d"));
    private static final int PROMETHEUS = 9090;
    private static final int ALERTMANAGER = 9093;
    private static final String ATTEMPTS = "whatsapp_auth_attempts_total";
    private static final Pattern RECEIVER = Pattern.compile("\"name\":\"([^\"]+)\"");

    private LogChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(
                        "security-log-chain",
                        Area.LOGS,
                        Severity.HIGH,
                        List.of("A-MON-1", "B-APP-4"),
                        "every line of the security log with its seal, and the mode of the file",
                        "whatsapp audit verify",
                        LogChecks::chain),
                new Check(
                        "log-retention",
                        Area.LOGS,
                        Severity.MEDIUM,
                        List.of("A-MON-5", "B-DATA-2"),
                        "logrotate's file for the gateway, and journald's limits",
                        "logrotate --debug " + ROTATION,
                        LogChecks::retention),
                new Check(
                        "failed-logins-counted",
                        Area.LOGS,
                        Severity.MEDIUM,
                        List.of("A-MON-2"),
                        "the counter before and after a request without a credential",
                        Running.START,
                        LogChecks::failures),
                new Check(
                        "failed-logins-watched",
                        Area.LOGS,
                        Severity.MEDIUM,
                        List.of("A-MON-2"),
                        "the counter's series in Prometheus",
                        "systemctl status prometheus",
                        Half.ROOT,
                        LogChecks::watched),
                new Check(
                        "alerts-routed",
                        Area.LOGS,
                        Severity.MEDIUM,
                        List.of("A-MON-3"),
                        "the alert DeadManSwitch and the receivers in Alertmanager",
                        "systemctl status prometheus-alertmanager",
                        Half.ROOT,
                        LogChecks::alerts));
    }

    private static Verdict chain(Evidence evidence) {
        var log = Running.settings(evidence).storage().securityLog();
        var facts = evidence.file(log).orElseThrow(() -> new Unseen("there is no " + log + " yet"));
        if (facts.isOpenToOthers()) {
            return new Verdict.Fail(log + " has mode " + facts.octal(), "chmod o= " + log);
        }
        var report = evidence.securityLog();
        return report.problem()
                .<Verdict>map(problem -> new Verdict.Fail(problem, "whatsapp audit verify"))
                .orElseGet(() -> report.lines() == 0
                        ? new Verdict.Fail(log + " has no line", Running.START)
                        : new Verdict.Pass(report.lines() + " lines of " + log + " are sealed to each other"));
    }

    private static Verdict retention(Evidence evidence) {
        var place = evidence.text(ROTATION).isPresent() ? ROTATION : GUIDES_ROTATION;
        var rotation = evidence.text(place).orElseThrow(() -> new Unseen("there is no " + place));
        var wrong = new ArrayList<String>();
        var log = Running.settings(evidence).storage().securityLog();
        if (!rotation.contains(log.toString())) {
            wrong.add(place + " does not name " + log);
        }
        if (!KEPT.matcher(rotation).find()) {
            wrong.add(place + " says neither rotate nor maxage");
        }
        boolean limited = JOURNAL.stream()
                .flatMap(directory -> evidence.list(directory).stream())
                .filter(file -> file.toString().endsWith(".conf"))
                .flatMap(file -> evidence.text(file).stream())
                .anyMatch(text -> JOURNAL_LIMIT.matcher(text).find());
        if (!limited) {
            wrong.add("journald has no limit of its own");
        }
        return Verdict.of(
                wrong, "the security log is rotated, and the journal is limited", "logrotate --debug " + place);
    }

    private static Verdict failures(Evidence evidence) {
        double before = missing(evidence);
        var status = Running.get(evidence, Running.settings(evidence).http().basePath() + "/app/devices")
                .status();
        if (status != 401) {
            throw new Unseen("a request without a credential is answered with " + status);
        }
        double after = missing(evidence);
        return after > before
                ? new Verdict.Pass(ATTEMPTS + " rises with each refused request")
                : new Verdict.Fail(ATTEMPTS + " did not rise by a refused request", Running.START);
    }

    private static Verdict watched(Evidence evidence) {
        var found = evidence.http(
                new Evidence.Request(PROMETHEUS, false, "localhost", "/api/v1/query?query=count(" + ATTEMPTS + ")"));
        if (found.status() != 200) {
            throw new Unseen("Prometheus answers " + found.status());
        }
        return found.body().contains("\"value\":[")
                ? new Verdict.Pass("Prometheus has the series " + ATTEMPTS)
                : new Verdict.Fail("Prometheus has no series " + ATTEMPTS, "systemctl status prometheus");
    }

    private static double missing(Evidence evidence) {
        return Running.sum(Running.metrics(evidence), ATTEMPTS, "reason=\"missing\"")
                .orElseThrow(() -> new Unseen("the gateway has no metric " + ATTEMPTS));
    }

    private static Verdict alerts(Evidence evidence) {
        var receivers = evidence.http(new Evidence.Request(ALERTMANAGER, false, "localhost", "/api/v2/receivers"));
        var active = evidence.http(new Evidence.Request(
                ALERTMANAGER, false, "localhost", "/api/v2/alerts?filter=alertname%3D%22DeadManSwitch%22"));
        if (receivers.status() != 200 || active.status() != 200) {
            throw new Unseen("Alertmanager answers " + receivers.status());
        }
        var wrong = new ArrayList<String>();
        long count = RECEIVER.matcher(receivers.body()).results().count();
        if (count == 0) {
            wrong.add("Alertmanager has no receiver");
        }
        if (!active.body().contains("\"alertname\":\"DeadManSwitch\"")) {
            wrong.add("the alert DeadManSwitch does not reach Alertmanager");
        }
        return Verdict.of(
                wrong,
                "DeadManSwitch reaches Alertmanager, which has " + count + " receivers",
                "systemctl status prometheus");
    }
}
