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
}
