package gateway.messaging;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

import gateway.engine.Engine;
import gateway.engine.Jid;
import gateway.engine.MessageId;
import gateway.engine.Session;
import gateway.store.Dialect;
import gateway.store.Store;

/**
 * The accounts of this gateway, each with its open line to WhatsApp and the sender of its outbox. Where several nodes share
 * a database, each account has its line on one of them at a time.
 */
public final class Accounts implements AutoCloseable {
    private final Store store;
    private final Engine engine;
    private final Outbox outbox;
    private final EventSink webhooks;
    private final InstantSource clock;
    private final Pacing pacing;
    private final Map<String, Line> lines = new ConcurrentHashMap<>();
    /** Empty where one process owns the database; the storage directory's lock sees to that. */
    private final Optional<Leases> leases;

    public Accounts(Store store, Engine engine, Outbox outbox, EventSink webhooks, InstantSource clock) {
        this(store, engine, outbox, webhooks, clock, Pacing.NONE);
    }

    public Accounts(Store store, Engine engine, Outbox outbox, EventSink webhooks, InstantSource clock, Pacing pacing) {
        this.store = store;
        this.pacing = pacing;
        this.leases = store.dialect() == Dialect.POSTGRES
                ? Optional.of(new Leases(store, MessageId.next(), new Leases.Holder() {
                    @Override
                    public void taken(Lease lease) {
                        line(lease.device(), store.fenced(lease), lease::stands);
                    }

                    @Override
                    public void lost(String device) {
                        Optional.ofNullable(lines.remove(device)).ifPresent(line -> Accounts.this.close(device, line));
                    }
                }))
                : Optional.empty();
        this.engine = engine;
        this.outbox = outbox;
        this.webhooks = webhooks;
        this.clock = clock;
    }

    /** Opens the lines of all stored accounts; makes the first one when there is none. */
    public void open(String first) {
        store.write(tx -> tx.insert("INSERT INTO device (id, created_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
                first, clock.millis()));
        leases.ifPresentOrElse(Leases::start, () -> devices().forEach(device -> line(device, store, () -> true)));
    }

    public List<String> devices() {
        return store.all(row -> row.column(1).get(String.class), "SELECT id FROM device ORDER BY created_at, id");
    }

    /** The account's line; empty when there is no such account, or another node has it. */
    public Optional<Session> session(String device) {
        return Optional.ofNullable(lines.get(device)).map(Line::session);
    }

    /** How the account's line stands, whichever node has it; empty when there is no such account. */
    public Optional<Session.Status> status(String device) {
        return session(device).map(Session::status).or(() -> leases.flatMap(several -> elsewhere(device)));
    }

    private Optional<Session.Status> elsewhere(String device) {
        return store.one(row -> new Session.Status(row.column(2).get(Number.class).intValue() == 1,
                Optional.of(row.column(1).get(String.class)).filter(account -> !account.isEmpty()).map(Jid::parse)), """
                SELECT coalesce(l.account, ''), coalesce(l.connected, 0) FROM device d LEFT JOIN session_lease l ON l.device = d.id WHERE d.id = ?""", device);
    }

    private void line(String device, Store state, BooleanSupplier ours) {
        lines.computeIfAbsent(device, id -> {
            var inbox = new Inbox(id, state, webhooks, clock, () -> Optional.ofNullable(lines.get(id)).ifPresent(line -> {
                line.wake();
                report(id, line.session());
            }));
            var session = engine.open(id, state, inbox);
            var sender = new Sender(id, session, state, outbox, clock, pacing, ours);
            outbox.attach(id, sender);
            sender.start();
            report(id, session);
            return new Line(session, sender);
        });
    }

    private void report(String device, Session session) {
        leases.ifPresent(several -> several.report(device, session.status()));
    }

    private void close(String device, Line line) {
        outbox.detach(device);
        line.sender().close();
        line.session().close();
    }

    /** Stops sending, lets what is under way end, closes the lines, and leaves the accounts to other nodes. */
    @Override
    public void close() {
        lines.forEach((device, line) -> outbox.detach(device));
        lines.values().forEach(line -> line.sender().close());
        lines.values().forEach(line -> line.session().close());
        lines.clear();
        leases.ifPresent(several -> {
            several.close();
            several.release();
        });
    }

    private record Line(Session session, Sender sender) {
        void wake() {
            sender.wake();
        }
    }
}
