package gateway.check;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import gateway.check.Check.Area;
import gateway.check.Check.Severity;

/** Checks of what testssl and Lynis found on this machine, which {@code whatsapp-check-scan.service} runs. */
final class ScanChecks {
    static final Path TESTSSL = RootReport.PLACE.resolve("testssl.json");
    static final Path LYNIS = RootReport.PLACE.resolve("lynis.json");
    private static final String SCAN = "systemctl start whatsapp-check-scan";
    /** The playbook scans at its end and a timer on the first day of each month. */
    private static final Duration MAX_AGE = Duration.ofDays(31);

    /** Lynis calls 80 and more good, and less than 50 in need of work. */
    private static final int GOOD = 80;

    private static final int POOR = 50;
    /** The finding that is not judged: a private authority has no service that revokes certificates. */
    private static final String REVOCATION = "cert_revocation";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ScanChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(
                        "tls-tested",
                        Area.TLS,
                        Severity.MEDIUM,
                        List.of("A-TEST-1"),
                        "testssl's last report: its age, its grade, its grave findings",
                        SCAN,
                        ScanChecks::tested),
                new Check(
                        "host-scanned",
                        Area.SYSTEM,
                        Severity.MEDIUM,
                        List.of("B-MONTH-1"),
                        "Lynis' last result: its age, its hardening index, its warnings",
                        SCAN,
                        ScanChecks::scanned));
    }

    private static Verdict tested(Evidence evidence) {
        var age = age(evidence, TESTSSL);
        var findings = json(evidence, TESTSSL, "is no whole report of testssl");
        var wrong = new ArrayList<String>();
        var grade = "";
        for (var finding : findings) {
            var severity = finding.path("severity").asText("");
            var id = finding.path("id").asText("a finding");
            if (id.equals("overall_grade")) {
                grade = finding.path("finding").asText("");
            } else if (!id.equals(REVOCATION) && (severity.equals("HIGH") || severity.equals("CRITICAL"))) {
                wrong.add(id + " is " + severity);
            }
        }
        if (!findings.isArray() || grade.isEmpty()) {
            throw new Unseen(TESTSSL + " is no whole report of testssl");
        }
        if (!grade.startsWith("A")) {
            wrong.add("the grade is " + grade);
        }
        return aged(wrong, "testssl gave " + grade, age);
    }

    private static Verdict scanned(Evidence evidence) {
        var age = age(evidence, LYNIS);
        var result = json(evidence, LYNIS, "is no whole result of Lynis");
        var index = result.path("hardening_index");
        if (!index.isInt() || !result.path("warnings").isArray()) {
            throw new Unseen(LYNIS + " is no whole result of Lynis");
        }
        var warnings = new ArrayList<String>();
        result.path("warnings").forEach(warning -> warnings.add(warning.asText("")));
        var said = "Lynis gave " + index.intValue()
                + (warnings.isEmpty() ? " and no warning" : " and warned of " + String.join(", ", warnings));
        var wrong = index.intValue() < POOR ? List.of("Lynis gave " + index.intValue()) : List.<String>of();
        var verdict = aged(wrong, said, age);
        return verdict instanceof Verdict.Pass && index.intValue() < GOOD
                ? new Verdict.Warn(verdict.evidence(), "lynis audit system")
                : verdict;
    }

    private static Verdict aged(List<String> found, String good, Duration age) {
        var wrong = new ArrayList<>(found);
        if (age.compareTo(Evidence.CLOCKS.negated()) < 0) {
            return new Verdict.Fail("the last scan is from the future: a clock jumped", "timedatectl");
        }
        if (age.compareTo(MAX_AGE) > 0) {
            wrong.add("the last scan was " + age.toDays() + " days ago");
        }
        return Verdict.of(wrong, good + " " + Math.max(0, age.toDays()) + " days ago", SCAN);
    }

    private static Duration age(Evidence evidence, Path file) {
        var facts = evidence.file(file).orElseThrow(() -> new Unseen("nobody has scanned yet: no " + file));
        if (!facts.kind().equals("file") || !RootReport.isRoots(facts)) {
            throw new Unseen(file + " is not a file that root alone can write");
        }
        return Duration.between(facts.modified(), evidence.now());
    }

    private static JsonNode json(Evidence evidence, Path file, String otherwise) {
        try {
            return MAPPER.readTree(
                    evidence.text(file).orElseThrow(() -> new Unseen("nobody has scanned yet: no " + file)));
        } catch (JsonProcessingException e) {
            throw new Unseen(file + " " + otherwise);
        }
    }
}
