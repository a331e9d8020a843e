package gateway.check;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What two scanners find on a machine that is not sound, and results that are too old or from the future. */
final class ScanBreaks {
    private ScanBreaks() {}

    static List<Breaks> all() {
        return List.of(
                report("the grade is B", "[{\"id\":\"overall_grade\",\"severity\":\"OK\",\"finding\":\"B\"}]"),
                report(
                        "SWEET32 is HIGH",
                        "[{\"id\":\"overall_grade\",\"finding\":\"A\"},{\"id\":\"SWEET32\",\"severity\":\"HIGH\"}]"),
                aged("tls-tested", "40 days ago", ScanChecks.TESTSSL, Duration.ofDays(40)),
                aged("tls-tested", "from the future", ScanChecks.TESTSSL, Duration.ofHours(-1)),
                new Breaks(
                        "host-scanned",
                        "Lynis gave 49",
                        machine -> machine.texts.put(ScanChecks.LYNIS, "{\"hardening_index\": 49, \"warnings\": []}")),
                new Breaks(
                        "host-scanned",
                        "Lynis gave 79 and warned of AUTH-9308",
                        machine -> machine.texts.put(
                                ScanChecks.LYNIS, "{\"hardening_index\": 79, \"warnings\": [\"AUTH-9308\"]}")),
                aged("host-scanned", "40 days ago", ScanChecks.LYNIS, Duration.ofDays(40)),
                aged("host-scanned", "from the future", ScanChecks.LYNIS, Duration.ofHours(-1)));
    }

    private static Breaks report(String seen, String findings) {
        return new Breaks("tls-tested", seen, machine -> machine.texts.put(ScanChecks.TESTSSL, findings));
    }

    private static Breaks aged(String check, String seen, Path file, Duration age) {
        return new Breaks(
                check, seen, machine -> machine.file(file, "file", "root", 0640, PaperMachine.NOW.minus(age)));
    }
}
