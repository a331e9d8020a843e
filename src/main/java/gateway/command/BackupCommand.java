package gateway.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import gateway.backup.BackupCheck;
import gateway.backup.BackupDirectory;
import gateway.backup.BackupFigures;
import gateway.backup.BackupFile;
import gateway.backup.BackupRecipients;
import gateway.backup.BackupRun;
import gateway.backup.Drill;
import gateway.backup.GatewayState;
import gateway.backup.Manifest;
import gateway.backup.Restoration;
import gateway.backup.Retention;
import gateway.backup.SecretKeys;
import gateway.config.Settings;
import gateway.process.DiskTrouble;
import gateway.process.ExplainedFault;

/** {@code whatsapp backup}: works beside a running server or without one. */
@Command(
        name = "backup",
        description = {
            "Writes everything the gateway keeps into one encrypted file, while it serves.",
            "The file is for the owners of the public keys alone; this machine cannot read it.",
            "Exits 0 when the file was read back as it was written, 2 when only a person can change what is wrong, 75 when it may be over by itself."
        },
        footer = {
            "",
            "Examples:",
            "  whatsapp backup --to /mnt/backup --recipient ops.asc --recipient vault.asc",
            "  whatsapp backup list --from /mnt/backup",
            "  whatsapp backup verify --from /mnt/backup --key ops-secret.asc"
        })
public final class BackupCommand implements Callable<Integer> {
    private static final double MEGABYTE = 1e6;

    private final Supplier<Open> open;

    @Spec
    private CommandSpec spec;

    /**
     * What the command works on.
     *
     * @param settling what a drill does to the restored state
     */
    public record Open(
            Settings.Backup settings, GatewayState state, Restoration.Settling settling, InstantSource clock) {}

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "directory to write to; WHATSAPP_BACKUP_DIRECTORY when absent")
    private Optional<Path> to = Optional.empty();

    @Option(
            names = "--recipient",
            paramLabel = "FILE",
            description = "public key that gpg --export wrote, may be repeated; WHATSAPP_BACKUP_RECIPIENTS when absent")
    private List<Path> recipients = new ArrayList<>();

    /** @param open looks for the gateway's state when a sub-command needs it */
    public BackupCommand(Supplier<Open> open) {
        this.open = open;
    }

    @Override
    public Integer call() {
        var opened = open.get();
        var settings = opened.settings();
        var clock = opened.clock();
        var begin = clock.instant();
        var target = directory(to, Optional.of(opened), "--to");
        var readers = BackupRecipients.of(recipients.isEmpty() ? settings.recipients() : recipients, begin);
        var retention =
                new Retention(settings.keepLast(), settings.keepDaily(), settings.keepWeekly(), settings.keepMonthly());
        try (var progress = ProgressLine.here(spec.commandLine().getErr())) {
            var done = new BackupRun(opened.state(), clock).run(target, readers, retention, progress);
            progress.takeAway();
            out().printf(
                            "%s  %.1f MB  %d entries%s%n",
                            done.file().path(),
                            done.bytes() / MEGABYTE,
                            done.entries(),
                            done.removed() == 0 ? "" : "  removed " + done.removed() + " older");
            out().flush();
            settings.metrics()
                    .ifPresent(place -> new BackupFigures(place)
                            .backup(
                                    done.file().id(),
                                    clock.instant(),
                                    Duration.between(begin, clock.instant()),
                                    done.bytes()));
            return 0;
        }
    }

    @Command(
            name = "list",
            description = "Shows the backups, the newest first: file, time, size.",
            footer = {"", "Example: whatsapp backup list --from /mnt/backup"})
    int list(
            @Option(
                            names = "--from",
                            paramLabel = "DIR",
                            description = "their directory; WHATSAPP_BACKUP_DIRECTORY when absent")
                    Optional<Path> from) {
        var list = new Listing("FILE", "TIME", "SIZE");
        for (var backup : directory(from, Optional.empty(), "--from").list()) {
            list.row(backup.path(), backup.time(), "%.1f MB".formatted(size(backup) / MEGABYTE));
        }
        list.print(out());
        return 0;
    }

    private static long size(BackupFile backup) {
        try {
            return Files.size(backup.path());
        } catch (IOException e) {
            throw DiskTrouble.fault("The backup " + backup.path() + " cannot be read", e, backup.path());
        }
    }

    @Command(
            name = "verify",
            description = {
                "Checks a backup, the newest one when none is named.",
                "Without a key its SHA-256 is compared with the one beside it; with a key every entry is decrypted and compared with the manifest.",
                "Exits 0 when all is sound, 1 when the backup is cut short or altered, 2 when it cannot be checked."
            },
            footer = {
                "",
                "Example: whatsapp backup verify --from /mnt/backup --key ops-secret.asc --passphrase-file passphrase"
            })
    int verify(
            @Parameters(paramLabel = "FILE", arity = "0..1", description = "the backup") Optional<Path> file,
            @Option(
                            names = "--from",
                            paramLabel = "DIR",
                            description = "their directory; WHATSAPP_BACKUP_DIRECTORY when absent")
                    Optional<Path> from,
            @Option(
                            names = "--key",
                            paramLabel = "FILE",
                            description = "secret key that gpg --export-secret-keys wrote")
                    Optional<Path> key,
            @Option(
                            names = "--passphrase-file",
                            paramLabel = "FILE",
                            description = "its first line is the key's passphrase")
                    Optional<Path> passphrase) {
        var backup = file.orElseGet(() -> newest(directory(from, Optional.empty(), "--from")));
        try (var progress = ProgressLine.here(spec.commandLine().getErr())) {
            if (key.isEmpty()) {
                BackupCheck.sum(backup);
                progress.takeAway();
                out().println("Sound by its SHA-256: " + backup);
            } else {
                var about = BackupCheck.entries(backup, SecretKeys.of(key.get(), passphrase), progress);
                progress.takeAway();
                out().println("Sound, every entry: " + backup + "  " + told(about));
            }
            out().flush();
            return 0;
        }
    }

    @Command(
            name = "drill",
            description = {
                "Restores a backup, the newest one when none is named, into a scratch place in the storage directory,",
                "opens it, compares rows and hashes with the manifest, and removes it.",
                "Exits 0 when everything came back, 1 when the backup is cut short or altered, 2 when the drill cannot be done."
            },
            footer = {"", "Example: whatsapp backup drill --key drill-secret.asc --passphrase-file passphrase"})
    int drill(
            @Parameters(paramLabel = "FILE", arity = "0..1", description = "the backup") Optional<Path> file,
            @Option(
                            names = "--from",
                            paramLabel = "DIR",
                            description = "their directory; WHATSAPP_BACKUP_DIRECTORY when absent")
                    Optional<Path> from,
            @Option(
                            names = "--key",
                            paramLabel = "FILE",
                            required = true,
                            description = "secret key that gpg --export-secret-keys wrote")
                    Path key,
            @Option(
                            names = "--passphrase-file",
                            paramLabel = "FILE",
                            description = "its first line is the key's passphrase")
                    Optional<Path> passphrase) {
        var opened = open.get();
        var begin = opened.clock().instant();
        var backup = file.orElseGet(() -> newest(directory(from, Optional.of(opened), "--from")));
        try (var progress = ProgressLine.here(spec.commandLine().getErr())) {
            var about = Drill.run(
                    opened.state().directory(), backup, SecretKeys.of(key, passphrase), opened.settling(), progress);
            progress.takeAway();
            var took = Duration.between(begin, opened.clock().instant());
            out().printf("Everything came back in %.1f s: %s  %s%n", took.toMillis() / 1000.0, backup, told(about));
            out().flush();
            opened.settings()
                    .metrics()
                    .ifPresent(place -> new BackupFigures(place)
                            .drill(about.id(), opened.clock().instant(), took));
            return 0;
        }
    }

    /** What a backup holds, in a few words. */
    static String told(Manifest about) {
        long rows = about.databases().stream()
                .flatMap(database -> database.rows().values().stream())
                .mapToLong(Long::longValue)
                .sum();
        return "of " + about.host() + ", " + about.time() + ", version " + about.gateway() + ", " + rows + " rows";
    }

    private BackupDirectory directory(Optional<Path> named, Optional<Open> opened, String option) {
        return BackupDirectory.of(
                named.or(() -> opened.orElseGet(open).settings().directory())
                        .orElseThrow(() -> new ExplainedFault("No directory of backups is known. Name it with " + option
                                + " or WHATSAPP_BACKUP_DIRECTORY.")));
    }

    private static Path newest(BackupDirectory directory) {
        return directory
                .newest()
                .map(BackupFile::path)
                .orElseThrow(() -> new ExplainedFault("There is no backup in that directory."));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
