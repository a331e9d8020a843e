package gateway.messaging;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import gateway.engine.Engine;
import gateway.engine.EngineRefusal;
import gateway.engine.Session;
import gateway.store.Store;
import io.helidon.dbclient.DbRow;

/** The accounts of this gateway, each with its open line to WhatsApp and the sender of its outbox. */
public final class Accounts implements AutoCloseable {
    /** What an account may be called; its name becomes part of paths. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final Store store;
    private final Engine engine;
    private final Outbox outbox;
    private final EventSink webhooks;
    private final InstantSource clock;
    private final AutoActions auto;
    private final Map<String, Line> lines = new ConcurrentHashMap<>();

    public Accounts(Store store, Engine engine, Outbox outbox, EventSink webhooks, InstantSource clock) {
        this(store, engine, outbox, webhooks, clock, AutoActions.NONE);
    }

    public Accounts(Store store, Engine engine, Outbox outbox, EventSink webhooks, InstantSource clock, AutoActions auto) {
        this.store = store;
        this.engine = engine;
        this.outbox = outbox;
        this.webhooks = webhooks;
        this.clock = clock;
        this.auto = auto;
    }

    /** An account as it is stored; {@code createdAt} is epoch milliseconds. */
    public record Device(String id, String name, long createdAt) {
        static Device of(DbRow row) {
            return new Device(row.column("id").get(String.class), row.column("name").get(String.class),
                    row.column("created_at").get(Number.class).longValue());
        }
    }

    /** Opens the lines of all stored accounts; makes the first one when there is none. */
    public void open(String first) {
        if (devices().isEmpty()) {
            insert(first);
        }
        devices().forEach(this::line);
    }

    public List<String> devices() {
        return list().stream().map(Device::id).toList();
    }

    /** All accounts, the oldest first. */
    public List<Device> list() {
        return store.all(Device::of, "SELECT * FROM device ORDER BY created_at, id");
    }

    /** The account's line; empty when there is no such account. */
    public Optional<Session> session(String device) {
        return Optional.ofNullable(lines.get(device)).map(Line::session);
    }

    /** Whether an account may be called so. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /**
     * Makes an account and opens its line.
     *
     * @return false when there is one of that name
     * @throws IllegalArgumentException when it may not be called so
     */
    public boolean create(String device) {
        if (!isName(device)) {
            throw new IllegalArgumentException("not a name of an account");
        }
        if (insert(device) == 0) {
            return false;
        }
        line(device);
        return true;
    }

    private long insert(String device) {
        return store.write(tx -> tx.insert("INSERT INTO device (id, created_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
                device, clock.millis()));
    }

    /**
     * Removes an account for good: nothing more is sent, it is unpaired, its line is closed, and all that was stored of it
     * goes. In this order, so that nothing is sent or stored for an account that is no more.
     *
     * @return false when there is none of that name
     */
    public boolean remove(String device) {
        var line = lines.remove(device);
        if (line == null) {
            return false;
        }
        outbox.detach(device);
        line.sender().close();
        try {
            line.session().logout();
        } catch (EngineRefusal refusal) {
            // Not paired, or WhatsApp is out of reach: the phone's own list of linked devices can end it.
            System.getLogger(Accounts.class.getName()).log(System.Logger.Level.INFO,
                    "the removed account {0} was not unpaired: {1}", device, refusal.reason());
        }
        line.session().close();
        store.write(tx -> tx.delete("DELETE FROM device WHERE id = ?", device));
        return true;
    }

    private void line(String device) {
        lines.computeIfAbsent(device, id -> {
            var inbox = new Inbox(id, store, webhooks, clock, new Inbox.Line() {
                @Override
                public void wake() {
                    Optional.ofNullable(lines.get(id)).ifPresent(line -> line.sender().wake());
                }

                @Override
                public Optional<Session> session() {
                    return Accounts.this.session(id);
                }
            }, auto);
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
    }
}
