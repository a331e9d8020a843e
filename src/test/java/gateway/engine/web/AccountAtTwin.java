package gateway.engine.web;

import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import gateway.engine.AccountProxies;
import gateway.engine.Event;
import gateway.engine.Events;
import gateway.engine.OutboundProxy;
import gateway.engine.Standing;
import gateway.outbound.AddressGuard;
import gateway.outbound.SystemResolver;
import gateway.secret.SecretCodec;
import gateway.store.Database;
import gateway.store.Fence;
import gateway.store.Store;
import gateway.store.Work;
import gateway.twin.web.Twin;
import gateway.twin.web.TwinControl;

/** One account of the real engine in front of a twin; its process can end and begin again, and its clock can jump. */
final class AccountAtTwin implements AutoCloseable {
    static final String OWN = "6281111111111";
    static final String PEER = "6282222222222";
    static final String DEVICE = "default";
    /** The store's keys are another room's matter. */
    private static final SecretCodec CLEAR = new SecretCodec() {
        @Override
        public String seal(String owner, String secret) {
            return secret;
        }

        @Override
        public String open(String owner, String sealed) {
            return sealed;
        }

        @Override
        public Optional<String> renewed(String owner, String stored) {
            return Optional.empty();
        }
    };

    final Twin twin;
    final TwinControl control;
    final List<Event> events = new CopyOnWriteArrayList<>();
    private final Store store;
    private volatile Duration ahead = Duration.ZERO;
    private Optional<String> version = Optional.empty();
    private Optional<OutboundProxy> proxy = Optional.empty();
    private volatile Fence fence = tx -> {};
    private AddressGuard guard = AccountProxies.onLoopback(new SystemResolver());
    private WebEngine engine;
    WebSession session;

    AccountAtTwin(Path folder) throws Exception {
        twin = new Twin(0);
        control = new TwinControl(twin);
        control.post("/phones", Map.of("number", OWN));
        control.post("/phones", Map.of("number", PEER));
        store = Store.open(new Database.Sqlite(folder.resolve("whatsapp.db")));
        store.write(tx -> tx.insert("INSERT INTO device (id, engine, created_at) VALUES (?, ?, 1)", DEVICE, "web"));
        begin();
    }

    /** As the setting of that name. */
    void version(String set) {
        version = Optional.of(set);
    }

    /** As the setting of that name. */
    void proxy(OutboundProxy set) {
        proxy = Optional.of(set);
    }

    /** Judges the account's own proxy from the next beginning on. */
    void guard(AddressGuard judge) {
        guard = judge;
    }

    /** Stands before each write of the account from now on. */
    void fence(Fence check) {
        fence = check;
    }

    /** The gateway's process begins. */
    void begin() {
        engine = new WebEngine(
                Optional.of(URI.create(twin.webSocket())),
                Optional.of(twin.rootKey()),
                "Chrome",
                version,
                proxy,
                guard,
                CLEAR,
                (InstantSource) () -> Instant.now().plus(ahead));
        session = engine.open(DEVICE, store.fenced(tx -> fence.check(tx)), new Events() {
            @Override
            public void accept(List<Event> told, Work<?> beside) {
                store.write(tx -> beside.run(tx));
                events.addAll(told);
            }
        });
    }

    /** The process ends, and another begins. */
    void again() {
        end();
        begin();
    }

    void end() {
        session.close();
        engine.close();
    }

    /** This machine's clock jumps. */
    void later(Duration time) {
        ahead = ahead.plus(time);
    }

    AccountAtTwin linked() {
        control.post("/phones/" + OWN + "/scan", Map.of("qr", session.pair().text()));
        up();
        return this;
    }

    void up() {
        await().atMost(Duration.ofSeconds(60)).until(() -> session.status().connected());
    }

    Standing standing() {
        return session.status().standing().orElseThrow();
    }

    void stands(Standing.State state, String reason) {
        await().atMost(Duration.ofSeconds(40))
                .until(() -> standing().state() == state && standing().reason().equals(reason));
    }

    /** How often the device has logged in, or has tried to. */
    long logins() {
        return control.seen("login", OWN);
    }

    /** The reasons that were told with a state, in order. */
    List<String> told(Event.Connection.State state) {
        return events.stream()
                .filter(Event.Connection.class::isInstance)
                .map(Event.Connection.class::cast)
                .filter(event -> event.state() == state)
                .map(Event.Connection::reason)
                .toList();
    }

    @Override
    public void close() throws Exception {
        end();
        store.close();
        twin.close();
    }
}
