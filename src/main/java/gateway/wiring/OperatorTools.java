package gateway.wiring;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import gateway.admin.InstanceFiles;
import gateway.audit.AuditLog;
import gateway.audit.AuditMetrics;
import gateway.auth.CredentialBook;
import gateway.auth.PairingLinks;
import gateway.auth.Principal.Scope;
import gateway.command.ApiClient;
import gateway.command.AuditCommand;
import gateway.command.HoldCommand;
import gateway.command.OpenCredentials;
import gateway.command.OutboxCommand;
import gateway.command.PairCommand;
import gateway.command.RotateCommand;
import gateway.command.Serving;
import gateway.command.WebhookCommand;
import gateway.config.BasicUser;
import gateway.config.DatabaseSetting;
import gateway.config.Role;
import gateway.config.Settings;
import gateway.config.reading.SettingsReader;
import gateway.config.source.Flags;
import gateway.messaging.OutboxBook;
import gateway.process.ExplainedFault;
import gateway.process.Logging;
import gateway.process.Workers;
import gateway.rotation.EncryptionKeyRotation;
import gateway.rotation.Rotation;
import gateway.secret.KeyRing;
import gateway.secret.SealedSettings;
import gateway.store.SqlDialect;
import gateway.store.StorageDirectory;
import gateway.store.Store;
import gateway.webhook.DeliveryBook;
import gateway.webhook.EndpointBook;
import gateway.webhook.SecretPolicy;

/**
 * What the operator's commands work on: the same database, log and keys as the server's, which may be running. Settings
 * come from the environment and {@code .env}, as for the server.
 */
public final class OperatorTools {
    /** Longer than any pairing, and than the link that a token made. */
    private static final Duration TOKEN_LIFE = PairingLinks.LIFE.plusMinutes(1);

    private static final int KNOCK_MILLIS = 1_000;

    private final Map<String, String> environment;
    private final Path directory;

    public OperatorTools(Map<String, String> environment, Path directory) {
        this.environment = environment;
        this.directory = directory;
    }

    public WebhookCommand.Books webhooks() {
        var settings = settings();
        var store = store(settings);
        return new WebhookCommand.Books(
                EndpointBook.beside(
                        store,
                        Wiring.sealing(settings, store, Wiring.keys(settings, () -> settings)),
                        Wiring.addressRules(settings.webhook()),
                        SecretPolicy.of(settings.profile()),
                        ConfiguredWebhooks.of(settings.webhook(), Optional.empty()),
                        InstantSource.system()),
                new DeliveryBook(store, InstantSource.system(), () -> {}),
                store::close);
    }

    public OutboxCommand.Book outbox() {
        var store = store(settings());
        return new OutboxCommand.Book(new OutboxBook(store, InstantSource.system()), store::close);
    }

    public HoldCommand.Open holds() {
        var settings = settings();
        var store = store(settings);
        var log = log(settings, store);
        var book = Wiring.holds(store, InstantSource.system(), log);
        return new HoldCommand.Open(
                book,
                device ->
                        store.dialect() == SqlDialect.POSTGRES ? book.isServedByNode(device) : listens(settings.http()),
                () -> {
                    log.close();
                    store.close();
                });
    }

    /** Whether something listens where this machine's gateway would listen. True for port 0, which is any free port. */
    private static boolean listens(Settings.Http http) {
        if (http.port() == 0) {
            return true;
        }
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(reached(http.host()), http.port()), KNOCK_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    public OpenCredentials accounts() {
        var settings = settings();
        var store = store(settings);
        var log = log(settings, store);
        var configured = new OpenCredentials.Configured(
                settings.auth().users().stream().map(BasicUser::name).toList(),
                settings.auth().apiToken().isPresent());
        return new OpenCredentials(
                new CredentialBook(store, Wiring.generation(settings, store), log, Clock.systemUTC()),
                configured,
                () -> {
                    log.close();
                    store.close();
                });
    }

    /**
     * The way to the gateway that runs on this machine: its API, entered by a token that is made for this command. The
     * token ends by itself, and is revoked when the command ends or is interrupted, unless it made a link.
     *
     * @param device the one account that the token is good for; all when empty
     */
    public PairCommand.Open pairing(Optional<String> device) {
        return running("whatsapp pair", device, TOKEN_LIFE);
    }

    /**
     * The running gateway, for a trace of an account.
     *
     * @param life how long the command may take
     */
    public PairCommand.Open tracing(String device, Duration life) {
        return running("whatsapp trace", Optional.of(device), life);
    }

    private PairCommand.Open running(String name, Optional<String> device, Duration life) {
        var settings = settings();
        if (settings.http().port() == 0) {
            throw new ExplainedFault(
                    "APP_PORT is 0, so the gateway's port is not known; name the port that it listens on.");
        }
        CredentialBook.NewToken token;
        try (var accounts = accounts()) {
            token = accounts.book()
                    .createToken(
                            CredentialBook.By.command(),
                            name,
                            Set.of(Scope.READ, Scope.MANAGE),
                            device,
                            Optional.of(Instant.now().plus(life)));
        } catch (CredentialBook.Refused refused) {
            throw new ExplainedFault(refused.getMessage(), refused);
        }
        var kept = new AtomicBoolean();
        var revoking = new Thread(() -> {
            if (!kept.get()) {
                revoke(token);
            }
        });
        Runtime.getRuntime().addShutdownHook(revoking);
        var client = new ApiClient(
                Wiring.url(reached(settings.http().host()), settings.http().port())
                        + settings.http().basePath(),
                token.text());
        return new PairCommand.Open(client, () -> kept.set(true), () -> {
            client.close();
            if (!isStopping(revoking) && !kept.get()) {
                revoke(token);
            }
        });
    }

    private void revoke(CredentialBook.NewToken token) {
        try (var accounts = accounts()) {
            accounts.book().revokeToken(CredentialBook.By.command(), token.id());
        }
    }

    /** Whether the process ends by a signal, so that the hook runs. */
    private static boolean isStopping(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    /** The address by which a listener is reached from its own machine. */
    private static InetAddress reached(InetAddress host) {
        return host.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : host;
    }

    public RotateCommand.Open rotation() {
        var reader = reader();
        var settings = settings(reader);
        var keys = Wiring.keys(settings, () -> settings(reader));
        var ledger = Wiring.ledger(settings, keys);
        var store = store(settings);
        var sealing = Wiring.sealing(settings, store, keys);
        var log = Wiring.securityLog(settings.storage(), checkpoint -> {}, AuditMetrics.NONE, new Workers());
        var clock = Clock.systemUTC();
        return new RotateCommand.Open(
                new Rotation(
                        new Rotation.Parts(
                                reader,
                                ledger,
                                store,
                                EndpointBook.beside(
                                        store,
                                        sealing,
                                        Wiring.addressRules(settings.webhook()),
                                        SecretPolicy.of(settings.profile()),
                                        List.of(),
                                        clock),
                                new CredentialBook(store, Wiring.generation(settings, store), log, clock),
                                log,
                                clock),
                        new EncryptionKeyRotation(
                                reader, keys, Wiring.keyFile(settings), sealing, () -> instances(settings, keys))),
                () -> {
                    log.close();
                    store.close();
                });
    }

    /** Seals the instances' secrets anew, because an Admin API may use the same storage directory and its key. */
    private static int instances(Settings settings, KeyRing keys) throws IOException {
        var root = Wiring.instances(settings.storage().directory());
        return Files.isDirectory(root)
                ? new InstanceFiles(root, new SealedSettings(keys), InstantSource.system()).rewrap()
                : 0;
    }

    public AuditCommand.Places audit() {
        var settings = settings();
        var keys = Wiring.auditKeys(settings.storage());
        return new AuditCommand.Places(settings.storage().securityLog(), keys, () -> {
            if (settings.storage().database() instanceof DatabaseSetting.Sqlite sqlite
                    && Files.notExists(sqlite.file())) {
                return List.of();
            }
            try (var store = store(settings)) {
                return new AuditAnchor(store, keys).checkpoints();
            }
        });
    }

    /** The security log, whose checkpoints the database keeps too. */
    private static AuditLog log(Settings settings, Store store) {
        return Wiring.securityLog(
                settings.storage(),
                new AuditAnchor(store, Wiring.auditKeys(settings.storage()))::keep,
                AuditMetrics.NONE,
                new Workers());
    }

    private static Store store(Settings settings) {
        Logging.configure(settings.logLevel());
        StorageDirectory.prepare(settings.storage().directory());
        var ledger =
                Wiring.ledger(settings, Wiring.keys(settings, () -> settings)).read();
        return Store.open(Wiring.database(ledger.applied(settings), ledger), Wiring.continuity(settings.storage()));
    }

    private SettingsReader reader() {
        return new SettingsReader(Role.REST, new Flags(Map.of()), environment, directory);
    }

    private Settings settings() {
        return settings(reader());
    }

    static Settings settings(SettingsReader reader) {
        var configuration = reader.read();
        return configuration.settings().orElseThrow(() -> Serving.absent(configuration));
    }
}
