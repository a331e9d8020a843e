package gateway.api;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import gateway.api.media.MediaLimits;
import gateway.api.media.MediaSource;
import gateway.api.sandbox.SandboxControls;
import gateway.audit.SecurityLog;
import gateway.auth.Credentials;
import gateway.auth.MovingClock;
import gateway.auth.PairingLinks;
import gateway.budget.BudgetMetrics;
import gateway.budget.MemoryBudget;
import gateway.budget.Workbench;
import gateway.engine.Engine;
import gateway.engine.EngineDirectory;
import gateway.engine.Event;
import gateway.engine.MediaFiles;
import gateway.engine.ToldEngine;
import gateway.engine.sandbox.SandboxEngine;
import gateway.http.Allowance;
import gateway.http.hardened.HardenedServer;
import gateway.http.hardened.Limits;
import gateway.messaging.Accounts;
import gateway.messaging.EventSink;
import gateway.messaging.Outbox;
import gateway.messaging.Pacing;
import gateway.outbound.AddressRules;
import gateway.process.Workers;
import gateway.secret.Seals;
import gateway.store.Database;
import gateway.store.Store;
import gateway.store.Tx;
import gateway.webhook.DeviceEndpoints;
import gateway.webhook.EndpointBook;
import gateway.webhook.SecretPolicy;

/** The real routes on a real server on loopback, with a real database file and the sandbox behind them. */
final class ApiRig extends ApiCalls implements AutoCloseable {
    static final String DEVICE = "default";
    static final String ALICE = "12025550101";
    static final String BOB = "12025550102";

    final Store store;
    final Accounts accounts;
    private final SandboxEngine engine;
    private final ToldEngine told = new ToldEngine();
    private final String usual;
    private final String basePath;
    final MediaFiles media;
    final Path directory;
    /** Added to the time that workers go by, nanoseconds. */
    final AtomicLong ahead = new AtomicLong();

    /** Moved by tests of links that end. */
    final MovingClock clock = new MovingClock();

    /** Requests that were counted for the rate of strangers. */
    final AtomicLong strangers = new AtomicLong();

    final Workers workers = new Workers(() -> System.nanoTime() + ahead.get());
    final List<Event> happened = new CopyOnWriteArrayList<>();
    final MemoryBudget budget = new MemoryBudget(48 << 20, () -> false, BudgetMetrics.NONE);
    private final Workbench bench = new Workbench(budget);
    private final Outbox outbox;
    private final HardenedServer server;

    ApiRig(Path directory) {
        this(new RigSetup(directory));
    }

    /** A node of several. */
    ApiRig(Path directory, Database database) {
        this(new RigSetup(directory).database(database));
    }

    ApiRig(RigSetup setup) {
        this.usual = setup.usual();
        this.basePath = setup.basePath();
        this.directory = setup.directory();
        this.store = Store.open(setup.database());
        this.media = new MediaFiles(directory.resolve("media"));
        this.engine = new SandboxEngine(media, InstantSource.system(), workers, setup.inbound());
        this.outbox = new Outbox(store, InstantSource.system(), Duration.ofSeconds(5));
        var offered = new Offered();
        this.accounts = new Accounts(
                store,
                offered,
                outbox,
                new EventSink() {
                    @Override
                    public boolean enqueue(Tx tx, String device, Event event) {
                        happened.add(event);
                        return true;
                    }

                    @Override
                    public void wake() {}
                },
                InstantSource.system(),
                setup.auto(),
                Pacing.NONE,
                new Workers());
        accounts.open(DEVICE);
        var api = api(setup.limits(), setup.source(), setup.strict());
        this.server = HardenedServer.builder("test")
                .limits(Limits.API.withBodyBytes(Api.largestBody(setup.limits())))
                .translating(Api::problem)
                .filter(new Allowance(budget))
                .routes(routes -> {
                    routes.register(new HealthRoutes(List.of(), workers));
                    routes.register("/engine", new InletRoutes(offered));
                    api.open(routes, true, (request, response) -> {
                        strangers.incrementAndGet();
                        response.next();
                    });
                    api.routes(routes);
                })
                .start();
    }

    Api api(MediaLimits limits, MediaSource source, boolean strict) {
        return new Api(
                new Api.Rules(
                        basePath,
                        Optional.empty(),
                        strict,
                        true,
                        request -> false,
                        "https://console.example"::equals,
                        limits,
                        "test",
                        "Test",
                        "development"),
                accounts,
                outbox,
                store,
                media,
                source,
                List.of(new SandboxControls()),
                InstantSource.system(),
                bench,
                new DeviceEndpoints(EndpointBook.beside(
                        store,
                        Seals.of(store, directory),
                        AddressRules.strict(),
                        SecretPolicy.PRODUCTION,
                        List.of(),
                        InstantSource.system())),
                new SignedLinks(() -> new byte[32], InstantSource.system()),
                new PairingLinks(store, Credentials::none, SecurityLog.none(), clock));
    }

    /** The sandbox, and an engine that WhatsApp calls. */
    private final class Offered implements EngineDirectory {
        @Override
        public String usual() {
            return usual;
        }

        @Override
        public List<String> names() {
            return List.of("sandbox", ToldEngine.NAME);
        }

        @Override
        public Optional<Engine> find(String name) {
            return Stream.<Engine>of(engine, told)
                    .filter(offered -> offered.name().equals(name))
                    .findFirst();
        }
    }

    ToldEngine told() {
        return told;
    }

    @Override
    int port() {
        return server.port();
    }

    @Override
    String basePath() {
        return basePath;
    }

    ApiRig paired() {
        get("/app/login");
        assertEquals(200, post("/sandbox/pair", object()).status());
        assertEquals(
                200,
                post("/sandbox/receipts", object().put("delivered_after_ms", 0).put("read_after_ms", 0))
                        .status());
        return this;
    }

    /** Waits until nothing happens any more: no message to send, no event to tell. */
    void quiet() {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> store.number(
                                "SELECT (SELECT count(*) FROM sandbox_pending) + (SELECT count(*) FROM outbox WHERE state = 0)")
                        == 0);
    }

    /** Changes with every commit, and with every file kept. */
    String fingerprint() {
        return StoredState.fingerprint(directory);
    }

    @Override
    public void close() {
        hangUp();
        server.close();
        bench.close();
        accounts.close();
        engine.close();
        store.close();
    }
}
