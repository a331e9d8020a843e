package gateway.messaging;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import gateway.engine.Engine;
import gateway.engine.Session;
import gateway.store.Store;

/** The accounts of this gateway, each with its open line to WhatsApp and the sender of its outbox. */
public final class Accounts implements AutoCloseable {
    private final Store store;
    private final Engine engine;
    private final Outbox outbox;
    private final EventSink webhooks;
    private final InstantSource clock;
    private final Map<String, Line> lines = new ConcurrentHashMap<>();

    public Accounts(Store store, Engine engine, Outbox outbox, EventSink webhooks, InstantSource clock) {
        this.store = store;
        this.engine = engine;
        this.outbox = outbox;
        this.webhooks = webhooks;
        this.clock = clock;
    }

    /** Opens the lines of all stored accounts; makes the first one when there is none. */
    public void open(String first) {
        store.write(tx -> tx.insert("INSERT INTO device (id, created_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
                first, clock.millis()));
        devices().forEach(this::line);
    }

    public List<String> devices() {
        return store.all(row -> row.column(1).get(String.class), "SELECT id FROM device ORDER BY created_at, id");
    }

    /** The account's line; empty when there is no such account. */
    public Optional<Session> session(String device) {
        return Optional.ofNullable(lines.get(device)).map(Line::session);
    }

    private void line(String device) {
        lines.computeIfAbsent(device, id -> {
            var inbox = new Inbox(id, store, webhooks, clock, () -> Optional.ofNullable(lines.get(id)).ifPresent(Line::wake));
            var session = engine.open(id, inbox);
            var sender = new Sender(id, session, store, outbox, clock);
            outbox.attach(id, sender);
            sender.start();
            return new Line(session, sender);
        });
    }

    /** Stops sending, lets what is under way end, then closes the lines. */
    @Override
    public void close() {
        lines.values().forEach(line -> line.sender().close());
        lines.values().forEach(line -> line.session().close());
        lines.clear();
    }

    private record Line(Session session, Sender sender) {
        void wake() {
            sender.wake();
        }
    }
}
