package gateway.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import gateway.audit.AuditEntry;
import gateway.audit.AuditMetrics;
import gateway.audit.AuditVerifier;
import gateway.audit.LogHash;
import gateway.audit.SecurityEvent;
import gateway.auth.CredentialBook;
import gateway.check.Attestation;
import gateway.check.AttestationBook;
import gateway.check.Evidence;
import gateway.check.Machine;
import gateway.check.ReportShelf;
import gateway.check.Unseen;
import gateway.command.AttestCommand;
import gateway.config.DatabaseSetting.Sqlite;
import gateway.config.Role;
import gateway.config.Settings;
import gateway.config.reading.Configuration;
import gateway.config.reading.SettingsReader;
import gateway.config.source.Flags;
import gateway.process.ExplainedFault;
import gateway.process.Logging;
import gateway.process.Workers;
import gateway.store.SqliteLook;
import gateway.store.StorageDirectory;
import gateway.store.StoreFault;

/** What {@code whatsapp check} looks at: this machine, and the gateway that these settings describe. */
public final class CheckTools {
    private final Map<String, String> environment;
    private final Path directory;

    public CheckTools(Map<String, String> environment, Path directory) {
        this.environment = environment;
        this.directory = directory;
    }

    public Evidence open() {
        var configuration = new SettingsReader(Role.REST, new Flags(Map.of()), environment, directory).read();
        return new Machine(
                () -> configuration,
                () -> securityLog(settings(configuration)),
                sql -> rows(settings(configuration), sql),
                item -> attestations(settings(configuration).storage()).find(item),
                InstantSource.system());
    }

    /** The attestations, sealed under the salt of the security log. */
    static AttestationBook attestations(Settings.Storage storage) {
        return new AttestationBook(storage.directory(), text -> LogHash.of(Wiring.auditKeys(storage), text));
    }

    /** What {@code whatsapp attest} works on. */
    public AttestCommand.Open attesting() {
        var settings =
                OperatorTools.settings(new SettingsReader(Role.REST, new Flags(Map.of()), environment, directory));
        Logging.configure(settings.logLevel());
        StorageDirectory.prepare(settings.storage().directory());
        var log = Wiring.securityLog(settings.storage(), checkpoint -> {}, AuditMetrics.NONE, new Workers());
        return new AttestCommand.Open(
                attestations(settings.storage()),
                open()::sha256,
                attestation -> log.write(noted(attestation)),
                log::close);
    }

    /** Writes the hashes of a kept report to the security log. */
    public void reported(ReportShelf.Kept kept) {
        var open = OperatorTools.settings(new SettingsReader(Role.REST, new Flags(Map.of()), environment, directory));
        try (var log = Wiring.securityLog(open.storage(), checkpoint -> {}, AuditMetrics.NONE, new Workers())) {
            log.write(AuditEntry.system(
                    SecurityEvent.POSTURE_REPORTED,
                    AuditEntry.SUCCESS,
                    Map.of(
                            "report", kept.name(),
                            "json", kept.json(),
                            "html", kept.html(),
                            "previous", kept.previous())));
        }
    }

    private static AuditEntry noted(Attestation attestation) {
        var details = new HashMap<String, String>();
        details.put("item", attestation.item());
        details.put("by", attestation.by());
        details.put("until", attestation.until().toString());
        attestation.proof().ifPresent(proof -> details.put("sha256", proof.sha256()));
        return new AuditEntry(
                SecurityEvent.ITEM_ATTESTED,
                CredentialBook.By.command().actor(),
                "-",
                "-",
                AuditEntry.SUCCESS,
                details);
    }

    private static Settings settings(Configuration configuration) {
        return configuration.settings().orElseThrow(() -> new Unseen("the settings have errors"));
    }

    /** The lines that are in the log now; what the database keeps of it is compared by {@code whatsapp audit verify}. */
    private static AuditVerifier.Report securityLog(Settings settings) {
        var log = settings.storage().securityLog();
        var keys = Wiring.auditKeys(settings.storage());
        var checkpoints = log.resolveSibling("audit.checkpoints");
        try {
            return new AuditVerifier(keys.resolve("audit.seed"), keys.resolve("audit.pub"))
                    .verify(
                            AuditVerifier.rotated(log),
                            present(checkpoints).stream().toList(),
                            List.of(),
                            present(keys.resolve("audit.state")));
        } catch (IOException | ExplainedFault e) {
            throw new Unseen(
                    "the security log cannot be verified: " + e.getClass().getSimpleName());
        }
    }

    /** A file unless it is surely absent: one that cannot be read must not count as absent. */
    private static Optional<Path> present(Path file) {
        return Optional.of(file).filter(path -> !Files.notExists(path, LinkOption.NOFOLLOW_LINKS));
    }

    private static List<List<String>> rows(Settings settings, String sql) {
        if (!(settings.storage().database() instanceof Sqlite sqlite)) {
            throw new Unseen("PostgreSQL is not asked by this command yet");
        }
        try {
            return SqliteLook.rows(sqlite.file(), sql);
        } catch (StoreFault e) {
            throw new Unseen("the database " + sqlite.file() + " cannot be read");
        }
    }
}
