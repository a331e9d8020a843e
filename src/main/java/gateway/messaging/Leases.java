package gateway.messaging;

import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import gateway.engine.Jid;
import gateway.engine.Session;
import gateway.process.Seldom;
import gateway.process.Worker;
import gateway.process.WorkerKind;
import gateway.process.Workers;
import gateway.store.Row;
import gateway.store.Store;
import gateway.store.StoreUnavailable;

/**
 * Shares the accounts out among the nodes on one PostgreSQL: each account to one node at a time. A node renews what it
 * holds at every turn, takes what nobody holds, and lets go by itself when it cannot renew. Only the database's clock
 * decides when a lease ends; whoever waits for it looks again at that very moment, so that an account whose node died
 * is served again when the lease has run out, and not a turn later.
 */
final class Leases implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Leases.class.getName());
    /** A quarter of what is granted: two renewals in a row may fail before the owner stops trusting its lease. */
    private static final long TURN_MILLIS = Lease.GRANTED_MILLIS / 4;
    /** The shortest pause between two looks, however soon a lease ends. */
    private static final long MIN_MILLIS = 20;

    private static final long GUARD_MILLIS = 200;
    static final String NOW = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";

    private final Store store;
    private final String owner;
    private final Holder holder;
    private final LeaseWords words;
    private final Map<String, Lease> held = new ConcurrentHashMap<>();
    private final Set<String> changing = ConcurrentHashMap.newKeySet();
    private final Semaphore news = new Semaphore(0);
    private final Seldom log = new Seldom(Leases.class);
    private final Worker renewing;
    private final Worker guarding;
    private volatile boolean closed;
    private @Nullable Thread renewer;
    private @Nullable Thread guard;

    /** Who acts for an account while this node has its lease. */
    interface Holder {
        void taken(Lease lease);

        /** Returns when this node's connection of the account is closed. */
        void lost(String device);

        /** Hears that a node which had the account before has closed its connection. */
        default void left(String device) {}
    }

    /** @param owner names this process, different from every other that uses the database */
    Leases(Store store, String owner, Holder holder, Workers workers) {
        this.renewing = workers.add(WorkerKind.LEASES);
        this.guarding = workers.add(WorkerKind.LEASE_GUARD);
        this.store = store;
        this.owner = owner;
        this.holder = holder;
        this.words = new LeaseWords(store);
    }

    /** Takes what is free before it returns, and from then on by itself. */
    void start() {
        words.hear(news::release, device -> {
            if (held.containsKey(device)) {
                holder.left(device);
            }
        });
        turn();
        renewer = Thread.ofPlatform().name("lease-renewer").daemon(true).start(renewing.supervised(this::renewing));
        guard = Thread.ofPlatform().name("lease-guard").daemon(true).start(guarding.supervised(this::guarding));
    }

    private void renewing() throws InterruptedException {
        long pause = TURN_MILLIS;
        while (!closed) {
            if (news.tryAcquire(pause, TimeUnit.MILLISECONDS)) {
                news.drainPermits();
            }
            pause = TURN_MILLIS;
            if (!closed) {
                renewing.begin();
                try {
                    pause = turn();
                    renewing.done();
                } catch (RuntimeException e) {
                    renewing.failed();
                    log.log(Level.WARNING, "the leases could not be renewed; trying again", e);
                }
            }
        }
    }

    /** Gives up leases that ran out, on a thread of its own, because the renewing may be stuck in the database. */
    private void guarding() throws InterruptedException {
        while (!closed) {
            guarding.begin();
            held.values().stream().filter(lease -> !lease.stands()).forEach(this::lose);
            guarding.done();
            Thread.sleep(GUARD_MILLIS);
        }
    }

    /** Renews, takes what is free, and returns after how many milliseconds to look again. */
    private long turn() {
        renew();
        long soonest = TURN_MILLIS;
        for (var foreign : store.all(
                Foreign::of,
                "SELECT d.id, CASE WHEN l.device IS NULL OR l.owner = ? THEN 0 ELSE l.expires_at - " + NOW
                        + " END FROM device d LEFT JOIN session_lease l ON l.device = d.id",
                owner)) {
            if (foreign.left() <= 0) {
                takeAlone(foreign.device());
            } else {
                soonest = Math.min(soonest, foreign.left() + 1);
            }
        }
        return Math.max(MIN_MILLIS, soonest);
    }

    /**
     * An account whose connection cannot be opened is tried again at the next turn, and holds up none of the others.
     */
    private void takeAlone(String device) {
        try {
            take(device);
        } catch (StoreUnavailable e) {
            throw e;
        } catch (RuntimeException e) {
            log.log(Level.ERROR, "the account " + device + " cannot be served by this node; trying again", e);
        }
    }

    /** An account, and for how many milliseconds another node has it; 0 when none has. */
    private record Foreign(String device, long left) {
        static Foreign of(Row row) {
            return new Foreign(row.text(1), row.number(2));
        }
    }

    private void renew() {
        long asked = System.nanoTime();
        var epochs = new ConcurrentHashMap<String, Long>();
        store.writeFirst(tx -> {
            epochs.clear();
            return tx.all(
                    row -> epochs.put(row.text(1), row.number(2)),
                    "UPDATE session_lease SET expires_at = " + NOW + " + ? WHERE owner = ? RETURNING device, epoch",
                    Lease.GRANTED_MILLIS,
                    owner);
        });
        for (var lease : held.values()) {
            if (epochs.getOrDefault(lease.device(), -1L) == lease.epoch()) {
                lease.renewed(asked);
            } else {
                lose(lease);
            }
        }
    }

    /** Tries to get an account that nobody has. */
    void take(String device) {
        if (held.containsKey(device) || !changing.add(device)) {
            return;
        }
        try {
            long asked = System.nanoTime();
            var epoch = store.writeFirst(tx -> tx.one(
                    row -> row.number(1),
                    "INSERT INTO session_lease (device, owner, epoch, expires_at) VALUES (?, ?, 1, "
                            + NOW
                            + " + ?) ON CONFLICT (device) DO UPDATE SET owner = excluded.owner, epoch = session_lease.epoch + 1, "
                            + "expires_at = excluded.expires_at WHERE session_lease.expires_at < " + NOW
                            + " OR session_lease.owner = excluded.owner RETURNING epoch",
                    device,
                    owner,
                    Lease.GRANTED_MILLIS));
            epoch.map(number -> new Lease(device, owner, number, asked)).ifPresent(lease -> {
                LOG.log(Level.INFO, "this node serves the account {0} now, epoch {1}", device, lease.epoch());
                held.put(device, lease);
                try {
                    holder.taken(lease);
                } catch (RuntimeException e) {
                    held.remove(device, lease);
                    throw e;
                }
            });
        } finally {
            changing.remove(device);
        }
    }

    /** The lease of an account that this node serves. */
    Optional<Lease> held(String device) {
        return Optional.ofNullable(held.get(device));
    }

    private void lose(Lease lease) {
        lease.lost();
        if (changing.add(lease.device())) {
            if (!held.remove(lease.device(), lease)) {
                changing.remove(lease.device());
                return;
            }
            LOG.log(Level.WARNING, "this node no longer serves the account {0}", lease.device());
            Thread.ofVirtual().name("lease-lost").start(() -> {
                try {
                    holder.lost(lease.device());
                } finally {
                    changing.remove(lease.device());
                }
                words.left(lease.device(), () -> closed);
            });
        }
    }

    /** How the account's connection stands, as the node that has it says; empty when there is no such account. */
    Optional<Session.Status> reported(String device) {
        return store.one(
                row -> new Session.Status(
                        row.flag(2),
                        Optional.of(row.text(1))
                                .filter(account -> !account.isEmpty())
                                .map(Jid::parse)),
                """
                SELECT coalesce(l.account, ''), coalesce(l.connected, 0) FROM device d LEFT JOIN session_lease l ON l.device = d.id WHERE d.id = ?""",
                device);
    }

    /** Notes for the other nodes how the account's connection stands. */
    void report(String device, Session.Status status) {
        var lease = held.get(device);
        if (lease != null) {
            store.writeLater(tx -> tx.update(
                    "UPDATE session_lease SET account = ?, connected = ? WHERE device = ? AND owner = ? AND epoch = ?",
                    status.account().map(Object::toString).orElse(""),
                    status.connected() ? 1 : 0,
                    device,
                    owner,
                    lease.epoch()));
        }
    }

    /** Stops taking and renewing; what is held is let go by {@link #release} once nothing uses it any more. */
    @Override
    public void close() {
        closed = true;
        renewing.close();
        guarding.close();
        for (var thread : new Thread[] {renewer, guard}) {
            if (thread != null) {
                thread.interrupt();
            }
        }
    }

    /** Lets another node begin at once. */
    void release() {
        try {
            store.write(tx -> {
                tx.update("UPDATE session_lease SET expires_at = 0 WHERE owner = ?", owner);
                words.free(tx);
                return null;
            });
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the leases were not let go; they end by themselves: {0}", e.getMessage());
        }
        held.clear();
    }
}
