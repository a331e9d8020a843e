package gateway.check;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

import gateway.check.Check.Area;
import gateway.check.Check.Severity;

/** Checks of the backups: how old, for whose eyes, whether whole, whether ever restored. */
final class BackupChecks {
    /** Two of the daily periods. */
    private static final Duration MAX_AGE = Duration.ofHours(48);

    private static final Duration MAX_DRILL_AGE = Duration.ofDays(30);
    private static final Pattern NAME = Pattern.compile("whatsapp-[0-9a-f]{8}-([0-9]{8}T[0-9]{6}Z)\\.tar\\.zst\\.gpg");
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT);
    private static final Pattern DRILL = Pattern.compile(
            "(?m)^whatsapp_restore_drill_last_success_timestamp_seconds(?:\\{[^}]*\\})? ([0-9]{1,12})\\s*$");
    private static final int HEAD = 65_536;
    /** Bits a byte: compressed or encrypted bytes have all but eight, text has five. */
    private static final double MIN_ENTROPY = 7.8;

    private static final String RUN = "whatsapp backup";
    private static final String RUN_DRILL = "whatsapp backup drill --key drill-secret.asc";

    private BackupChecks() {}

    private record Backup(Path file, Instant time) {}

    static List<Check> all() {
        return List.of(
                new Check(
                        "backup-recent",
                        Area.BACKUP,
                        Severity.HIGH,
                        List.of("A-DB-4"),
                        "the time in the name of the newest file in WHATSAPP_BACKUP_DIRECTORY",
                        RUN,
                        BackupChecks::recent),
                new Check(
                        "backup-encrypted",
                        Area.BACKUP,
                        Severity.HIGH,
                        List.of("A-DB-5", "B-DATA-1"),
                        "the first bytes of the newest backup",
                        RUN,
                        BackupChecks::encrypted),
                new Check(
                        "backup-whole",
                        Area.BACKUP,
                        Severity.MEDIUM,
                        List.of("B-WEEK-4"),
                        "the SHA-256 of the newest backup, and the one beside it",
                        "whatsapp backup verify",
                        BackupChecks::whole),
                new Check(
                        "restore-tested",
                        Area.BACKUP,
                        Severity.MEDIUM,
                        List.of("A-ONG-5", "B-MONTH-4"),
                        "the time of the last successful drill in WHATSAPP_BACKUP_METRICS",
                        RUN_DRILL,
                        BackupChecks::restored));
    }

    private static Optional<Backup> newest(Evidence evidence) {
        var directory = Running.settings(evidence)
                .backup()
                .directory()
                .orElseThrow(() -> new Unseen("WHATSAPP_BACKUP_DIRECTORY is not set"));
        if (evidence.file(directory).isEmpty()) {
            throw new Unseen("the directory " + directory + " is not there; a disk may be missing");
        }
        return evidence.list(directory).stream()
                .flatMap(file -> backup(file).stream())
                .max(Comparator.comparing(Backup::time));
    }

    private static Optional<Backup> backup(Path file) {
        var name = NAME.matcher(String.valueOf(file.getFileName()));
        try {
            return name.matches()
                    ? Optional.of(new Backup(
                            file, LocalDateTime.parse(name.group(1), STAMP).toInstant(ZoneOffset.UTC)))
                    : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Backup existing(Evidence evidence) {
        return newest(evidence).orElseThrow(() -> new Unseen("there is no backup yet"));
    }

    private static Verdict recent(Evidence evidence) {
        var settings = Running.settings(evidence).backup();
        if (settings.directory().isEmpty() && settings.waived().isPresent()) {
            return new Verdict.Warn("waived: " + settings.waived().get(), RUN);
        }
        if (settings.directory().isEmpty()) {
            return new Verdict.Fail("WHATSAPP_BACKUP_DIRECTORY is not set", "whatsapp backup --help");
        }
        var newest = newest(evidence);
        if (newest.isEmpty()) {
            return new Verdict.Fail("there is no backup", RUN);
        }
        var age = Duration.between(newest.get().time(), evidence.now());
        if (age.isNegative()) {
            return new Verdict.Fail("the newest backup is from the future: a clock jumped", "timedatectl");
        }
        var seen = "the newest backup is " + age.toHours() + " hours old";
        return age.compareTo(MAX_AGE) > 0 ? new Verdict.Fail(seen, RUN) : new Verdict.Pass(seen);
    }

    private static Verdict encrypted(Evidence evidence) {
        var newest = existing(evidence);
        var head = evidence.head(newest.file(), HEAD);
        var name = newest.file().getFileName();
        if (!isForAKey(head)) {
            return new Verdict.Fail(name + " does not begin as OpenPGP for a public key", RUN);
        }
        // A short file has too few bytes to measure.
        if (head.length >= HEAD / 8 && entropy(head) < MIN_ENTROPY) {
            return new Verdict.Fail(name + " begins as OpenPGP, and what follows is not encrypted", RUN);
        }
        return new Verdict.Pass(name + " is OpenPGP for a public key");
    }

    /** RFC 9580, 4.2 and 5.1: packet type 1, a session key that is encrypted with a public key. */
    private static boolean isForAKey(byte[] head) {
        if (head.length == 0) {
            return false;
        }
        int first = head[0] & 0xFF;
        return first == 0xC1 || (first & 0xFC) == 0x84;
    }

    private static double entropy(byte[] bytes) {
        var counts = new int[256];
        for (var one : bytes) {
            counts[one & 0xFF]++;
        }
        double bits = 0;
        for (int count : counts) {
            if (count > 0) {
                double share = (double) count / bytes.length;
                bits -= share * Math.log(share) / Math.log(2);
            }
        }
        return bits;
    }

    private static Verdict whole(Evidence evidence) {
        var newest = existing(evidence);
        var sum = newest.file().resolveSibling(newest.file().getFileName() + ".sha256");
        var written = evidence.text(sum).orElseThrow(() -> new Unseen("there is no " + sum));
        if (!written.matches("[0-9a-f]{64} .*\\s*")) {
            throw new Unseen(sum + " holds no SHA-256");
        }
        return written.startsWith(evidence.sha256(newest.file()) + " ")
                ? new Verdict.Pass(newest.file().getFileName() + " has the SHA-256 that was written beside it")
                : new Verdict.Fail(newest.file().getFileName() + " is cut short or was altered", RUN);
    }

    private static Verdict restored(Evidence evidence) {
        var directory = Running.settings(evidence)
                .backup()
                .metrics()
                .orElseThrow(() -> new Unseen("WHATSAPP_BACKUP_METRICS is not set, so no drill is remembered"));
        long last = evidence.list(directory).stream()
                .filter(file -> String.valueOf(file.getFileName()).startsWith("whatsapp_restore_drill_"))
                .flatMap(file -> evidence.text(file).stream())
                .flatMap(text -> DRILL.matcher(text).results())
                .mapToLong(match -> Long.parseLong(match.group(1)))
                .max()
                .orElse(0);
        if (last == 0) {
            return new Verdict.Fail("no drill has succeeded yet", RUN_DRILL);
        }
        var age = Duration.between(Instant.ofEpochSecond(last), evidence.now());
        if (age.isNegative()) {
            return new Verdict.Fail("the last drill is from the future: a clock jumped", "timedatectl");
        }
        var seen = "the last successful drill was " + age.toDays() + " days ago";
        return age.compareTo(MAX_DRILL_AGE) > 0 ? new Verdict.Fail(seen, RUN_DRILL) : new Verdict.Pass(seen);
    }
}
