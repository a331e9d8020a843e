package gateway.wiring;

import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

import gateway.command.Server;
import gateway.config.BasicUser;
import gateway.config.reading.Configuration;
import gateway.config.reading.SettingsReader;
import gateway.http.hardened.HelidonSettings;
import gateway.process.LateLogger;
import gateway.process.Lifetime;
import gateway.process.Resources;
import gateway.process.SystemCall;
import gateway.process.SystemdNotify;
import gateway.rotation.Reloading;
import gateway.store.StorageDirectory;

/**
 * {@code whatsapp rest}: the parts of the server in four steps, each given what it leans on: the groundwork, the store,
 * what carries messages, and the listener. What was opened last is closed first.
 */
public final class RestGateway implements Server {
    private final String version;
    private final Map<String, String> environment;
    private final InstantSource clock = InstantSource.system();
    private final StartPatience patience;

    public RestGateway(String version, Map<String, String> environment) {
        this.version = version;
        this.environment = environment;
        this.patience = new StartPatience(SystemdNotify.of(environment));
    }

    /**
     * Begins what every start needs and no setting changes, in two threads, while the settings are read. One thread makes
     * the first logger, for which Java opens every library, and Helidon's empty configuration. The other one makes what
     * calls the C library, and the table of powers in {@link BigDecimal}. The first JSON parser needs that table, which
     * takes as long to compute as all settings take to read.
     *
     * @see LateLogger
     */
    public static void prepare() {
        var threads = Thread.ofPlatform().daemon().name("preparation-", 1);
        threads.start(() -> {
            LateLogger.of(RestGateway.class);
            HelidonSettings.none();
        });
        threads.start(() -> {
            try {
                MethodHandles.lookup().ensureInitialized(SystemCall.class);
                MethodHandles.lookup().ensureInitialized(BigDecimal.class);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("both classes are public", e);
            }
        });
    }

    @Override
    public boolean waitsFor(String absent) {
        return patience.waitsFor(absent);
    }

    @Override
    public int run(Configuration configuration, SettingsReader reader) {
        return Lifetime.of(configuration.settings().orElseThrow(), parts -> start(configuration, reader, parts));
    }

    private SystemdNotify start(Configuration configuration, SettingsReader reader, Resources parts) {
        var manager = SystemdNotify.of(environment);
        var read = configuration.settings().orElseThrow();
        var directory = parts.add(StorageDirectory.claim(read.storage().directory()));
        HelidonSettings.none();
        var groundwork = Groundwork.of(read, reader, version);

        var stored = StoreParts.open(groundwork, parts);
        var messaging = MessagingParts.open(groundwork, stored, directory, clock, parts);
        var listener = RestListener.open(groundwork, stored, messaging, version, clock, parts);

        var settings = groundwork.settings();
        var scrape = parts.add(groundwork.scrape(settings.metrics().port(), routes -> {}));
        parts.add(Groundwork.serving(listener.log(), version));
        messaging.measured(groundwork.metrics(), clock);
        groundwork.metrics().uptime(clock);
        var url = listener.url(settings.http());
        LateLogger.of(RestGateway.class)
                .log(Level.INFO, "Ready on {0}, metrics on port {1,number,#}", url, scrape.port());
        if (!settings.profile().holdsProductionRules()) {
            Welcome.here(messaging.engines().usual())
                    .print(
                            url,
                            listener.entrance().generated(),
                            settings.auth().users().stream()
                                    .map(BasicUser::name)
                                    .findFirst(),
                            settings.storage().directory(),
                            messaging.isFirstPaired());
        }

        listener.entrance().watchOld(groundwork.ledger());
        parts.add(reloading(configuration, reader, groundwork, stored, messaging, listener))
                .start();
        groundwork.ready(manager, url, () -> listener.server().alive() && stored.isWriting(), parts);
        return manager;
    }

    /** What takes new settings while the server runs: the credentials, the webhooks, and the database's password. */
    private Reloading reloading(
            Configuration configuration,
            SettingsReader reader,
            Groundwork groundwork,
            StoreParts stored,
            MessagingParts messaging,
            RestListener listener) {
        return new Reloading(
                reader,
                configuration,
                groundwork.ledger(),
                List.of(
                        listener.entrance()::ready,
                        (next, old) -> {
                            var endpoints = MessagingParts.endpoints(next, old, clock);
                            return () -> messaging.webhooks().configure(endpoints);
                        },
                        (next, old) -> {
                            var passwords = Wiring.passwords(next, old);
                            return () -> stored.store().passwords(passwords);
                        }),
                listener.log(),
                groundwork.metrics().reloads(clock),
                clock,
                groundwork.workers());
    }
}
