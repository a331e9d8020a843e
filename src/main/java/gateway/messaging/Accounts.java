package gateway.messaging;

import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import gateway.engine.Engine;
import gateway.engine.EngineDirectory;
import gateway.engine.EngineRefusal;
import gateway.engine.Jid;
import gateway.engine.MessageId;
import gateway.engine.Session;
import gateway.process.Workers;
import gateway.store.Row;
import gateway.store.SqlDialect;
import gateway.store.Store;

/**
 * The accounts of this gateway, each with its open connection to WhatsApp and the sender of its outbox. Where several
 * nodes share a database, each account has its connection on one of them at a time.
 */
public final class Accounts implements AutoCloseable {
    private final Store store;
    private final EngineDirectory engines;
    private final InstantSource clock;
    private final AccountTable table;
    private final Holds holds;
    private final AccountConnections connections;
    /** Empty where one process owns the database, which the lock of the storage directory ensures. */
    private final Optional<Leases> leases;
    /** The account that is made when there is none. */
    private volatile String first = "";

    public Accounts(Store store, Engine engine, Outbox outbox, EventSink webhooks, InstantSource clock) {
        this(store, engine, outbox, webhooks, clock, AutoActions.NONE);
    }

    public Accounts(
            Store store, Engine engine, Outbox outbox, EventSink webhooks, InstantSource clock, AutoActions auto) {
        this(store, engine, outbox, webhooks, clock, auto, Pacing.NONE);
    }

    public Accounts(
            Store store,
            Engine engine,
            Outbox outbox,
            EventSink webhooks,
            InstantSource clock,
            AutoActions auto,
            Pacing pacing) {
        this(store, engine, outbox, webhooks, clock, auto, pacing, new Workers());
    }

    public Accounts(
            Store store,
            Engine engine,
            Outbox outbox,
            EventSink webhooks,
            InstantSource clock,
            AutoActions auto,
            Pacing pacing,
            Workers workers) {
        this(store, EngineDirectory.of(engine), outbox, webhooks, clock, auto, pacing, workers);
    }

    /** @param engines who makes the engine that an account's row names */
    public Accounts(
            Store store,
            EngineDirectory engines,
            Outbox outbox,
            EventSink webhooks,
            InstantSource clock,
            AutoActions auto,
            Pacing pacing,
            Workers workers) {
        this.store = store;
        this.engines = engines;
        this.clock = clock;
        this.leases = store.dialect() == SqlDialect.POSTGRES
                ? Optional.of(new Leases(store, MessageId.next(), new Owned(), workers))
                : Optional.empty();
        this.table = new AccountTable(store, leases.isEmpty());
        this.holds = new Holds(store, clock, new Served(), workers);
        this.connections = new AccountConnections(
                new AccountConnections.Parts(store, engines, outbox, webhooks, clock, auto, pacing, workers),
                holds::isHeldNow,
                this::report);
        outbox.holding(device -> holds.find(device).isPresent());
    }

    /** An account as it is stored, with the name of its engine; {@code createdAt} is epoch milliseconds. */
    public record Device(String id, String name, String engine, long createdAt) {
        static Device of(Row row) {
            return new Device(row.text("id"), row.text("name"), row.text("engine"), row.number("created_at"));
        }
    }

    /**
     * Opens the connections of all stored accounts but the held ones; makes the first account when there is none. An
     * account without an engine gets the usual one.
     */
    public void open(String name) {
        first = name;
        if (devices().isEmpty()) {
            table.insert(name, engines.usual(), clock.millis());
        }
        table.adopt(engines.usual());
        holds.start();
        leases.ifPresentOrElse(Leases::start, () -> devices().forEach(this::serve));
    }

    /** Why and since when the account is held; empty when it is not. */
    public Optional<HoldBook.Hold> hold(String device) {
        return holds.find(device);
    }

    /** The held accounts. */
    public Collection<HoldBook.Hold> held() {
        return holds.all();
    }

    public List<String> devices() {
        return list().stream().map(Device::id).toList();
    }

    /**
     * The account's name when there is exactly one; asked with nearly every request. The first account, which nobody
     * asked for, does not count beside another while it was never used.
     */
    public Optional<String> only() {
        // Where one process owns the database, every account has its connection here, unless it is held.
        var names = leases.isEmpty() && holds.isEmpty() ? connections.devices() : devices();
        if (names.size() == 2 && names.contains(first) && isUnused(first)) {
            return names.stream().filter(name -> !name.equals(first)).findFirst();
        }
        return names.size() == 1 ? Optional.of(names.getFirst()) : Optional.empty();
    }

    private boolean isUnused(String device) {
        return status(device).flatMap(Session.Status::account).isEmpty()
                && store.number("SELECT count(*) FROM (SELECT 1 FROM chat WHERE device = ? LIMIT 1) c", device) == 0;
    }

    /**
     * All accounts, the oldest first. Where one process owns the database, the list is kept in memory and read anew
     * after each change. Nodes that share a database read it each time, so that an account made on one node is in the
     * next list of every other node.
     */
    public List<Device> list() {
        return table.list();
    }

    /**
     * The account's connection, or what stands in its place while it is held; empty when there is no such account, or
     * another node has it.
     */
    public Optional<Session> session(String device) {
        return connections.session(device).or(() -> holds.session(device));
    }

    /** How the account's connection stands, whichever node has it; empty when there is no such account. */
    public Optional<Session.Status> status(String device) {
        return session(device).map(Session::status).or(() -> leases.flatMap(several -> several.reported(device)));
    }

    /** How many accounts begin no chat on this node, because WhatsApp restricts them. */
    public long restricted() {
        return connections.restricted();
    }

    /** The engines that an account may have here. */
    public EngineDirectory engines() {
        return engines;
    }

    /** Why no engine speaks for the account here; empty for an account whose engine is there. */
    public Optional<EngineRefusal> unserved(String device) {
        return session(device)
                .filter(UnservedSession.class::isInstance)
                .map(session -> ((UnservedSession) session).refusal());
    }

    /**
     * Makes an account and opens its connection.
     *
     * @param engine the engine's name, one of {@link #engines}
     * @return false when there is an account of that name already
     * @throws IllegalArgumentException when an account may not have that name
     */
    public boolean create(String device, String engine) {
        if (!AccountName.isName(device)) {
            throw new IllegalArgumentException("not a name of an account");
        }
        if (!table.insert(device, engine, clock.millis())) {
            return false;
        }
        leases.ifPresentOrElse(several -> several.take(device), () -> serve(device));
        return true;
    }

    /**
     * Removes an account for good: nothing more is sent, it is unpaired, its connection is closed, and all that was
     * stored of it goes. In this order, so that nothing is sent or stored for an account that is gone.
     *
     * @return false when there is no account of that name here
     */
    public boolean remove(String device) {
        return connections.away(device, "is being removed", connection -> table.delete(device));
    }

    /**
     * Gives the account another engine. The account is unpaired, and what its previous engine keeps of it goes, keys
     * included. Chats and messages stay, and messages that wait go out by the new engine.
     *
     * @param engine the new engine's name, one of {@link #engines}
     * @return false when there is no such account here
     */
    public boolean change(String device, String engine) {
        return connections.away(device, "is getting another engine", connection -> {
            connection.forget(device);
            table.change(device, engine);
        });
    }

    private void serve(String device) {
        connections.serve(device, store, () -> true);
    }

    private void report(String device, Session.Status status) {
        leases.ifPresent(several -> several.report(device, status));
    }

    /** What this node does with the accounts it is given, and no longer has. */
    private final class Owned implements Leases.Holder {
        @Override
        public void taken(Lease lease) {
            connections.serve(lease.device(), store.fenced(lease), lease::stands);
        }

        @Override
        public void lost(String device) {
            connections.end(device);
        }

        @Override
        public void left(String device) {
            connections.session(device).ifPresent(Session::otherLeft);
        }
    }

    /** What this process does with an account that is held, and with one that is released. */
    private final class Served implements Holds.Connections {
        @Override
        public boolean isServed(String device) {
            return leases.map(several -> several.held(device).isPresent())
                    .orElseGet(() -> devices().contains(device));
        }

        @Override
        public boolean isOpen(String device) {
            return connections.isOpen(device);
        }

        @Override
        public void open(String device) {
            if (leases.isPresent()) {
                leases.get()
                        .held(device)
                        .ifPresent(lease -> connections.serve(device, store.fenced(lease), lease::stands));
            } else if (isServed(device)) {
                serve(device);
            }
        }

        @Override
        public void close(String device) {
            connections.end(device);
            holds.session(device).ifPresent(session -> report(device, session.status()));
        }

        @Override
        public Optional<Jid> account(String device) {
            return table.engine(device).flatMap(engines::find).flatMap(engine -> engine.account(device, store));
        }
    }

    /** Stops sending, lets what is under way end, closes the connections, and leaves the accounts to other nodes. */
    @Override
    public void close() {
        holds.close();
        connections.close();
        leases.ifPresent(several -> {
            several.close();
            several.release();
        });
    }
}
