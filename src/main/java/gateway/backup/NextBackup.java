package gateway.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The decision what the next backup is.
 *
 * @param file   its name
 * @param time   of its snapshot
 * @param before what the backup before holds, when it is an increment
 * @param why    why it is not an increment, when one was asked for
 */
record NextBackup(BackupFile file, Instant time, Optional<BackupIndex> before, Optional<String> why) {
    /** How far the clock may have gone back without a doubt about it. */
    private static final Duration SLACK = Duration.ofMinutes(1);

    private static NextBackup full(BackupDirectory target, String id, Instant time, Optional<String> why) {
        return new NextBackup(target.next(id, time), time, Optional.empty(), why);
    }

    /**
     * Decides.
     *
     * @param places the places that the backup goes to and that must hold the whole chain, each with its backups
     */
    static NextBackup of(
            BackupKind kind,
            BackupDirectory target,
            Stream<List<BackupFile>> places,
            Path index,
            String id,
            BackupRecipients recipients,
            Instant now)
            throws IOException {
        var time = now.truncatedTo(ChronoUnit.SECONDS);
        if (!(kind instanceof BackupKind.Increment increment)) {
            return full(target, id, time, Optional.empty());
        }
        var known = BackupIndex.read(index);
        var last = known.flatMap(one -> BackupFile.of(target.path().resolve(one.last())))
                .filter(file -> file.id().equals(id));
        if (known.isEmpty() || last.isEmpty()) {
            return full(target, id, time, Optional.of("there is no index of an earlier backup"));
        }
        var why = against(last.get(), known.get(), places, recipients, time, increment);
        if (why.isPresent()) {
            return full(target, id, time, why);
        }
        // Two backups of one second would have no order.
        var own = time.isAfter(last.get().time()) ? time : last.get().time().plusSeconds(1);
        return new NextBackup(last.get().next(own), own, known, Optional.empty());
    }

    /** What stands against an increment behind that backup. */
    private static Optional<String> against(
            BackupFile last,
            BackupIndex known,
            Stream<List<BackupFile>> places,
            BackupRecipients recipients,
            Instant time,
            BackupKind.Increment increment) {
        if (last.base().isBefore(begin(time, increment.hour()))) {
            return Optional.of("a new day has begun");
        }
        if (time.isBefore(last.time().minus(SLACK))) {
            return Optional.of("the clock was set back");
        }
        if (!known.recipients().equals(recipients.fingerprints())) {
            return Optional.of("the recipients are other ones");
        }
        if (last.number() == BackupFile.MAX_NUMBER) {
            return Optional.of("the chain has its greatest length");
        }
        return places.allMatch(all -> isWhole(last, all))
                ? Optional.empty()
                : Optional.of("the backup before, or one that it needs, is not in its place");
    }

    /** The newest instant, not after the given one, at which that hour of a day in UTC began. */
    private static Instant begin(Instant time, int hour) {
        var today = time.atZone(ZoneOffset.UTC)
                .toLocalDate()
                .atTime(LocalTime.of(hour, 0))
                .toInstant(ZoneOffset.UTC);
        return today.isAfter(time) ? today.minus(1, ChronoUnit.DAYS) : today;
    }

    /** Whether a place has the chain up to that backup, and nothing behind it. */
    private static boolean isWhole(BackupFile last, List<BackupFile> all) {
        var numbers = all.stream()
                .filter(last::isOfChain)
                .map(BackupFile::number)
                .sorted()
                .toList();
        return numbers.equals(Stream.iterate(0, number -> number + 1)
                        .limit(last.number() + 1L)
                        .toList())
                && all.stream().anyMatch(file -> file.name().equals(last.name()));
    }
}
