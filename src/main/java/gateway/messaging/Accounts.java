package gateway.messaging;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import gateway.engine.Engine;
import gateway.engine.EngineDirectory;
import gateway.engine.EngineRefusal;
import gateway.engine.Jid;
import gateway.engine.MessageId;
import gateway.engine.Session;
import gateway.process.Workers;
import gateway.store.SqlDialect;
import gateway.store.Store;
import gateway.store.Work;
import gateway.store.Row;

/**
 * The accounts of this gateway, each with its open line to WhatsApp and the sender of its outbox. Where several nodes share
 * a database, each account has its line on one of them at a time.
 */
public final class Accounts implements AutoCloseable {
    /** What an account may be called; its name becomes part of paths. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final Store store;
    private final EngineDirectory engines;
    private final InstantSource clock;
    private final Lines lines;
    /** Empty where one process owns the database; the storage directory's lock sees to that. */
    private final Optional<Leases> leases;
    /** What {@link #list} answers where one process owns the database; null while it must be read again. Written under {@code this}. */
    private volatile List<Device> known;

    public Accounts(Store store, Engine engine, Outbox outbox, EventSink webhooks, InstantSource clock) {
        this(store, engine, outbox, webhooks, clock, AutoActions.NONE);
    }

    public Accounts(Store store, Engine engine, Outbox outbox, EventSink webhooks, InstantSource clock, AutoActions auto) {
        this(store, engine, outbox, webhooks, clock, auto, Pacing.NONE);
    }

    public Accounts(Store store, Engine engine, Outbox outbox, EventSink webhooks, InstantSource clock, AutoActions auto,
                    Pacing pacing) {
        this(store, engine, outbox, webhooks, clock, auto, pacing, new Workers());
    }

    public Accounts(Store store, Engine engine, Outbox outbox, EventSink webhooks, InstantSource clock, AutoActions auto,
                    Pacing pacing, Workers workers) {
        this(store, EngineDirectory.of(engine), outbox, webhooks, clock, auto, pacing, workers);
    }

    /** @param engines who makes the engine that an account's row names */
    public Accounts(Store store, EngineDirectory engines, Outbox outbox, EventSink webhooks, InstantSource clock, AutoActions auto,
                    Pacing pacing, Workers workers) {
        this.store = store;
        this.engines = engines;
        this.clock = clock;
        this.leases = store.dialect() == SqlDialect.POSTGRES
                ? Optional.of(new Leases(store, MessageId.next(), new Owned(), workers)) : Optional.empty();
        this.lines = new Lines(new Lines.Parts(store, engines, outbox, webhooks, clock, auto, pacing, workers), this::report);
    }

    /** An account as it is stored, with the name of its engine; {@code createdAt} is epoch milliseconds. */
    public record Device(String id, String name, String engine, long createdAt) {
        static Device of(Row row) {
            return new Device(row.text("id"), row.text("name"), row.text("engine"), row.number("created_at"));
        }
    }

    /** Opens the lines of all stored accounts; makes the first one when there is none. One without an engine gets the usual one. */
    public void open(String first) {
        if (devices().isEmpty()) {
            insert(first, engines.usual());
        }
        if (list().stream().anyMatch(device -> device.engine().isEmpty())) {
            changing(tx -> tx.update("UPDATE device SET engine = ? WHERE engine = ''", engines.usual()));
        }
        leases.ifPresentOrElse(Leases::start, () -> devices().forEach(this::line));
    }

    public List<String> devices() {
        return list().stream().map(Device::id).toList();
    }

    /** The account's name when there is exactly one; asked with nearly every request. */
    public Optional<String> only() {
        // Where one process owns the database, every account has its line here.
        var names = leases.isEmpty() ? lines.devices() : devices();
        return names.size() == 1 ? Optional.of(names.getFirst()) : Optional.empty();
    }

    /**
     * All accounts, the oldest first. Where one process owns the database they are held in memory, and read anew at each change.
     * Nodes that share a database read it each time, so that an account made on one is in the next list of every other.
     */
    public List<Device> list() {
        if (leases.isPresent()) {
            return stored();
        }
        var held = known;
        return held != null ? held : reread();
    }

    /** Under the lock of {@link #forget}: what was read before a change never stands after it. */
    private synchronized List<Device> reread() {
        known = List.copyOf(stored());
        return known;
    }

    private List<Device> stored() {
        return store.all(Device::of, "SELECT * FROM device ORDER BY created_at, id");
    }

    /** The account's line; empty when there is no such account, or another node has it. */
    public Optional<Session> session(String device) {
        return lines.session(device);
    }

    /** How the account's line stands, whichever node has it; empty when there is no such account. */
    public Optional<Session.Status> status(String device) {
        return session(device).map(Session::status).or(() -> leases.flatMap(several -> elsewhere(device)));
    }

    private Optional<Session.Status> elsewhere(String device) {
        return store.one(row -> new Session.Status(row.flag(2),
                Optional.of(row.text(1)).filter(account -> !account.isEmpty()).map(Jid::parse)), """
                SELECT coalesce(l.account, ''), coalesce(l.connected, 0) FROM device d LEFT JOIN session_lease l ON l.device = d.id WHERE d.id = ?""", device);
    }

    /** Whether an account may be called so. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** The engines that an account may have here. */
    public EngineDirectory engines() {
        return engines;
    }

    /** Why no engine speaks for the account here; empty for an account whose engine is there. */
    public Optional<EngineRefusal> unserved(String device) {
        return session(device).filter(UnservedSession.class::isInstance).map(session -> ((UnservedSession) session).refusal());
    }

    /**
     * Makes an account and opens its line.
     *
     * @param engine the engine's name, one of {@link #engines}
     * @return false when there is one of that name
     * @throws IllegalArgumentException when it may not be called so
     */
    public boolean create(String device, String engine) {
        if (!isName(device)) {
            throw new IllegalArgumentException("not a name of an account");
        }
        if (insert(device, engine) == 0) {
            return false;
        }
        leases.ifPresentOrElse(several -> several.take(device), () -> line(device));
        return true;
    }

    private long insert(String device, String engine) {
        return changing(tx -> tx.insert("INSERT INTO device (id, engine, created_at) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
                device, engine, clock.millis()));
    }

    /**
     * Removes an account for good: nothing more is sent, it is unpaired, its line is closed, and all that was stored of it
     * goes. In this order, so that nothing is sent or stored for an account that is no more.
     *
     * @return false when there is none of that name here
     */
    public boolean remove(String device) {
        return lines.away(device, "is being removed", line -> changing(tx -> tx.delete("DELETE FROM device WHERE id = ?", device)));
    }

    /**
     * Gives the account another engine. It is unpaired, and what the engine it had keeps of it goes, keys included; chats and
     * messages stay, and those that wait go out by the new engine.
     *
     * @param engine the new engine's name, one of {@link #engines}
     * @return false when there is no such account here
     */
    public boolean change(String device, String engine) {
        return lines.away(device, "is getting another engine", line -> {
            line.forget(device);
            changing(tx -> tx.update("UPDATE device SET engine = ? WHERE id = ?", engine, device));
        });
    }

    /** A write whose answer was lost may stand in the database all the same, so the list is read anew either way. */
    private long changing(Work<Long> change) {
        try {
            return store.write(change);
        } finally {
            forget();
        }
    }

    private synchronized void forget() {
        known = null;
    }

    private void line(String device) {
        lines.line(device, store, () -> true);
    }

    private void report(String device, Session.Status status) {
        leases.ifPresent(several -> several.report(device, status));
    }

    /** What this node does with the accounts it is given, and no longer has. */
    private final class Owned implements Leases.Holder {
        @Override
        public void taken(Lease lease) {
            lines.line(lease.device(), store.fenced(lease), lease::stands);
        }

        @Override
        public void lost(String device) {
            lines.lost(device);
        }
    }

    /** Stops sending, lets what is under way end, closes the lines, and leaves the accounts to other nodes. */
    @Override
    public void close() {
        lines.close();
        leases.ifPresent(several -> {
            several.close();
            several.release();
        });
    }
}
