package gateway;

import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
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
                EndpointBook.beside(store, Wiring.sealing(settings, store, Wiring.keys(settings, () -> settings)),
                        Wiring.addressRules(settings.webhook()), ConfiguredWebhooks.of(settings.webhook(), Optional.empty()),
                        InstantSource.system()),
                new DeliveryBook(store, InstantSource.system(), () -> { }), store::close);
    }

    OutboxCommand.Book outbox() {
        var store = store(settings());
        return new OutboxCommand.Book(new OutboxBook(store, InstantSource.system()), store::close);
    }

    OpenAccounts accounts() {
        var settings = settings();
        var store = store(settings);
        var log = Wiring.securityLog(settings.storage(), checkpoint -> { }, gateway.audit.AuditMetrics.NONE);
        return new OpenAccounts(new AccountBook(store, Wiring.generation(settings, store), log, Clock.systemUTC()), () -> {
            log.close();
            store.close();
        });
    }

    AuditCommand.Places audit() {
        var storage = settings().storage();
        return new AuditCommand.Places(storage.securityLog(), Wiring.auditKeys(storage));
    }

    private static Store store(Settings settings) {
        Logging.configure(settings.logLevel());
        StorageDirectory.prepare(settings.storage().directory());
        var ledger = Wiring.ledger(settings, Wiring.keys(settings, () -> settings)).read();
        return Store.open(Wiring.database(ledger.applied(settings), ledger));
    }

    private Settings settings() {
        var configuration = Configuration.load(new Flags(Map.of()), environment, directory);
        return configuration.settings().orElseThrow(() -> new IllegalStateException(
                configuration.errors().stream().map(Problem::sentence).collect(Collectors.joining(System.lineSeparator() + "error: "))));
    }
}
