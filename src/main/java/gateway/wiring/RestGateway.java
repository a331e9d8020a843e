package gateway.wiring;

import java.lang.System.Logger.Level;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;

import gateway.api.Api;
import gateway.api.AuthRoutes;
import gateway.api.HealthRoutes;
import gateway.api.media.MediaSource;
import gateway.api.WebhookRoutes;
import gateway.api.media.MediaLimits;
import gateway.audit.AuditUnavailable;
import gateway.auth.CredentialBook;
import gateway.auth.StoredCredentials;
import gateway.budget.HeapWatch;
import gateway.budget.MemoryBudget;
import gateway.budget.Workbench;
import gateway.command.Server;
import gateway.config.Settings;
import gateway.config.catalogue.SecretKind;
import gateway.config.reading.Configuration;
import gateway.config.reading.SettingsReader;
import gateway.console.Console;
import gateway.console.LiveFeed;
import gateway.engine.MediaFiles;
import gateway.engine.Session;
import gateway.http.Allowance;
import gateway.http.Problem;
import gateway.http.hardened.HardenedServer;
import gateway.http.hardened.HelidonSettings;
import gateway.http.hardened.Limits;
import gateway.messaging.Accounts;
import gateway.messaging.AutoActions;
import gateway.messaging.ChatStorage;
import gateway.messaging.Outbox;
import gateway.messaging.Pacing;
import gateway.messaging.Upkeep;
import gateway.process.ExplainedFault;
import gateway.process.Heartbeat;
import gateway.process.Lifetime;
import gateway.process.Resources;
import gateway.process.SystemdNotify;
import gateway.process.WorkerKind;
import gateway.rotation.Reloading;
import gateway.secret.Snapshot;
import gateway.store.StorageDirectory;
import gateway.store.Store;
import gateway.webhook.Endpoint;
import gateway.webhook.SecretPolicy;
import gateway.webhook.Webhooks;
import gateway.webhook.payload.Account;
import io.helidon.health.HealthCheck;
import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckType;

/** {@code whatsapp rest}: every part of the server, each given what it leans on, in that order. */
public final class RestGateway implements Server {
    private static final System.Logger LOG = System.getLogger(RestGateway.class.getName());
    /** The writing thread comes round at least twice a second; after this it is stuck. */
    private static final long WRITER_STUCK_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long WRITER_WELL_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** The account of a gateway that has only one. */
    private static final String FIRST_ACCOUNT = "default";

    /** Finished messages can be looked up for as long as delivered webhooks. */
    private static final Duration KEEP_FINISHED = Duration.ofDays(7);

    private final String version;
    private final Map<String, String> environment;
    private final InstantSource clock = InstantSource.system();
    private final StartPatience patience;

    public RestGateway(String version, Map<String, String> environment) {
        this.version = version;
        this.environment = environment;
        this.patience = new StartPatience(SystemdNotify.of(environment));
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
        HelidonSettings.none();
        var manager = SystemdNotify.of(environment);
        var read = configuration.settings().orElseThrow();
        var directory = parts.add(StorageDirectory.claim(read.storage().directory()));
        var groundwork = Groundwork.of(read, reader, version);
        var ledger = groundwork.ledger();
        var rotated = groundwork.rotated();
        var settings = groundwork.settings();
        var metrics = groundwork.metrics();
        var workers = groundwork.workers();
        var database = Wiring.database(settings, rotated);
        var store = parts.add(Store.open(database, Wiring.continuity(settings.storage())));
        workers.watch(WorkerKind.STORE_WRITER, () -> idle(store));
        parts.add(store.marking(database));

        var sealing = Wiring.sealing(settings, store, groundwork.keys());
        sealing.rewrap();
        ledger.rewrap();
        var webhooks = parts.add(new Webhooks(new Webhooks.Parts(store, sealing, Wiring.addressRules(settings.webhook()),
                SecretPolicy.of(settings.profile()), Wiring.downloadRules(settings.api().downloads()),
                Optional.empty(), RestGateway::defaultTls, clock, new SecureRandom(), metrics.webhooks(), workers,
                settings.whatsApp().keepChats()), webhooks(settings, rotated)));
        var feed = new LiveFeed();
        var sink = new WebhookSink(webhooks, feed, metrics);
        var media = new MediaFiles(directory.file("media"));
        var engines = parts.add(new Engines(settings, media, sealing, clock, workers));
        var storage = settings.whatsApp().keepChats() ? ChatStorage.KEEP : ChatStorage.FORGET;
        var outbox = new Outbox(store, clock, settings.sending().replyWait(), (device, id, stage) -> {
            feed.moved(device, id, stage);
            metrics.moved(stage);
        }, storage);
        var accounts = parts.add(new Accounts(store, engines, outbox, sink, clock, autoActions(settings.whatsApp()),
                new Pacing(settings.sending().chatDelay(), settings.sending().chatJitter(), settings.sending().dailyCap().orElse(0)), workers));
        sink.accounts(device -> accounts.status(device).flatMap(Session.Status::account));
        accounts.open(FIRST_ACCOUNT);
        parts.add(new Upkeep(store, clock, KEEP_FINISHED, storage, workers)).start();

        var anchor = new AuditAnchor(store, Wiring.auditKeys(settings.storage()));
        var log = parts.add(Wiring.securityLog(settings.storage(), checkpoint -> {
            LOG.log(Level.INFO, "security log checkpoint {0}", checkpoint);
            anchor.keep(checkpoint);
        }, metrics.audit(), workers));
        var generation = Wiring.generation(settings, store);
        var budget = new MemoryBudget(MemoryBudget.shareOfHeap(), parts.add(new HeapWatch().start()), metrics.budget());
        metrics.budget(budget);
        var bench = parts.add(new Workbench(budget));
        var entrance = parts.add(new Entrance(settings, rotated, configured -> new StoredCredentials(store, configured, generation), log,
                metrics.auth(), clock));
        var api = new Api(new Api.Rules(settings.http().basePath(), settings.api().strict(), settings.api().accountValidation(),
                entrance::behindTrustedProxy, settings.http().corsOrigins()::contains, media(settings.limits()), version,
                settings.whatsApp().deviceName(), settings.profile().text()), accounts, outbox, store, media,
                ((MediaSource) webhooks::fetch).upTo(settings.limits().download()), engines.routes(), clock, bench);
        var console = new Console(new Console.About(settings.http().basePath(), version, engines.usual(),
                settings.profile().text(), settings.profile().isRehearsal()), accounts, feed);
        var health = new HealthRoutes(List.of(new WriterCheck(store)), workers);
        var rest = parts.add(HardenedServer.builder("rest")
                .address(settings.http().host())
                .port(settings.http().port())
                .limits(Limits.API.withBodyBytes(Api.largestBody(media(settings.limits()))))
                .proxies(Wiring.proxies(settings.http())::trusts)
                .metrics(metrics.http("rest"))
                .workers(workers)
                .translating(RestGateway::problem)
                .filter(new Allowance(budget))
                .filter(entrance.cors())
                .routes(routes -> {
                    routes.register(health);
                    routes.any(entrance.gate());
                    api.routes(routes);
                    routes.register(settings.http().basePath() + "/webhooks", new WebhookRoutes(webhooks.endpoints(),
                            webhooks.deliveries(), new Account(FIRST_ACCOUNT, Optional.empty())));
                    routes.register(settings.http().basePath(), new AuthRoutes(new CredentialBook(store, generation, log, clock)));
                    routes.register(settings.http().basePath(), console);
                })
                .sockets(console::sockets, entrance.gate())
                .start());
        // Closed before the server, so that a stop does not wait for open pages.
        parts.add(feed);
        var scrape = parts.add(groundwork.scrape(settings.metrics().port(), routes -> { }));
        parts.add(Groundwork.serving(log, version));
        metrics.backoffs(entrance::activeBackoffs);
        metrics.accounts(() -> count(accounts, Session.Status::loggedIn), () -> count(accounts, Session.Status::connected));
        metrics.holds(() -> accounts.held().size(), () -> longestHeld(accounts));
        metrics.outbox(outbox::depth, () -> outbox.age().toSeconds());
        metrics.aside(outbox::aside, webhooks.deliveries()::aside);
        metrics.uptime(clock);
        var url = "http://" + Wiring.host(settings.http().host()) + ":" + rest.port() + settings.http().basePath();
        LOG.log(Level.INFO, "Ready on {0}, metrics on port {1,number,#}", url, scrape.port());
        if (!settings.profile().holdsProductionRules()) {
            Welcome.here(engines.usual()).print(url, entrance.generated(), settings.storage().directory(),
                    accounts.session(FIRST_ACCOUNT).filter(session -> session.status().loggedIn()).isPresent());
        }
        entrance.watchOld(ledger);
        parts.add(new Reloading(reader, configuration, ledger, List.of(entrance::ready,
                (next, old) -> {
                    var endpoints = webhooks(next, old);
                    return () -> webhooks.configure(endpoints);
                },
                (next, old) -> {
                    var passwords = Wiring.passwords(next, old);
                    return () -> store.passwords(passwords);
                }), log, metrics.reloads(clock), clock, workers)).start();
        manager.ready("Listening on " + url);
        manager.watchdogPeriod().ifPresent(period -> parts.add(new Heartbeat(period,
                () -> rest.alive() && store.writerIdleNanos() < WRITER_STUCK_NANOS, manager::alive, workers)));
        return manager;
    }

    private List<Endpoint> webhooks(Settings settings, Snapshot ledger) {
        return ConfiguredWebhooks.of(settings.webhook(), ledger.old(SecretKind.WEBHOOK_SECRET, settings, clock.instant()));
    }

    /** Of the accounts that nobody holds. */
    private static long count(Accounts accounts, Predicate<Session.Status> which) {
        return accounts.devices().stream().filter(device -> accounts.hold(device).isEmpty()).filter(device -> accounts.session(device).map(Session::status).filter(which).isPresent()).count();
    }

    private long longestHeld(Accounts accounts) {
        return accounts.held().stream().mapToLong(hold -> Math.max(0, clock.millis() - hold.heldAt()) / 1000).max().orElse(0);
    }

    private static MediaLimits media(Settings.Limits setting) {
        return new MediaLimits(setting.image(), setting.file(), setting.video(), setting.audio(), MediaLimits.DEFAULT.pixels());
    }

    private static AutoActions autoActions(Settings.WhatsApp setting) {
        return new AutoActions(setting.autoReply(), AutoActions.NONE.pause(), setting.autoMarkRead(), setting.autoRejectCall());
    }

    /** Reads the runtime's hundred and more root certificates the first time: when a receiver is first spoken to, not at start. */
    private static SSLContext defaultTls() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new ExplainedFault("This Java runtime has no TLS.", e);
        }
    }

    /** What is thrown behind the routes, as a client is told of it. */
    private static Optional<Problem> problem(Throwable thrown) {
        return thrown instanceof AuditUnavailable
                ? Optional.of(Problem.unavailable("The security log cannot be written; nothing was done.", 5))
                : Api.problem(thrown);
    }

    /** Zero for as long as the writing thread comes round as it should. */
    private static Duration idle(Store store) {
        long nanos = store.writerIdleNanos();
        return nanos < WRITER_WELL_NANOS ? Duration.ZERO : Duration.ofNanos(nanos);
    }

    /** The store takes writes: its thread comes round. */
    private record WriterCheck(Store store) implements HealthCheck {
        @Override
        public HealthCheckType type() {
            return HealthCheckType.READINESS;
        }

        @Override
        public String name() {
            return "store";
        }

        @Override
        public HealthCheckResponse call() {
            return HealthCheckResponse.builder().status(store.writerIdleNanos() < WRITER_STUCK_NANOS).build();
        }
    }
}
