package gateway.command;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import gateway.backup.BackupDirectory;
import gateway.backup.BackupFile;
import gateway.backup.RemoteCopies;
import gateway.config.BackupAddress;
import gateway.config.Invalid;
import gateway.config.catalogue.BackupAddressParser;
import gateway.process.ExplainedFault;

/** The options by which a command finds one backup among several. */
final class ChosenBackup {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--from",
            paramLabel = "PLACE",
            description =
                    "directory of backups, s3://… or sftp://…; WHATSAPP_BACKUP_DIRECTORY or the first of WHATSAPP_BACKUP_COPIES when absent")
    private Optional<String> from = Optional.empty();

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "latest time of a backup, such as 2026-11-29T03:00:00Z; any when absent")
    private Optional<String> at = Optional.empty();

    /** Where backups lie. */
    sealed interface Place {
        record Here(BackupDirectory directory) implements Place {}

        record There(RemoteCopies copies) implements Place {}

        default List<BackupFile> list() {
            return switch (this) {
                case Here(var directory) -> directory.list();
                case There(var copies) -> copies.list();
            };
        }
    }

    /**
     * The place that the option names.
     *
     * @param settings asked when there is no option
     * @param remote   makes a place of an address
     */
    Place place(Supplier<BackupCommand.Open> settings, Function<BackupAddress, RemoteCopies> remote) {
        if (from.isPresent()) {
            return named(from.get(), remote);
        }
        var backup = settings.get().settings();
        return backup.directory()
                .<Place>map(path -> new Place.Here(BackupDirectory.of(path)))
                .or(() -> backup.copies().stream().findFirst().map(one -> new Place.There(remote.apply(one))))
                .orElseThrow(() -> new ExplainedFault(
                        "No place of backups is known. Name it with --from or WHATSAPP_BACKUP_DIRECTORY."));
    }

    private Place named(String text, Function<BackupAddress, RemoteCopies> remote) {
        try {
            return BackupAddressParser.isAddress(text)
                    ? new Place.There(remote.apply(BackupAddressParser.parse(text)))
                    : new Place.Here(BackupDirectory.of(Path.of(text)));
        } catch (Invalid e) {
            throw new ParameterException(spec.commandLine(), "--from " + e.what() + ": " + e.remedy() + ".");
        } catch (InvalidPathException e) {
            throw new ParameterException(spec.commandLine(), "--from is no path of a directory.");
        }
    }

    /** The backups of the place that the option allows, the newest first. */
    List<BackupFile> list(Place place) {
        var latest = time();
        return place.list().stream()
                .filter(file -> !file.time().isAfter(latest))
                .toList();
    }

    /** The newest one of them. */
    BackupFile newest(Place place) {
        return list(place).stream()
                .findFirst()
                .orElseThrow(() -> new ExplainedFault(
                        at.isEmpty()
                                ? "There is no backup in that place."
                                : "There is no backup of " + at.get() + " or before in that place."));
    }

    /** The newest one in a directory of this machine. */
    Path file(Supplier<BackupCommand.Open> settings, Function<BackupAddress, RemoteCopies> remote) {
        var place = place(settings, remote);
        if (place instanceof Place.There) {
            throw new ExplainedFault(
                    "The copy is on another machine: bring it here with whatsapp backup fetch, and name the file.");
        }
        return newest(place).path();
    }

    /** Whether the caller has named a place or a time. */
    boolean isGiven() {
        return from.isPresent() || at.isPresent();
    }

    private Instant time() {
        try {
            return at.isEmpty() ? Instant.MAX : OffsetDateTime.parse(at.get()).toInstant();
        } catch (DateTimeException e) {
            throw new ParameterException(
                    spec.commandLine(), "--at is no time with its zone; write it as 2026-11-29T03:00:00Z.");
        }
    }
}
