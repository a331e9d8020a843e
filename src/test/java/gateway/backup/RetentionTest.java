package gateway.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

class RetentionTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    /** Backups every six hours for so many days, the newest first. */
    private static List<BackupFile> history(int days) {
        var all = new ArrayList<BackupFile>();
        for (int i = 0; i < days * 4; i++) {
            all.add(BackupFile.in(Path.of("/backups"), "0a1b2c3d", NOON.minus(6L * i, ChronoUnit.HOURS)));
        }
        return all;
    }

    private static List<Instant> kept(Retention retention, List<BackupFile> all, BackupFile newest) {
        var kept = new ArrayList<>(all);
        kept.removeAll(retention.surplus(all, newest));
        return kept.stream().map(BackupFile::time).toList();
    }

    @Test
    void theNewestOfEachPeriodStays() {
        var all = history(400);
        var kept = kept(new Retention(3, 7, 4, 6), all, all.getFirst());
        assertEquals(
                List.of(
                        "2026-11-29T12:00:00Z",
                        "2026-11-29T06:00:00Z",
                        "2026-11-29T00:00:00Z",
                        "2026-11-28T18:00:00Z",
                        "2026-11-27T18:00:00Z",
                        "2026-11-26T18:00:00Z",
                        "2026-11-25T18:00:00Z",
                        "2026-11-24T18:00:00Z",
                        "2026-11-23T18:00:00Z",
                        "2026-11-22T18:00:00Z",
                        "2026-11-15T18:00:00Z",
                        "2026-11-08T18:00:00Z",
                        "2026-10-31T18:00:00Z",
                        "2026-09-30T18:00:00Z",
                        "2026-08-31T18:00:00Z",
                        "2026-07-31T18:00:00Z",
                        "2026-06-30T18:00:00Z"),
                kept.stream().map(Instant::toString).toList());
        assertEquals(
                kept,
                kept(
                        new Retention(3, 7, 4, 6),
                        all.stream().filter(file -> kept.contains(file.time())).toList(),
                        all.getFirst()),
                "a second run removes nothing more");
    }

    @Test
    void theOneThatWasJustMadeStaysWhateverItsTimeSays() {
        var all = history(3);
        assertTrue(kept(new Retention(1, 0, 0, 0), all, all.getLast())
                .contains(all.getLast().time()));
    }

    @Test
    void fewerThanAreKeptAreAllKept() {
        var all = history(1);
        assertEquals(4, kept(new Retention(1000, 0, 0, 0), all, all.getFirst()).size());
    }

    @Test
    void incrementsStayWithTheNewestFullOnesAndGoBeforeThem() {
        var all = new ArrayList<BackupFile>();
        for (int day = 0; day < 4; day++) {
            var link = BackupFile.in(Path.of("/backups"), "0a1b2c3d", NOON.plus(day, ChronoUnit.DAYS));
            all.add(link);
            for (int i = 1; i <= 2; i++) {
                link = link.next(link.time().plusSeconds(600));
                all.add(link);
            }
        }
        var newest = all.getLast();
        var shown = all.reversed();
        assertEquals(
                List.of("30-2", "29-2", "30-1", "29-1"),
                named(new Retention(2, 7, 0, 0).surplus(shown, newest)),
                "their full ones stay as those of their days");
        assertEquals(
                List.of("01-2", "30-2", "29-2", "01-1", "30-1", "29-1", "01", "30", "29"),
                named(new Retention(1, 0, 0, 0).surplus(shown, newest)));
        assertTrue(
                new Retention(1, 0, 0, 0)
                        .surplus(shown, all.get(2)).stream().noneMatch(file -> file.isOfChain(all.get(2))),
                "the chain of the one that was just made stays, whatever its time says");
    }

    private static List<String> named(List<BackupFile> files) {
        return files.stream()
                .map(file -> file.base().toString().substring(8, 10) + (file.isIncrement() ? "-" + file.number() : ""))
                .toList();
    }
}
