package gateway.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.check.Check.Area;
import gateway.check.Check.Phase;
import gateway.check.Check.Severity;
import gateway.check.CheckRun.Result;
import gateway.check.Posture.Answer;
import gateway.check.Posture.Due;
import gateway.check.Posture.Standing;
import gateway.check.Report.Kind;

/** What a page shows of the kept reports, and of reports that are missing, cut, altered or from the future. */
class PostureReaderTest {
    private static final Verdict GOOD = new Verdict.Pass("fine");
    private static final Verdict BAD = new Verdict.Fail("broken", "mend it");

    @TempDir
    Path place;

    private Path shelf;
    private Instant now = Instant.parse("2027-03-31T12:00:00Z");
    private final Map<String, Attestation.Found> attested = new HashMap<>();

    @BeforeEach
    void make() throws Exception {
        shelf = Files.createDirectory(place.resolve("reports"));
    }

    private Posture posture() {
        return reader().read();
    }

    private PostureReader reader() {
        return new PostureReader(
                shelf,
                item -> {
                    if (item.equals("A-DOC-1")) {
                        throw new Unseen("it is dark");
                    }
                    return Optional.ofNullable(attested.get(item));
                },
                () -> now);
    }

    private static Result result(String name, Verdict verdict) {
        return new Result(
                new Check(name, Area.SYSTEM, Severity.LOW, List.of("B-WEEK-3"), "it", "id", evidence -> verdict),
                verdict,
                Duration.ZERO);
    }

    private void keep(Phase phase, String time, Result... results) {
        var reports = new ReportShelf(shelf);
        var made = Instant.parse(time);
        var since = reports.since(phase, List.of(results), made);
        reports.keep(
                new Report(made, "1.2.3", Optional.of(phase), List.of(results), Optional.of(since), Map.of()),
                phase,
                kept -> {});
    }

    private Path file(String name) {
        return shelf.resolve(name);
    }

    @Test
    void eachCheckHasTheVerdictOfTheNewestReportThatAskedIt() {
        keep(Phase.WEEKLY, "2027-03-29T06:20:00Z", result("one", BAD), result("two", BAD));
        keep(Phase.POST, "2027-03-31T06:00:00Z", result("one", GOOD));
        var posture = posture();
        assertEquals(
                List.of(
                        new Answer(
                                "one",
                                "system",
                                "low",
                                List.of("B-WEEK-3"),
                                Kind.PASS,
                                "fine",
                                "",
                                Instant.parse("2027-03-31T06:00:00Z")),
                        new Answer(
                                "two",
                                "system",
                                "low",
                                List.of("B-WEEK-3"),
                                Kind.FAIL,
                                "broken",
                                "mend it",
                                Instant.parse("2027-03-29T06:20:00Z"))),
                posture.answers());
        assertEquals(List.of(), posture.troubles());
        assertEquals(Optional.empty(), posture.nothing());
    }

    @Test
    void theNewestReportIsComparedWithThatOfAnEarlierDay() {
        keep(Phase.POST, "2027-03-31T06:00:00Z", result("one", GOOD));
        assertEquals(Optional.empty(), posture().compared());
        keep(Phase.POST, "2027-03-30T06:00:00Z", result("one", BAD));
        keep(Phase.POST, "2027-03-30T09:00:00Z", result("one", BAD), result("two", GOOD));
        keep(Phase.POST, "2027-03-31T11:00:00Z", result("one", GOOD));
        var posture = posture();
        assertEquals(Optional.of(Instant.parse("2027-03-30T09:00:00Z")), posture.compared());
        assertEquals(List.of("one was fail, is pass", "two is no longer asked"), posture.changes());
    }

    @Test
    void theTrendHasTheNewestReportOfEachOfNinetyDays() throws Exception {
        keep(Phase.POST, "2026-12-31T23:59:59Z", result("one", BAD));
        keep(Phase.POST, "2027-01-01T06:00:00Z", result("one", BAD));
        keep(Phase.POST, "2027-03-30T06:00:00Z", result("one", BAD));
        keep(Phase.POST, "2027-03-30T09:00:00Z", result("one", GOOD));
        keep(Phase.WEEKLY, "2027-03-29T09:00:00Z", result("one", BAD));
        Files.writeString(file("post-20270331T060000Z.json"), "{\"counts\" : {\"pass\" : ");
        var trend = posture().trend();
        assertEquals(
                List.of("2027-01-01", "2027-03-30", "2027-03-31"),
                trend.stream().map(day -> day.day().toString()).toList());
        assertEquals(1, trend.get(0).counts().get(Kind.FAIL));
        assertEquals(0, trend.get(1).counts().get(Kind.FAIL));
        assertEquals(1, trend.get(1).counts().get(Kind.PASS));
        assertEquals(Map.of(), trend.get(2).counts(), "what cannot be read counts as nothing");
    }

    @Test
    void aHeadWithWrongCountsIsNoDayInOrder() throws Exception {
        for (var head : List.of(
                "",
                "[]",
                "{\"counts\" : 3}",
                "{\"counts\" : {}}",
                "{\"counts\" : {\"pass\" : \"12\", \"fail\" : 0, \"warn\" : 0, \"unknown\" : 0, \"not_applicable\" : 0}}",
                "{\"x\" : " + "[".repeat(3_000))) {
            Files.writeString(file("post-20270331T060000Z.json"), head);
            assertEquals(Map.of(), posture().trend().getFirst().counts(), head);
        }
    }

    @Test
    void aReportThatIsCutAlteredOrFromTheFutureIsTold() throws Exception {
        keep(Phase.POST, "2027-03-29T06:00:00Z", result("one", BAD));
        keep(Phase.POST, "2027-03-30T06:00:00Z", result("one", GOOD));
        Files.writeString(
                file("post-20270329T060000Z.json"),
                Files.readString(file("post-20270329T060000Z.json")).replace("\"fail\"", "\"pass\""));
        keep(Phase.POST, "2027-04-01T06:00:00Z", result("one", BAD));
        var posture = posture();
        assertEquals(
                List.of(
                        "the report post-20270401T060000Z.json is from the future: a clock jumped",
                        "the report post-20270329T060000Z.json was altered after it was kept"),
                posture.troubles());
        assertEquals(Kind.PASS, posture.answers().getFirst().verdict());
        Files.writeString(file("post-20270330T060000Z.json"), "{");
        posture = posture();
        assertEquals(List.of(), posture.answers(), "an older report does not stand in for the newest one");
        assertTrue(
                posture.troubles()
                        .contains("the report post-20270330T060000Z.json cannot be read: it was cut or altered"),
                posture.troubles().toString());
    }

    @Test
    void aVerdictThatIsNoneIsNeverAPass() throws Exception {
        Files.writeString(
                file("post-20270331T060000Z.json"), "{\"checks\" : [{\"name\" : \"one\", \"verdict\" : \"PASS\"}]}");
        assertEquals(Kind.UNKNOWN, posture().answers().getFirst().verdict());
    }

    @Test
    void withoutReportsThePageSaysWhy() throws Exception {
        assertEquals(
                Optional.of("This machine has no report of the checklist."),
                posture().nothing());
        Files.createSymbolicLink(file("post-20270331T060000Z.json"), Path.of("/etc/passwd"));
        assertEquals(List.of(), posture().answers(), "a link is not followed");
        Files.delete(file("post-20270331T060000Z.json"));
        Files.delete(shelf);
        assertEquals(
                Optional.of("This machine has no report of the checklist."),
                posture().nothing());
        Files.writeString(shelf, "");
        assertEquals(
                Optional.of("This gateway cannot read the reports of its machine."),
                posture().nothing());
    }

    @Test
    void aPipeInThePlaceOfAReportHoldsNobodyUp() throws Exception {
        var pipe = file("post-20270331T060000Z.json").toString();
        assertEquals(0, new ProcessBuilder("mkfifo", pipe).start().waitFor());
        var posture = assertTimeoutPreemptively(Duration.ofSeconds(5), this::posture);
        assertEquals(
                List.of("the report post-20270331T060000Z.json cannot be read: it was cut or altered"),
                posture.troubles());
        assertEquals(Map.of(), posture.trend().getFirst().counts());
    }

    @Test
    void theNextReportOfAPhaseIsDueByItsPeriod() throws Exception {
        keep(Phase.POST, "2027-03-30T06:00:00Z", result("one", GOOD));
        assertEquals(
                new Due(Phase.WEEKLY, Optional.empty(), Optional.empty()),
                posture().due().get(1));
        var since = Files.writeString(place.resolve("since"), "");
        Files.setLastModifiedTime(since, FileTime.from(Instant.parse("2027-03-01T00:00:00Z")));
        var newest = Instant.parse("2027-03-30T06:00:00Z");
        assertEquals(
                List.of(
                        new Due(Phase.POST, Optional.of(newest), Optional.of(newest.plus(Duration.ofDays(1)))),
                        new Due(Phase.WEEKLY, Optional.empty(), Optional.of(Instant.parse("2027-03-08T00:00:00Z"))),
                        new Due(Phase.MONTHLY, Optional.empty(), Optional.of(Instant.parse("2027-04-01T00:00:00Z"))),
                        new Due(Phase.QUARTERLY, Optional.empty(), Optional.of(Instant.parse("2027-06-01T00:00:00Z")))),
                posture().due());
    }

    /** The page and the alert about a late report would contradict each other otherwise. */
    @Test
    void thePeriodsAreThoseOfTheAlert() throws Exception {
        Files.setLastModifiedTime(Files.writeString(place.resolve("since"), ""), FileTime.from(now));
        var periods = posture().due().stream()
                .map(due -> "\"%s\": %d"
                        .formatted(
                                due.phase().text(),
                                Duration.between(now, due.by().orElseThrow()).toDays()))
                .collect(Collectors.joining(", ", "REPORTS = {", "}"));
        var figures = Files.readString(Path.of(System.getProperty("basedir", ""))
                .toAbsolutePath()
                .resolve("monitoring/textfile/whatsapp-host-figures"));
        assertEquals(
                List.of(periods),
                figures.lines().filter(line -> line.startsWith("REPORTS = ")).toList());
    }

    @Test
    void anAttestationHoldsEndsSoonIsOverOrIsNotValid() {
        attested.put("A-DOC-2", said("A-DOC-2", "2027-06-01", Optional.empty()));
        attested.put("A-DOC-4", said("A-DOC-4", "2027-04-05", Optional.empty()));
        attested.put("A-TEST-5", said("A-TEST-5", "2027-03-30", Optional.empty()));
        attested.put("B-QTR-1", said("B-QTR-1", "2027-06-01", Optional.of("altered")));
        Map<String, Standing> standings = new HashMap<>();
        posture().said().forEach(said -> standings.put(said.item().id(), said.standing()));
        assertEquals(13, standings.size());
        assertEquals(Standing.HOLDS, standings.get("A-DOC-2"));
        assertEquals(Standing.ENDS_SOON, standings.get("A-DOC-4"));
        assertEquals(Standing.OVER, standings.get("A-TEST-5"));
        assertEquals(Standing.NOT_VALID, standings.get("B-QTR-1"));
        assertEquals(Standing.UNREADABLE, standings.get("A-DOC-1"));
        assertEquals(Standing.ABSENT, standings.get("B-WEEK-1"));
    }

    private static Attestation.Found said(String item, String until, Optional<String> trouble) {
        return new Attestation.Found(
                new Attestation(
                        item,
                        "Ada Example",
                        Instant.parse("2027-03-01T00:00:00Z"),
                        LocalDate.parse(until),
                        Optional.empty()),
                trouble);
    }

    @Test
    void theReportsAreReadOnceInTenSeconds() {
        var reader = reader();
        var first = reader.read();
        keep(Phase.POST, "2027-03-31T06:00:00Z", result("one", GOOD));
        now = now.plusSeconds(9);
        assertSame(first, reader.read());
        now = now.plusSeconds(1);
        assertEquals(1, reader.read().answers().size());
        now = now.minusSeconds(3_600);
        assertEquals(now, reader.read().made(), "a clock that went back does not keep what was read");
    }
}
