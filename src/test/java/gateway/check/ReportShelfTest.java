package gateway.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.check.Check.Area;
import gateway.check.Check.Phase;
import gateway.check.Check.Severity;
import gateway.check.CheckRun.Result;

/** Kept reports: what changed since the last one, and what becomes of one that was altered. */
class ReportShelfTest {
    private static final Instant START = Instant.parse("2027-01-01T00:00:00Z");

    @TempDir
    Path shelf;

    private final List<ReportShelf.Kept> noted = new ArrayList<>();
    private int day;

    private static Result result(String name, Verdict verdict) {
        return new Result(
                new Check(name, Area.SYSTEM, Severity.LOW, List.of("B-WEEK-3"), "it", "id", evidence -> verdict),
                verdict,
                Duration.ZERO);
    }

    private Since keep(Result... results) {
        var reports = new ReportShelf(shelf);
        var now = START.plus(Duration.ofDays(day++));
        var since = reports.since(Phase.WEEKLY, List.of(results), now);
        reports.keep(
                new Report(now, "1.2.3", Optional.of(Phase.WEEKLY), List.of(results), Optional.of(since), Map.of()),
                Phase.WEEKLY,
                noted::add);
        return since;
    }

    @Test
    void aReportTellsWhatIsDifferentAndNamesTheOneBefore() throws Exception {
        var good = new Verdict.Pass("fine");
        var bad = new Verdict.Fail("broken", "id");
        assertEquals(new Since("", "", List.of()), keep(result("one", good), result("two", good)));
        var since = keep(result("one", bad), result("three", good));
        assertEquals("weekly-20270101T000000Z.json", since.file());
        assertEquals(List.of("one was pass, is fail", "three is new: pass", "two is no longer asked"), since.changes());
        assertEquals(noted.getFirst().json(), since.sha256());
        assertEquals(since.sha256(), noted.getLast().previous());
        var file = shelf.resolve("weekly-20270102T000000Z.json");
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertTrue(
                Files.readString(shelf.resolve("weekly-20270102T000000Z.html")).contains("one was pass, is fail"));
    }

    @Test
    void aReportThatWasAlteredIsTold() throws Exception {
        var good = new Verdict.Pass("fine");
        keep(result("one", new Verdict.Fail("broken", "id")));
        keep(result("one", good));
        var first = shelf.resolve("weekly-20270101T000000Z.json");
        Files.writeString(first, Files.readString(first).replace("\"fail\"", "\"pass\""));
        assertEquals(
                List.of("the report weekly-20270101T000000Z.json was altered after it was kept"),
                keep(result("one", good)).changes());
        Files.writeString(shelf.resolve("weekly-20270103T000000Z.json"), "{");
        assertTrue(keep(result("one", good)).changes().getFirst().contains("it was cut or altered"));
    }

    /** A clock was years ahead for one report. Otherwise each later report would be compared with that one for years. */
    @Test
    void aReportFromTheFutureIsToldAndIsNotCompared() {
        keep(result("one", new Verdict.Pass("fine")));
        day = 900;
        keep(result("one", new Verdict.Pass("fine")));
        day = 1;
        var since = keep(result("one", new Verdict.Fail("broken", "id")));
        assertEquals("weekly-20270101T000000Z.json", since.file());
        assertEquals(
                List.of(
                        "the report weekly-20290619T000000Z.json is from the future: a clock jumped",
                        "one was pass, is fail"),
                since.changes());
    }

    @Test
    void aReportThatTheLogRefusesOrTheDiskRefusesIsNotKept() throws Exception {
        var report = new Report(START, "1", Optional.of(Phase.WEEKLY), List.of());
        assertThrows(
                IllegalStateException.class,
                () -> new ReportShelf(shelf).keep(report, Phase.WEEKLY, kept -> {
                    throw new IllegalStateException("no log");
                }));
        try (var files = Files.list(shelf)) {
            assertEquals(0, files.count());
        }
        assertThrows(
                UncheckedIOException.class,
                () -> new ReportShelf(shelf.resolve("none")).keep(report, Phase.WEEKLY, kept -> {}));
    }
}
