package gateway.wiring;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

import gateway.backup.GatewayState;
import gateway.backup.RemoteCopies;
import gateway.backup.Restoration;
import gateway.backup.remote.RemotePlaces;
import gateway.command.BackupCommand;
import gateway.config.BackupAddress;
import gateway.config.DatabaseSetting;
import gateway.config.Role;
import gateway.config.reading.SettingsReader;
import gateway.config.source.Flags;
import gateway.config.source.Source;
import gateway.process.ExplainedFault;
import gateway.process.Logging;
import gateway.store.StorageDirectory;

/**
 * What {@code whatsapp backup} and {@code restore} work on: the storage directory of the gateway that these settings
 * describe.
 */
public final class BackupTools {
    private final Map<String, String> environment;
    private final Path directory;
    private final String version;

    public BackupTools(Map<String, String> environment, Path directory, String version) {
        this.environment = environment;
        this.directory = directory;
        this.version = version;
    }

    /** The gateway, which may be running. */
    public BackupCommand.Open open() {
        var reader = reader();
        var settings = OperatorTools.settings(reader);
        Logging.configure(settings.logLevel());
        if (!(settings.storage().database() instanceof DatabaseSetting.Sqlite sqlite)) {
            throw new ExplainedFault(
                    "The database is PostgreSQL, which whatsapp backup does not copy. Use pg_dump for the database, and copy "
                            + settings.storage().directory() + " with its keys and media beside it.");
        }
        var storage = StorageDirectory.prepare(settings.storage().directory());
        try {
            return new BackupCommand.Open(
                    settings.backup(),
                    new GatewayState(
                            storage,
                            sqlite.file(),
                            settings.storage().securityLog(),
                            Wiring.keys(settings, () -> OperatorTools.settings(reader)),
                            reader.given(),
                            version),
                    settling(Optional.empty()),
                    InstantSource.system());
        } catch (Source.Unreadable unreadable) {
            throw new ExplainedFault(unreadable.problem().sentence(), unreadable);
        }
    }

    /**
     * What is done to a restored storage directory.
     *
     * @param only the one account that stays; every account when absent
     */
    public static Restoration.Settling settling(Optional<String> only) {
        return new RestoredState(InstantSource.system(), only);
    }

    /** The place on another machine that an address names; its keys are found as those of secret stores. */
    public RemoteCopies remote(BackupAddress address) {
        return new RemoteCopies(RemotePlaces.of(address, reader()::text, directory, InstantSource.system()));
    }

    /** The file that a restore leaves with the settings of the machine that was lost. */
    public Path settingsFile() {
        return OperatorTools.settings(reader()).storage().directory().resolve(GatewayState.SETTINGS);
    }

    private SettingsReader reader() {
        return new SettingsReader(Role.REST, new Flags(Map.of()), environment, directory);
    }
}
