package gateway.backup;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;

/**
 * Which backups are kept: the newest ones, and the newest one of each of so many days, weeks and months that have any,
 * in UTC. The age is counted in backups' own times, so a clock that jumps removes nothing.
 *
 * @param last at least 1
 */
public record Retention(int last, int daily, int weekly, int monthly) {

    /**
     * The backups that are not kept.
     *
     * @param all    backups of one gateway, the newest first
     * @param newest the one that was just found good, which always stays
     */
    List<BackupFile> surplus(List<BackupFile> all, BackupFile newest) {
        var kept = new HashSet<BackupFile>(all.subList(0, Math.min(last, all.size())));
        kept.add(newest);
        keep(all, daily, kept, time -> time.atZone(ZoneOffset.UTC).toLocalDate());
        keep(
                all,
                weekly,
                kept,
                time -> time.atZone(ZoneOffset.UTC).get(IsoFields.WEEK_BASED_YEAR) * 100
                        + time.atZone(ZoneOffset.UTC).get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
        keep(all, monthly, kept, time -> java.time.YearMonth.from(time.atZone(ZoneOffset.UTC)));
        var surplus = new ArrayList<>(all);
        surplus.removeAll(kept);
        return surplus;
    }

    private static void keep(
            List<BackupFile> all, int count, HashSet<BackupFile> kept, Function<Instant, Object> period) {
        var seen = new HashSet<>();
        for (var file : all) {
            if (seen.size() < count && seen.add(period.apply(file.time()))) {
                kept.add(file);
            }
        }
    }
}
