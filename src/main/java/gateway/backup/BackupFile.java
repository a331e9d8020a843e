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
 * A finished backup as its name tells: {@code whatsapp-<gateway>-<UTC time>.tar.zst.gpg}.
 *
 * @param id   the gateway that it is a backup of
 * @param time when its snapshot was taken, in whole seconds
 */
public record BackupFile(Path path, String id, Instant time) {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern NAME =
            Pattern.compile("whatsapp-([0-9a-f]{8})-([0-9]{8}T[0-9]{6}Z)\\.tar\\.zst\\.gpg");

    static Optional<BackupFile> of(Path path) {
        var name = NAME.matcher(path.getFileName().toString());
        try {
            return name.matches()
                    ? Optional.of(new BackupFile(
                            path,
                            name.group(1),
                            LocalDateTime.parse(name.group(2), STAMP).toInstant(ZoneOffset.UTC)))
                    : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    static BackupFile in(Path directory, String id, Instant time) {
        return new BackupFile(
                directory.resolve("whatsapp-" + id + "-" + STAMP.format(time) + ".tar.zst.gpg"), id, time);
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
