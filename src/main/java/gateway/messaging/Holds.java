package gateway.messaging;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import gateway.engine.Jid;
import gateway.engine.Session;
import gateway.messaging.HoldBook.Hold;
import gateway.process.Rounds;
import gateway.process.Seldom;
import gateway.process.WorkerKind;
import gateway.process.Workers;
import gateway.store.Store;

/**
 * The held accounts as this process knows them. The database is read twice a second, and once more before each
 * connection is opened: a connection is opened only when the database has just said that nobody holds its account.
 */
final class Holds implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Holds.class.getName());
    private static final Duration EVERY = Duration.ofMillis(500);

    private final Store store;
    private final InstantSource clock;
    private final Connections connections;
    private final Rounds rounds;
    private final Seldom log = new Seldom(Holds.class);
    private final Map<String, Held> known = new ConcurrentHashMap<>();
    /** The threads that close the connections of accounts that were held a moment ago. */
    private final Map<String, Thread> stopping = new ConcurrentHashMap<>();

    private boolean closed;

    /** The connections of this process, one for each account that it serves. */
    interface Connections {
        /** Whether this process is the one that serves the account. */
        boolean isServed(String device);

        boolean isOpen(String device);

        /** Opens the account's connection if this process serves the account and nobody holds it. */
        void open(String device);

        /** Closes the account's connection once what is under way has ended. */
        void close(String device);

        /** The account's own address as its stored state has it, without a connection. */
        Optional<Jid> account(String device);
    }

    private record Held(Hold hold, Session session) {}

    Holds(Store store, InstantSource clock, Connections connections, Workers workers) {
        this.store = store;
        this.clock = clock;
        this.connections = connections;
        this.rounds = new Rounds(WorkerKind.HOLDS, workers);
    }

    /** Knows every held account when this returns, and from then on by itself. */
    void start() {
        look();
        rounds.every(EVERY, EVERY, worker -> look());
    }

    /** Whether the account is held, as the database says at this moment. */
    boolean isHeldNow(String device) {
        var hold = HoldBook.one(store, device);
        hold.ifPresent(this::learn);
        return hold.isPresent();
    }

    /** The account's hold as this process last read it, about half a second ago at most. */
    Optional<Hold> find(String device) {
        return Optional.ofNullable(known.get(device)).map(Held::hold);
    }

    /** What stands in the place of the connection of a held account; empty when the account is not held. */
    Optional<Session> session(String device) {
        return Optional.ofNullable(known.get(device)).map(Held::session);
    }

    Collection<Hold> all() {
        return known.values().stream().map(Held::hold).toList();
    }

    boolean isEmpty() {
        return known.isEmpty();
    }

    private void learn(Hold hold) {
        known.compute(
                hold.device(),
                (device, before) -> new Held(hold, before != null ? before.session : new HeldSession(account(device))));
    }

    /**
     * The account's own address; empty when it cannot be read. The account then accepts nothing, and is held all the
     * same.
     */
    private Optional<Jid> account(String device) {
        try {
            return connections.account(device);
        } catch (RuntimeException e) {
            log.log(Level.WARNING, "the address of the held account " + device + " cannot be read", e);
            return Optional.empty();
        }
    }

    private synchronized void look() {
        if (closed) {
            return;
        }
        var found = HoldBook.all(store);
        for (var hold : found) {
            if (!known.containsKey(hold.device())) {
                LOG.log(
                        Level.WARNING,
                        "the account {0} is held by {1}: it accepts messages, and its connection is not open",
                        hold.device(),
                        hold.by());
            }
            learn(hold);
            if (connections.isOpen(hold.device()) || hold.stoppedAt() == 0 && connections.isServed(hold.device())) {
                stop(hold.device());
            }
        }
        var held = found.stream().map(Hold::device).toList();
        List.copyOf(known.keySet()).stream()
                .filter(device -> !held.contains(device) && !stopping.containsKey(device))
                .forEach(this::release);
    }

    /** Closes the account's connection beside the round, because a message under way may take its time. */
    private void stop(String device) {
        stopping.computeIfAbsent(
                device,
                name -> Thread.ofVirtual().name("hold-" + name).start(() -> {
                    try {
                        connections.close(name);
                        store.write(tx -> tx.update(
                                "UPDATE device_hold SET stopped_at = ? WHERE device = ? AND stopped_at = 0",
                                clock.millis(),
                                name));
                    } catch (RuntimeException e) {
                        log.log(
                                Level.WARNING,
                                "the connection of the held account " + name + " could not be closed; trying again",
                                e);
                    } finally {
                        stopping.remove(name);
                    }
                }));
    }

    /**
     * Opens the account's connection. The hold is forgotten here only after that, so that the account's status is known
     * at every moment.
     */
    private void release(String device) {
        try {
            connections.open(device);
            if (connections.isOpen(device) || !connections.isServed(device)) {
                known.remove(device);
                LOG.log(Level.INFO, "the account {0} is released", device);
            }
        } catch (RuntimeException e) {
            log.log(
                    Level.ERROR,
                    "the released account " + device + " cannot be served by this process; trying again",
                    e);
        }
    }

    /** Opens and closes nothing from now on. Returns when the connections that were being closed are closed. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        rounds.close();
        for (var thread : List.copyOf(stopping.values())) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
