package gateway.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

import gateway.process.DiskTrouble;

/** Metrics for the node exporter's textfile collector: a file for each kind of run, replaced as a whole. */
public final class BackupFigures {
    private final Path directory;

    /** @param directory is there, and the node exporter reads it */
    public BackupFigures(Path directory) {
        this.directory = directory;
    }

    /** Tells of a backup that was read back. */
    public void backup(String gateway, Instant end, Duration took, long bytes) {
        write(
                "whatsapp_backup_" + gateway + ".prom",
                gauge(
                                "whatsapp_backup_last_success_timestamp_seconds",
                                "When the last good backup was finished.",
                                gateway,
                                end.getEpochSecond())
                        + gauge(
                                "whatsapp_backup_duration_seconds",
                                "How long the last good backup took.",
                                gateway,
                                took.toMillis() / 1000.0)
                        + gauge("whatsapp_backup_size_bytes", "The size of the last good backup.", gateway, bytes));
    }

    /** Tells of a drill in which everything came back. */
    public void drill(String gateway, Instant end, Duration took) {
        write(
                "whatsapp_restore_drill_" + gateway + ".prom",
                gauge(
                                "whatsapp_restore_drill_last_success_timestamp_seconds",
                                "When the last good drill was finished.",
                                gateway,
                                end.getEpochSecond())
                        + gauge(
                                "whatsapp_restore_drill_duration_seconds",
                                "How long the last good drill took.",
                                gateway,
                                took.toMillis() / 1000.0));
    }

    private static String gauge(String name, String help, String gateway, Number value) {
        return String.format(
                Locale.ROOT,
                "# HELP %s %s%n# TYPE %s gauge%n%s{gateway=\"%s\"} %s%n",
                name,
                help,
                name,
                name,
                gateway,
                value);
    }

    private void write(String name, String text) {
        try {
            var draft = Files.createTempFile(directory, "." + name, ".new");
            try {
                // No link is followed: another user who may write to the directory could put one in the draft's place.
                try (var out = Files.newOutputStream(draft, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                    out.write(text.getBytes(StandardCharsets.UTF_8));
                }
                Files.getFileAttributeView(draft, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .setPermissions(PosixFilePermissions.fromString("rw-r--r--"));
                Files.move(draft, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw DiskTrouble.fault("The metrics in " + directory + " cannot be written", e, directory);
        }
    }
}
