package gateway.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import gateway.auth.CredentialBook;
import gateway.backup.GatewayState;
import gateway.backup.Restoration;
import gateway.backup.SecretKeys;
import gateway.process.DiskTrouble;

/**
 * {@code whatsapp restore}: needs no settings, since the machine may be new; {@code confirm} needs those of the
 * gateway.
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
            "  whatsapp restore confirm"
        })
public final class RestoreCommand implements Callable<Integer> {
    private final Restoration.Settling settling;
    private final Supplier<HoldCommand.Open> holds;
    private final Supplier<Path> settings;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "the backup")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--key", paramLabel = "FILE", description = "secret key that gpg --export-secret-keys wrote")
    private Optional<Path> key = Optional.empty();

    @Option(names = "--passphrase-file", paramLabel = "FILE", description = "its first line is the key's passphrase")
    private Optional<Path> passphrase = Optional.empty();

    @Option(names = "--into", paramLabel = "DIR", description = "an empty directory, or one that is not there yet")
    private Optional<Path> into = Optional.empty();

    /**
     * @param settling what is done to the restored state before anybody may serve it
     * @param holds    opens the database when accounts are to be released
     * @param settings where a restore has left the settings of the lost machine
     */
    public RestoreCommand(Restoration.Settling settling, Supplier<HoldCommand.Open> holds, Supplier<Path> settings) {
        this.settling = settling;
        this.holds = holds;
        this.settings = settings;
    }

    @Override
    public Integer call() {
        var backup = named(file, "FILE");
        var directory = named(into, "--into");
        var keys = SecretKeys.of(named(key, "--key"), passphrase);
        try (var progress = ProgressLine.here(spec.commandLine().getErr())) {
            var about = Restoration.into(directory, backup, keys, settling, progress);
            progress.takeAway();
            out().println("Restored into " + directory + ": " + BackupCommand.told(about));
            out().println("Every account is held. The settings of the lost machine are in "
                    + directory.resolve(GatewayState.SETTINGS) + ".");
            out().println("When that machine is off for ever, run: whatsapp restore confirm");
            out().flush();
            return 0;
        }
    }

    private Path named(Optional<Path> value, String name) {
        return value.orElseThrow(() -> new ParameterException(
                spec.commandLine(), "A restore needs a FILE, --key and --into; " + name + " is missing."));
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
