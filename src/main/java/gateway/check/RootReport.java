package gateway.check;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What root saw last: the report that {@code whatsapp-check.service} writes as JSON. */
final class RootReport {
    static final Path PLACE = Path.of("/var/lib/whatsapp-check");
    static final Path FILE = PLACE.resolve("root.json");
    /** A day, and two hours for a timer that is late. */
    private static final Duration MAX_AGE = Duration.ofHours(26);

    private static final String LOOK = "systemctl start whatsapp-check";
    private static final int OTHERS_WRITE = 0022;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private RootReport() {}

    /** @throws Unseen when root's report is absent, too old, not root's, or without this check */
    static Verdict of(Evidence evidence, String check) {
        var facts = evidence.file(FILE)
                .orElseThrow(() -> new Unseen("only root can look, and root has not looked yet: no " + FILE));
        // Whoever may write to the directory may put an old report of root's in the place of the new one.
        var place = evidence.file(PLACE).orElseThrow(() -> new Unseen("there is no " + PLACE));
        if (!facts.kind().equals("file") || !isRoots(facts) || !place.kind().equals("directory") || !isRoots(place)) {
            throw new Unseen(FILE + " is not a file that root alone can write");
        }
        var text = evidence.text(FILE).orElseThrow(() -> new Unseen("there is no " + FILE));
        try {
            var report = MAPPER.readTree(text);
            var age = Duration.between(Instant.parse(report.path("time").asText("")), evidence.now());
            if (age.compareTo(Evidence.CLOCKS.negated()) < 0) {
                throw new Unseen(FILE + " is from the future: a clock jumped");
            }
            if (age.compareTo(MAX_AGE) > 0) {
                throw new Unseen("root looked " + age.toHours() + " hours ago, which is too old; " + LOOK);
            }
            for (var seen : report.path("checks")) {
                if (seen.path("name").asText("").equals(check)) {
                    return verdict(seen, " (root looked " + Math.max(0, age.toMinutes()) + " minutes ago)");
                }
            }
            throw new Unseen(FILE + " says nothing about this check");
        } catch (JsonProcessingException | DateTimeException e) {
            throw new Unseen(FILE + " is not a report");
        }
    }

    static boolean isRoots(Evidence.FileFacts facts) {
        return facts.owner().equals("root") && (facts.mode() & OTHERS_WRITE) == 0;
    }

    private static Verdict verdict(JsonNode seen, String age) {
        var evidence = seen.path("evidence").asText("");
        var remedy = seen.path("remedy").asText(LOOK);
        return switch (seen.path("verdict").asText("")) {
            case "pass" -> new Verdict.Pass(evidence + age);
            case "warn" -> new Verdict.Warn(evidence + age, remedy);
            case "fail" -> new Verdict.Fail(evidence + age, remedy);
            case "not_applicable" -> new Verdict.NotApplicable(evidence + age);
            case "unknown" -> new Verdict.Unknown(evidence + age, remedy);
            default -> throw new Unseen(FILE + " has a verdict that is none");
        };
    }
}
