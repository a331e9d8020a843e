package gateway.backup;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Which backups are kept: the newest ones, and the newest one of each of so many days, weeks and months that have any,
 * in UTC. The age is counted in backups' own times, so a clock that jumps removes nothing. What is counted are full
 * backups; increments stay as long as their full one is among the newest ones.
 *
 * @param last at least 1
 */
public record Retention(int last, int daily, int weekly, int monthly) {

    /**
     * The backups that are not kept, in the order in which they are to be removed: no increment is ever there without
     * what it needs.
     *
     * @param every  backups of one gateway, the newest first
     * @param newest the one that was just found good, which always stays, with the whole chain that it belongs to
     */
    List<BackupFile> surplus(List<BackupFile> every, BackupFile newest) {
        var all = every.stream().filter(file -> !file.isIncrement()).toList();
        var kept = new HashSet<BackupFile>(all.subList(0, Math.min(last, all.size())));
        all.stream().filter(newest::isOfChain).forEach(kept::add);
        var recent = Set.copyOf(kept);
        keep(all, daily, kept, time -> time.atZone(ZoneOffset.UTC).toLocalDate());
        keep(
                all,
                weekly,
                kept,
                time -> time.atZone(ZoneOffset.UTC).get(IsoFields.WEEK_BASED_YEAR) * 100
                        + time.atZone(ZoneOffset.UTC).get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
        keep(all, monthly, kept, time -> java.time.YearMonth.from(time.atZone(ZoneOffset.UTC)));
        return Stream.concat(
                        every.stream()
                                .filter(file -> file.isIncrement()
                                        && !file.equals(newest)
                                        && recent.stream().noneMatch(file::isOfChain))
                                .sorted(Comparator.comparingInt(BackupFile::number)
                                        .reversed()),
                        all.stream().filter(file -> !kept.contains(file)))
                .toList();
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
