package gateway.messaging;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

import gateway.engine.Engine;
import gateway.engine.EngineDirectory;
import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Session;
import gateway.process.Workers;
import gateway.store.Store;

/** The connections of the accounts that this node serves. */
final class AccountConnections implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(AccountConnections.class.getName());
    /** The pause between two attempts to open a connection again while the database is away. */
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Parts parts;
    private final Predicate<String> held;
    private final BiConsumer<String, Session.Status> standing;
    private final Map<String, AccountConnection> connections = new ConcurrentHashMap<>();

    /** What connections are made of. */
    record Parts(
            Store store,
            EngineDirectory engines,
            Outbox outbox,
            EventSink webhooks,
            InstantSource clock,
            AutoActions auto,
            Pacing pacing,
            Workers workers) {}

    /**
     * @param held whether an account is held, as the database says at this moment: no connection of it is opened then
     * @param standing is told how an account's connection stands, whenever that may have changed
     */
    AccountConnections(Parts parts, Predicate<String> held, BiConsumer<String, Session.Status> standing) {
        this.parts = parts;
        this.held = held;
        this.standing = standing;
    }

    List<String> devices() {
        return List.copyOf(connections.keySet());
    }

    /** Empty when the account has no connection here. */
    Optional<Session> session(String device) {
        return Optional.ofNullable(connections.get(device)).map(AccountConnection::session);
    }

    /** How many accounts begin no chat here, because WhatsApp restricts them. */
    long restricted() {
        return connections.values().stream()
                .filter(AccountConnection::isRestricted)
                .count();
    }

    boolean isOpen(String device) {
        return connections.containsKey(device);
    }

    /** Opens the account's connection when it has none, and nobody holds the account. */
    void serve(String device, Store state, BooleanSupplier ours) {
        connections.computeIfAbsent(device, id -> held.test(id) ? null : open(id, state, ours));
    }

    private AccountConnection open(String id, Store state, BooleanSupplier ours) {
        var name = parts.store()
                .one(row -> row.text(1), "SELECT engine FROM device WHERE id = ?", id)
                .orElse("");
        var engine = parts.engines().find(name);
        var inbox = new Inbox(
                id,
                state,
                parts.webhooks(),
                parts.clock(),
                new Inbox.Owner() {
                    @Override
                    public void wake() {
                        Optional.ofNullable(connections.get(id)).ifPresent(connection -> {
                            connection.wake();
                            report(id, connection);
                        });
                    }

                    @Override
                    public void restricted() {
                        Optional.ofNullable(connections.get(id)).ifPresent(AccountConnection::restricted);
                    }

                    @Override
                    public Optional<Session> session() {
                        return AccountConnections.this.session(id);
                    }
                },
                parts.auto(),
                parts.outbox().storage(),
                new Authors(id, engine));
        var session = engine.map(found -> found.open(id, state, inbox)).orElseGet(() -> unserved(id, name));
        boolean strangers = engine.filter(Engine::knowsStrangers).isPresent();
        var sender = new Sender(
                id,
                session,
                state,
                parts.outbox(),
                parts.clock(),
                strangers ? parts.pacing() : parts.pacing().withoutNewChatBudget(),
                ours,
                parts.workers());
        parts.outbox().attach(id, sender);
        sender.start();
        var connection = new AccountConnection(engine, session, Optional.of(sender), state, ours);
        report(id, connection);
        return connection;
    }

    private void close(String device, AccountConnection connection) {
        parts.outbox().detach(device);
        connection.stopSending();
        connection.session().close();
    }

    /**
     * Ends the account's connection, changes what is stored of the account, and opens its connection again if the
     * account is still there. As long as that takes, and as long as the database is away, requests for the account are
     * told to come again.
     *
     * @param what continues the sentence "This device …"
     * @return false when the account has no connection here
     * @throws EngineRefusal {@code TRY_LATER} when another change of the account is under way
     */
    boolean away(String device, String what, Consumer<AccountConnection> work) {
        var connection = connections.get(device);
        if (connection == null) {
            return false;
        }
        if (connection.isAway()) {
            throw new EngineRefusal(Reason.TRY_LATER, "This device is being changed already. Ask again.");
        }
        var between = connection.away(new EngineRefusal(Reason.TRY_LATER, "This device " + what + ". Ask again."));
        if (!connections.replace(device, connection, between)) {
            return away(device, what, work);
        }
        try {
            parts.outbox().detach(device);
            connection.end(device);
            work.accept(connection);
        } finally {
            if (!again(device, between)) {
                Thread.ofVirtual().name("connection-" + device).start(() -> againLater(device, between));
            }
        }
        return true;
    }

    /**
     * Opens the connection of an account that is between two connections, unless the account is gone or held. False
     * when that must be tried again.
     */
    private boolean again(String device, AccountConnection between) {
        try {
            if (parts.store().number("SELECT count(*) FROM device WHERE id = ?", device) == 0 || held.test(device)) {
                connections.remove(device, between);
                return true;
            }
            var connection = open(device, between.state(), between.ours());
            if (connections.replace(device, between, connection)) {
                report(device, connection);
            } else {
                // Another node has the account by now, somebody holds the account, or this node stops.
                close(device, connection);
            }
            return true;
        } catch (RuntimeException fault) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the connection of " + device + " cannot be opened; trying again",
                    fault);
            return false;
        }
    }

    private void againLater(String device, AccountConnection between) {
        do {
            LockSupport.parkNanos(AGAIN_NANOS);
        } while (connections.get(device) == between && !again(device, between));
    }

    /** Closes the account's connection once what is under way has ended. */
    void end(String device) {
        Optional.ofNullable(connections.remove(device)).ifPresent(connection -> close(device, connection));
    }

    private void report(String device, AccountConnection connection) {
        standing.accept(device, connection.session().status());
    }

    private Session unserved(String device, String engine) {
        var why = "the engine of this account is " + engine + ", which this gateway does not offer; choose one of "
                + String.join(", ", parts.engines().names()) + " with POST /devices/" + device + "/engine";
        LOG.log(System.Logger.Level.WARNING, "account {0}: {1}", device, why);
        return new UnservedSession(new EngineRefusal(Reason.UNSUPPORTED, why));
    }

    /** Stops sending, lets what is under way end, and closes the connections. */
    @Override
    public void close() {
        connections.keySet().forEach(parts.outbox()::detach);
        connections.values().forEach(AccountConnection::stopSending);
        connections.values().forEach(connection -> connection.session().close());
        connections.clear();
    }
}
