package gateway;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import gateway.auth.AccountBook;
import gateway.command.AuditCommand;
import gateway.command.OpenAccounts;
import gateway.command.OutboxCommand;
import gateway.command.WebhookCommand;
import gateway.config.Configuration;
import gateway.config.Flags;
import gateway.config.Problem;
import gateway.config.Settings;
import gateway.messaging.OutboxBook;
import gateway.store.Database;
import gateway.store.StorageDirectory;
import gateway.store.Store;
import gateway.webhook.DeliveryBook;
import gateway.webhook.EndpointBook;

/**
 * What the operator's commands work on: the same database, log and keys as the server's, which may be running. Settings come
 * from the environment and {@code .env}, as for the server.
 */
final class OperatorTools {
    private final Map<String, String> environment;
    private final Path directory;

    OperatorTools(Map<String, String> environment, Path directory) {
        this.environment = environment;
        this.directory = directory;
    }

    WebhookCommand.Books webhooks() {
        var settings = settings();
        var store = store(settings);
        return new WebhookCommand.Books(
                EndpointBook.beside(store, Wiring.webhookKey(settings), Wiring.addressRules(settings.webhook()),
                        ConfiguredWebhooks.of(settings.webhook()), InstantSource.system()),
                new DeliveryBook(store, InstantSource.system(), () -> { }), store::close);
    }

    OutboxCommand.Book outbox() {
        var store = store(settings());
        return new OutboxCommand.Book(new OutboxBook(store, InstantSource.system()), store::close);
    }

    OpenAccounts accounts() {
        var settings = settings();
        var store = store(settings);
        var log = Wiring.securityLog(settings.storage(), new AuditAnchor(store, Wiring.auditKeys(settings.storage()))::keep, gateway.audit.AuditMetrics.NONE);
        return new OpenAccounts(new AccountBook(store, Wiring.generation(settings, store), log, Clock.systemUTC()), () -> {
            log.close();
            store.close();
        });
    }

    AuditCommand.Places audit() {
        var settings = settings();
        var keys = Wiring.auditKeys(settings.storage());
        return new AuditCommand.Places(settings.storage().securityLog(), keys, () -> {
            if (Wiring.database(settings.storage().database()) instanceof Database.Sqlite(Path file) && Files.notExists(file)) {
                return List.of();
            }
            try (var store = store(settings)) {
                return new AuditAnchor(store, keys).checkpoints();
            }
        });
    }

    private static Store store(Settings settings) {
        Logging.configure(settings.logLevel());
        StorageDirectory.prepare(settings.storage().directory());
        return Store.open(Wiring.database(settings.storage().database()));
    }

    private Settings settings() {
        var configuration = Configuration.load(new Flags(Map.of()), environment, directory);
        return configuration.settings().orElseThrow(() -> new IllegalStateException(
                configuration.errors().stream().map(Problem::sentence).collect(Collectors.joining(System.lineSeparator() + "error: "))));
    }
}
