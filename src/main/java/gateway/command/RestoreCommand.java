package gateway.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import gateway.auth.CredentialBook;
import gateway.backup.GatewayState;
import gateway.backup.RemoteCopies;
import gateway.backup.Restoration;
import gateway.backup.SecretKeys;
import gateway.config.BackupAddress;
import gateway.process.DiskTrouble;

/**
 * {@code whatsapp restore}: with a file it needs no settings, since the machine may be new; {@code confirm} needs
 * those of the gateway.
 */
@Command(
        name = "restore",
        description = {
            "Restores a backup into an empty directory, and holds every account in it.",
            "A held account is not connected to WhatsApp: two machines with the keys of one account break it for both.",
            "Exits 0 when all is there, 1 when the backup is cut short or altered, 2 when only a person can change what is wrong,",
            "75 when it may be over by itself. After anything but 0 the directory is as empty as before."
        },
        footer = {
            "",
            "Examples:",
            "  whatsapp restore /mnt/backup/whatsapp-1b2c3d4e-20261129T030000Z.tar.zst.gpg --key ops-secret.asc --into /opt/whatsapp/storages",
            "  whatsapp restore --from /mnt/backup --at 2026-11-29T03:00:00Z --key ops-secret.asc --into /opt/whatsapp/storages",
            "  whatsapp restore confirm"
        })
public final class RestoreCommand implements Callable<Integer> {
    private final Function<Optional<String>, Restoration.Settling> settling;
    private final Supplier<BackupCommand.Open> open;
    private final Function<BackupAddress, RemoteCopies> remote;
    private final Supplier<HoldCommand.Open> holds;
    private final Supplier<Path> settings;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ChosenBackup chosen = new ChosenBackup();

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "the backup; one that --from and --at choose when absent")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--key", paramLabel = "FILE", description = "secret key that gpg --export-secret-keys wrote")
    private Optional<Path> key = Optional.empty();

    @Option(names = "--passphrase-file", paramLabel = "FILE", description = "its first line is the key's passphrase")
    private Optional<Path> passphrase = Optional.empty();

    @Option(names = "--into", paramLabel = "DIR", description = "an empty directory, or one that is not there yet")
    private Optional<Path> into = Optional.empty();

    @Option(
            names = "--only",
            paramLabel = "DEVICE",
            description =
                    "the one account to restore, with its messages and media; other accounts and instances are left out")
    private Optional<String> only = Optional.empty();

    /**
     * @param settling what is done to the restored state before anybody may serve it: of one account, or of all
     * @param open     looks for the settings when a place of backups is asked for and none is named
     * @param remote   makes a place on another machine of its address
     * @param holds    opens the database when accounts are to be released
     * @param settings where a restore has left the settings of the lost machine
     */
    public RestoreCommand(
            Function<Optional<String>, Restoration.Settling> settling,
            Supplier<BackupCommand.Open> open,
            Function<BackupAddress, RemoteCopies> remote,
            Supplier<HoldCommand.Open> holds,
            Supplier<Path> settings) {
        this.settling = settling;
        this.open = open;
        this.remote = remote;
        this.holds = holds;
        this.settings = settings;
    }

    @Override
    public Integer call() {
        var backup = backup();
        var directory = named(into, "--into");
        var keys = SecretKeys.of(named(key, "--key"), passphrase);
        try (var progress = ProgressLine.here(spec.commandLine().getErr())) {
            var about = Restoration.into(directory, backup, keys, settling.apply(only), progress);
            progress.takeAway();
            out().println("Restored into " + directory + ": " + BackupTexts.told(about));
            out().println("Every account is held. The settings of the lost machine are in "
                    + directory.resolve(GatewayState.SETTINGS) + ".");
            out().println("When that machine is off for ever, run: whatsapp restore confirm");
            out().flush();
            return 0;
        }
    }

    /** The file that is named, or the one in a directory that the options choose. */
    private Path backup() {
        if (file.isPresent() == chosen.isGiven()) {
            throw new ParameterException(
                    spec.commandLine(), "A restore needs either a FILE, or --from or --at, which choose one.");
        }
        if (file.isPresent()) {
            return file.get();
        }
        return chosen.file(open, remote);
    }

    private Path named(Optional<Path> value, String name) {
        return value.orElseThrow(() -> new ParameterException(
                spec.commandLine(), "A restore needs --key and --into; " + name + " is missing."));
    }

    @Command(
            name = "confirm",
            description = {
                "Says that the machine of the backup is off for ever, and releases the accounts that the restore has held.",
                "Removes the file with the settings of that machine."
            },
            footer = {"", "Example: whatsapp restore confirm"})
    int confirm() {
        try (var opened = holds.get()) {
            int released = 0;
            for (var hold : opened.book().list()) {
                if (hold.reason().startsWith(Restoration.REASON)
                        && opened.book()
                                .release(
                                        hold.device(),
                                        CredentialBook.By.command().actor())) {
                    out().println(opened.released(hold.device()));
                    released++;
                }
            }
            if (released == 0) {
                out().println("No account is held by a restore.");
            }
            out().flush();
        }
        var left = settings.get();
        try {
            Files.deleteIfExists(left);
            return 0;
        } catch (IOException e) {
            throw DiskTrouble.fault("The file " + left + " cannot be removed", e, left);
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
