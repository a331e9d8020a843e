package gateway.backup;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A finished backup as its name tells. A full one is {@code whatsapp-<gateway>-<UTC time>.tar.zst.gpg}. An increment
 * has the time of its full one, a number of four digits and its own time: {@code whatsapp-<gateway>-<UTC time of the
 * full one>-<number>-<UTC time>.tar.zst.gpg}.
 *
 * @param id     the gateway that it is a backup of
 * @param base   the time of the full backup that it belongs to; its own time when it is one
 * @param number 0 for a full backup, and 1, 2, … for the increments behind it
 * @param time   when its snapshot was taken, in whole seconds
 */
public record BackupFile(Path path, String id, Instant base, int number, Instant time) {
    static final int MAX_NUMBER = 9999;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String TIME = "([0-9]{8}T[0-9]{6}Z)";
    private static final Pattern NAME =
            Pattern.compile("whatsapp-([0-9a-f]{8})-" + TIME + "(?:-([0-9]{4})-" + TIME + ")?\\.tar\\.zst\\.gpg");

    static Optional<BackupFile> of(Path path) {
        var name = NAME.matcher(path.getFileName().toString());
        try {
            if (!name.matches()) {
                return Optional.empty();
            }
            var base = time(name.group(2));
            if (name.group(3) == null) {
                return Optional.of(new BackupFile(path, name.group(1), base, 0, base));
            }
            int number = Integer.parseInt(name.group(3));
            return number == 0
                    ? Optional.empty()
                    : Optional.of(new BackupFile(path, name.group(1), base, number, time(name.group(4))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Instant time(String stamp) {
        return LocalDateTime.parse(stamp, STAMP).toInstant(ZoneOffset.UTC);
    }

    /** The full backup of that time. */
    static BackupFile in(Path directory, String id, Instant time) {
        return new BackupFile(
                directory.resolve("whatsapp-" + id + "-" + STAMP.format(time) + ".tar.zst.gpg"), id, time, 0, time);
    }

    /** The increment of that time that follows this backup in the same directory. */
    BackupFile next(Instant time) {
        return new BackupFile(
                path.resolveSibling(String.format(
                        "whatsapp-%s-%s-%04d-%s.tar.zst.gpg", id, STAMP.format(base), number + 1, STAMP.format(time))),
                id,
                base,
                number + 1,
                time);
    }

    public boolean isIncrement() {
        return number > 0;
    }

    /** Whether both belong to one full backup. */
    boolean isOfChain(BackupFile other) {
        return id.equals(other.id) && base.equals(other.base);
    }

    /** The file's name, without its directory. */
    String name() {
        return path.getFileName().toString();
    }

    /** The file beside it with its SHA-256, in the form of {@code sha256sum}. */
    Path sum() {
        return path.resolveSibling(path.getFileName() + ".sha256");
    }

    /** The unfinished file; no program takes it for a backup. */
    Path partial() {
        return path.resolveSibling("." + path.getFileName() + ".partial");
    }
}
