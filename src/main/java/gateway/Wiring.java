package gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import gateway.audit.AuditLog;
import gateway.audit.AuditMetrics;
import gateway.auth.ClientAddress;
import gateway.auth.Generation;
import gateway.auth.RateLimit.Rate;
import gateway.auth.StoredAccounts;
import gateway.config.Secret;
import gateway.config.Settings;
import gateway.store.Database;
import gateway.store.Dialect;
import gateway.store.Store;
import gateway.webhook.AddressRules;
import gateway.webhook.KeyFile;

/** From settings to the parts that both the server and the operator's commands open. */
final class Wiring {
    private Wiring() {
    }

    static Database database(gateway.config.Database setting) {
        return switch (setting) {
            case gateway.config.Database.Sqlite sqlite -> new Database.Sqlite(sqlite.file());
            case gateway.config.Database.Postgres server -> new Database.Postgres(server.host(), server.port(), server.name(),
                    server.user(), server.password().map(Secret::reveal).orElse(""),
                    server.rootCertificate()
                            .map(file -> Map.of("sslmode", server.tls().sslmode(), "sslrootcert", file.toString()))
                            .orElse(Map.of("sslmode", server.tls().sslmode())));
        };
    }

    /** How a change of the accounts reaches every process on the database at once. */
    static Generation generation(Settings settings, Store store) {
        return store.dialect() == Dialect.POSTGRES ? StoredAccounts.onServer(store)
                : Generation.shared(settings.storage().directory().resolve("accounts.generation"));
    }

    static AuditLog securityLog(Settings.Storage storage, Consumer<String> journal, AuditMetrics metrics) {
        try {
            return new AuditLog(storage.securityLog(), auditKeys(storage), Clock.systemUTC(), journal, metrics);
        } catch (IOException e) {
            throw new IllegalStateException("The security log " + storage.securityLog() + " cannot be written: " + e.getMessage()
                    + ". Name another file with APP_SECURITY_LOG.", e);
        }
    }

    static Path auditKeys(Settings.Storage storage) {
        return storage.directory().resolve("audit");
    }

    static KeyFile webhookKey(Settings settings) {
        return KeyFile.at(settings.storage().directory().resolve("webhook.key"));
    }

    static AddressRules addressRules(Settings.Webhook setting) {
        return new AddressRules(setting.allowHttp(), setting.allowedCidrs());
    }

    static ClientAddress proxies(Settings.Http http) {
        return ClientAddress.behind(http.trustedProxies().stream().map(Object::toString).collect(Collectors.joining(",")));
    }

    static Rate rate(Settings.Rate rate) {
        return new Rate(rate.perSecond(), rate.burst());
    }

    /** An address as it stands in a URL. */
    static String host(InetAddress address) {
        var text = address.getHostAddress();
        return text.contains(":") ? "[" + text + "]" : text;
    }
}
