package gateway.wiring;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import gateway.audit.AuditEntry;
import gateway.audit.AuditLog;
import gateway.audit.AuditMetrics;
import gateway.audit.SecurityEvent;
import gateway.audit.SecurityLog;
import gateway.auth.ClientAddress;
import gateway.auth.Generation;
import gateway.auth.RateLimit.Rate;
import gateway.auth.StoredCredentials;
import gateway.config.DatabaseSetting;
import gateway.config.Secret;
import gateway.config.Settings;
import gateway.config.catalogue.SecretKind;
import gateway.messaging.HoldBook;
import gateway.outbound.AddressRules;
import gateway.process.DiskTrouble;
import gateway.process.ExplainedFault;
import gateway.process.Workers;
import gateway.secret.KeyRing;
import gateway.secret.Ledger;
import gateway.secret.Sealing;
import gateway.secret.Snapshot;
import gateway.store.Continuity;
import gateway.store.Database;
import gateway.store.SqlDialect;
import gateway.store.Store;

/** What both the servers and the operator's commands make of the settings. */
final class Wiring {
    private Wiring() {}

    /** What a rotation noted about the secrets, opened with the ring of {@link #keys}. */
    static Ledger ledger(Settings settings, KeyRing keys) {
        return Ledger.in(Ledger.directory(settings.storage().directory()), keys, InstantSource.system());
    }

    /** The key-encryption keys of the settings, asked for again when one is missing; or of the storage directory. */
    static KeyRing keys(Settings settings, Supplier<Settings> now) {
        return settings.sealing().keys().isEmpty()
                ? KeyRing.file(keyFile(settings))
                : KeyRing.given(() -> now.get().sealing().keys());
    }

    static Path keyFile(Settings settings) {
        return Ledger.directory(settings.storage().directory()).resolve("encryption.key");
    }

    static Sealing sealing(Settings settings, Store store, KeyRing keys) {
        return new Sealing(store, keys, settings.storage().directory().resolve("webhook.key"), InstantSource.system());
    }

    /** @param settings with what {@code ledger} holds applied */
    static Database database(Settings settings, Snapshot ledger) {
        return switch (settings.storage().database()) {
            case DatabaseSetting.Sqlite sqlite ->
                new Database.Sqlite(
                        sqlite.file(),
                        sqlite.busyTimeout(),
                        !settings.whatsApp().keepChats());
            case DatabaseSetting.Postgres server ->
                new Database.Postgres(
                        server.host(),
                        server.port(),
                        server.name(),
                        server.user(),
                        passwords(settings, ledger),
                        server.rootCertificate()
                                .map(file -> Map.of("sslmode", server.tls().sslmode(), "sslrootcert", file.toString()))
                                .orElse(Map.of("sslmode", server.tls().sslmode())));
        };
    }

    static Continuity continuity(Settings.Storage storage) {
        return new Continuity(storage.directory(), storage.acceptDatabase());
    }

    /** The database's password, then the previous one: the server always knows one of the two. */
    static List<String> passwords(Settings settings, Snapshot ledger) {
        var current = SecretKind.DB_PASSWORD.in(settings);
        return Stream.concat(
                        current.map(Secret::reveal).or(() -> Optional.of("")).stream(),
                        ledger
                                .old(SecretKind.DB_PASSWORD, settings, Instant.now())
                                .map(old -> old.secret().reveal())
                                .stream())
                .toList();
    }

    /** How a change of the accounts reaches every process on the database at once. */
    static Generation generation(Settings settings, Store store) {
        return store.dialect() == SqlDialect.POSTGRES
                ? StoredCredentials.onServer(store)
                : Generation.shared(settings.storage().directory().resolve("accounts.generation"));
    }

    static AuditLog securityLog(
            Settings.Storage storage, Consumer<String> journal, AuditMetrics metrics, Workers workers) {
        try {
            return new AuditLog(
                    storage.securityLog(), auditKeys(storage), Clock.systemUTC(), journal, metrics, workers);
        } catch (IOException e) {
            var trouble = DiskTrouble.of(e, storage.securityLog());
            if (trouble == DiskTrouble.OTHER) {
                throw new ExplainedFault(
                        "The security log " + storage.securityLog() + " cannot be written: " + e.getMessage()
                                + ". Name another file with APP_SECURITY_LOG.",
                        e);
            }
            throw DiskTrouble.fault(
                    "The security log " + storage.securityLog() + " cannot be written", e, storage.securityLog());
        }
    }

    /**
     * The list of held accounts, each act of which stands in the security log before it is done.
     *
     * @param log gets an entry for each act, and a further one for an act that failed
     */
    static HoldBook holds(Store store, InstantSource clock, SecurityLog log) {
        return new HoldBook(
                store,
                clock,
                (act, by, device, reason, done) -> log.write(new AuditEntry(
                        act == HoldBook.Act.HOLD ? SecurityEvent.ACCOUNT_HELD : SecurityEvent.ACCOUNT_RELEASED,
                        by,
                        "-",
                        "-",
                        done ? AuditEntry.SUCCESS : AuditEntry.FAILURE,
                        Map.of("account", device, "reason", reason))));
    }

    /** The directory of the Admin API's instances in its storage directory. */
    static Path instances(Path storage) {
        return storage.resolve("instances");
    }

    static Path auditKeys(Settings.Storage storage) {
        return storage.directory().resolve("audit");
    }

    static AddressRules addressRules(Settings.Webhook setting) {
        return new AddressRules(setting.allowHttp(), setting.allowedCidrs());
    }

    static AddressRules downloadRules(Settings.Downloads setting) {
        return AddressRules.downloads(setting.allowHttp(), setting.allowedCidrs());
    }

    static ClientAddress proxies(Settings.Http http) {
        return ClientAddress.behind(
                http.trustedProxies().stream().map(Object::toString).collect(Collectors.joining(",")));
    }

    static Rate rate(Settings.Rate rate) {
        return new Rate(rate.perSecond(), rate.burst());
    }

    /** The URL of a listener, without a slash at the end. */
    static String url(InetAddress address, int port) {
        var text = address.getHostAddress();
        return "http://" + (text.contains(":") ? "[" + text + "]" : text) + ":" + port;
    }
}
