package gateway.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import gateway.backup.BackupChain;
import gateway.backup.BackupCheck;
import gateway.backup.BackupDirectory;
import gateway.backup.BackupFigures;
import gateway.backup.BackupFile;
import gateway.backup.BackupKind;
import gateway.backup.BackupRecipients;
import gateway.backup.BackupRun;
import gateway.backup.Drill;
import gateway.backup.GatewayState;
import gateway.backup.RemoteCopies;
import gateway.backup.Restoration;
import gateway.backup.Retention;
import gateway.backup.SecretKeys;
import gateway.config.BackupAddress;
import gateway.config.BackupPlan;
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
            "  whatsapp backup fetch --from 's3://backups/gateway?region=eu-central-1' --into /root",
            "  whatsapp backup verify --from /mnt/backup --key ops-secret.asc"
        })
public final class BackupCommand implements Callable<Integer> {
    private final Supplier<Open> open;
    private final Function<BackupAddress, RemoteCopies> remote;

    @Spec
    private CommandSpec spec;

    /**
     * What the command works on.
     *
     * @param settling what a drill does to the restored state
     */
    public record Open(BackupPlan settings, GatewayState state, Restoration.Settling settling, InstantSource clock) {}

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

    @Option(
            names = "--incremental",
            description = {
                "write only what has changed since the backup before.",
                "The first run at or after WHATSAPP_BACKUP_FULL_HOUR of each day writes everything.",
                "So does a run that finds no backup to follow, and says why."
            })
    private boolean incremental;

    /**
     * @param open   looks for the gateway's state when a sub-command needs it
     * @param remote makes a place on another machine of its address
     */
    public BackupCommand(Supplier<Open> open, Function<BackupAddress, RemoteCopies> remote) {
        this.open = open;
        this.remote = remote;
    }

    @Override
    public Integer call() {
        var opened = open.get();
        var settings = opened.settings();
        var clock = opened.clock();
        var begin = clock.instant();
        var copies = settings.copies().stream().map(remote).toList();
        var target = target(settings);
        var readers = BackupRecipients.of(recipients.isEmpty() ? settings.recipients() : recipients, begin);
        var retention =
                new Retention(settings.keepLast(), settings.keepDaily(), settings.keepWeekly(), settings.keepMonthly());
        try (var progress = ProgressLine.here(spec.commandLine().getErr())) {
            var run = new BackupRun(
                    opened.state(),
                    clock,
                    copies,
                    incremental ? new BackupKind.Increment(settings.fullHour()) : BackupKind.FULL);
            var done = target.isPresent()
                    ? run.run(target.get(), readers, retention, progress)
                    : run.run(readers, retention, progress);
            progress.takeAway();
            out().printf(
                            "%s  %.1f MB  %d entries%s%n",
                            target.isPresent()
                                    ? done.file().path()
                                    : done.file().path().getFileName(),
                            done.bytes() / BackupTexts.MEGABYTE,
                            done.entries(),
                            done.removed() == 0 ? "" : "  removed " + done.removed() + " older");
            done.why().ifPresent(why -> out().println("A full backup, because " + why + "."));
            copies.forEach(place -> out().println("Copied and read back: " + place.name()));
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
            description =
                    "Shows the backups, the newest first: file, time, size, and whether it is full or an increment.",
            footer = {"", "Example: whatsapp backup list --from /mnt/backup"})
    int list(@Mixin ChosenBackup chosen) {
        var place = chosen.place(open, remote);
        BackupTexts.print(chosen, place, out());
        return 0;
    }

    @Command(
            name = "fetch",
            description = {
                "Brings a copy from another machine into a directory: the newest one when none is chosen.",
                "Needs no settings but those that reach the other machine, since this one may be new.",
                "Exits 0 when the copy has the SHA-256 that was written beside it, 1 when it has another one, 2 when it cannot be had."
            },
            footer = {
                "",
                "Example: whatsapp backup fetch --from 's3://backups/gateway?region=eu-central-1' --into /root"
            })
    int fetch(
            @Mixin ChosenBackup chosen,
            @Option(names = "--into", paramLabel = "DIR", required = true, description = "where the file goes")
                    Path into) {
        if (!(chosen.place(open, remote) instanceof ChosenBackup.Place.There there)) {
            throw new ExplainedFault(
                    "A directory of this machine needs no fetch; name s3://… or sftp://… with --from.");
        }
        var here = BackupDirectory.of(into);
        var newest = chosen.newest(there);
        for (var link : BackupChain.of(newest, there.list())) {
            if (link.equals(newest) || !here.has(link)) {
                out().println(there.copies().fetch(link, into));
            }
        }
        out().flush();
        return 0;
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
            @Mixin ChosenBackup chosen,
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
        if (file.isEmpty() && chosen.place(open, remote) instanceof ChosenBackup.Place.There there) {
            return verifyCopy(there, chosen.newest(there), key);
        }
        var backup = file.orElseGet(() -> chosen.file(open, remote));
        try (var progress = ProgressLine.here(spec.commandLine().getErr())) {
            if (key.isEmpty()) {
                BackupCheck.sum(backup);
                progress.takeAway();
                out().println("Sound by its SHA-256: " + backup);
            } else {
                var about = BackupCheck.entries(backup, SecretKeys.of(key.get(), passphrase), progress);
                progress.takeAway();
                out().println("Sound, every entry: " + backup + "  " + BackupTexts.told(about));
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
            @Mixin ChosenBackup chosen,
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
        var backup = file.orElseGet(() -> chosen.file(open, remote));
        try (var progress = ProgressLine.here(spec.commandLine().getErr())) {
            var about = Drill.run(
                    opened.state().directory(), backup, SecretKeys.of(key, passphrase), opened.settling(), progress);
            progress.takeAway();
            var took = Duration.between(begin, opened.clock().instant());
            out().printf(
                            "Everything came back in %.1f s: %s  %s%n",
                            took.toMillis() / 1000.0, backup, BackupTexts.told(about));
            out().flush();
            opened.settings()
                    .metrics()
                    .ifPresent(place -> new BackupFigures(place)
                            .drill(about.id(), opened.clock().instant(), took));
            return 0;
        }
    }

    private int verifyCopy(ChosenBackup.Place.There there, BackupFile copy, Optional<Path> key) {
        if (key.isPresent()) {
            throw new ExplainedFault(
                    "A copy on another machine is not decrypted there: bring it here with whatsapp backup fetch.");
        }
        for (var link : BackupChain.of(copy, there.list())) {
            there.copies().verify(link);
            out().println("Sound by its SHA-256: " + there.copies().name() + "  " + link.path());
        }
        out().flush();
        return 0;
    }

    /** The directory that is written to; empty when there are copies on other machines alone. */
    private Optional<BackupDirectory> target(BackupPlan settings) {
        var named = to.or(settings::directory);
        if (named.isEmpty() && settings.copies().isEmpty()) {
            throw new ExplainedFault("No place for backups is known. Name a directory with --to or"
                    + " WHATSAPP_BACKUP_DIRECTORY, or other machines with WHATSAPP_BACKUP_COPIES.");
        }
        return named.map(BackupDirectory::of);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
