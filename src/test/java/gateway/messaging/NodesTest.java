package gateway.messaging;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import gateway.database.PostgresForTests;
import gateway.engine.Content;
import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Jid;
import gateway.process.Workers;
import gateway.store.Database;
import gateway.store.LeaseLost;
import gateway.store.Store;

/** Several nodes on one PostgreSQL. Each node has a store of its own, as a process of its own would. */
class NodesTest {
    /** How long a send waits to be told; ample, because a busy machine is slow and not wrong. */
    private static final Duration WAIT = Duration.ofSeconds(20);

    private static final Jid ANN = Jid.ofPhone("6281234567890");
    private static final String DEVICE = "default";

    private final Database.Postgres database = PostgresForTests.running().fresh();
    private final List<Node> nodes = new ArrayList<>();

    private final class Node {
        final ScriptedEngine engine = new ScriptedEngine();
        final Store store = Store.open(database);
        final Outbox outbox = new Outbox(store, InstantSource.system(), WAIT);
        final Accounts accounts = new Accounts(store, engine, outbox, EventSink.NONE, InstantSource.system());

        Node() {
            this(0);
        }

        /** @param faults how often the engine cannot open the account's connection */
        Node(int faults) {
            nodes.add(this);
            engine.faultsAtOpen = faults;
            accounts.open(DEVICE);
        }

        boolean owns() {
            return accounts.session(DEVICE).isPresent();
        }

        Outbox.Outcome send(String body) {
            return outbox.send(
                    DEVICE, ScriptedEngine.SELF, ANN, new Content.Text(body, Content.Options.NONE), Optional.empty());
        }
    }

    /** What all nodes gave to their engines. */
    private List<ScriptedEngine.Handed> handed() {
        return nodes.stream().flatMap(node -> node.engine.handed.stream()).toList();
    }

    @AfterEach
    void close() {
        nodes.forEach(node -> node.accounts.close());
        nodes.forEach(node -> node.store.close());
    }

    @Test
    void twoThatAskAtOnceNeverBothGetTheSameEpoch() throws Exception {
        try (var store = Store.open(database);
                var other = Store.open(database);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            store.write(tx -> tx.insert("INSERT INTO device (id, created_at) VALUES (?, 1)", DEVICE));
            var owners = new ConcurrentHashMap<Long, String>();
            for (int round = 0; round < 200; round++) {
                store.write(tx -> tx.update("UPDATE session_lease SET expires_at = 0"));
                var contenders = IntStream.range(0, 2)
                        .mapToObj(i -> {
                            var name = "node-" + i + "-" + System.nanoTime();
                            return CompletableFuture.runAsync(
                                    () -> {
                                        var leases = new Leases(
                                                i == 0 ? store : other,
                                                name,
                                                new Leases.Holder() {
                                                    @Override
                                                    public void taken(Lease lease) {
                                                        assertEquals(
                                                                null,
                                                                owners.putIfAbsent(lease.epoch(), name),
                                                                "two owners of epoch " + lease.epoch());
                                                    }

                                                    @Override
                                                    public void lost(String device) {}
                                                },
                                                new Workers());
                                        leases.start();
                                        leases.close();
                                    },
                                    threads);
                        })
                        .toList();
                CompletableFuture.allOf(contenders.toArray(CompletableFuture[]::new))
                        .get();
            }
            assertTrue(owners.size() >= 200);
        }
    }

    @Test
    void aWriteOfAStaleOwnerIsNotKept() {
        try (var store = Store.open(database)) {
            store.write(tx -> tx.insert("INSERT INTO device (id, created_at) VALUES (?, 1)", DEVICE));
            store.write(tx -> tx.insert(
                    "INSERT INTO session_lease (device, owner, epoch, expires_at) VALUES (?, 'new', 8, 0)", DEVICE));
            for (var stale : List.of(
                    new Lease(DEVICE, "old", 7, System.nanoTime()),
                    new Lease(DEVICE, "new", 7, System.nanoTime()),
                    new Lease("other", "new", 8, System.nanoTime()))) {
                var fenced = store.fenced(stale);
                assertThrows(LeaseLost.class, () -> fenced.write(tx -> tx.update("UPDATE device SET name = 'stale'")));
            }
            assertEquals(0, store.number("SELECT count(*) FROM device WHERE name = 'stale'"));
            var current = store.fenced(new Lease(DEVICE, "new", 8, System.nanoTime()));
            assertEquals(
                    1L,
                    current.write(tx -> tx.update("UPDATE device SET name = 'current'"))
                            .longValue());
        }
    }

    @Test
    void oneNodeServesAndTheOthersSenderHearsOfItsMessage() {
        var owner = new Node();
        var other = new Node();
        assertTrue(owner.owns() && !other.owns());
        await().until(() -> other.accounts
                .status(DEVICE)
                .flatMap(gateway.engine.Session.Status::account)
                .isPresent());
        var began = System.nanoTime();
        assertTrue(other.send("from the other node").sent().isPresent());
        assertTrue(Duration.ofNanos(System.nanoTime() - began).compareTo(WAIT) < 0, "it is told, it need not look");
        assertEquals(1, owner.engine.handed.size());
        assertEquals(0, other.engine.handed.size());
        owner.engine.refusals.add(new EngineRefusal(Reason.NO_SUCH_RECIPIENT, "nobody"));
        assertEquals(
                Reason.NO_SUCH_RECIPIENT,
                assertThrows(EngineRefusal.class, () -> other.send("to nobody")).reason());
    }

    @Test
    void messagesAcceptedByTwoNodesAreAllSentOnce() {
        var owner = new Node();
        var other = new Node();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var sends = IntStream.range(0, 400)
                    .mapToObj(i ->
                            CompletableFuture.supplyAsync(() -> (i % 2 == 0 ? owner : other).send("m" + i), threads))
                    .toList();
            sends.forEach(CompletableFuture::join);
        }
        // On a busy machine the lease may pass from one to the other meanwhile; the messages are sent once all the
        // same.
        await().atMost(Duration.ofSeconds(120)).until(() -> {
            nodes.forEach(node -> node.engine.connected = true);
            return handed().size() >= 400;
        });
        await().until(() -> owner.outbox.depth() == 0);
        assertEquals(400, handed().size());
        assertEquals(
                400, handed().stream().map(ScriptedEngine.Handed::id).distinct().count());
    }

    @Test
    void anOrderlyStopHandsOverWithinASecondOrSo() {
        var owner = new Node();
        var other = new Node();
        owner.accounts.close();
        await().atMost(Duration.ofSeconds(2)).until(other::owns);
        assertTrue(other.send("after").sent().isPresent());
    }

    @Test
    void anOwnerWhoseLeaseAnotherHasTakenStopsAndTheAccountIsServedAgainWhenThatOneIsGone() {
        var owner = new Node();
        var other = new Node();
        lease("owner = 'a third', epoch = epoch + 1, expires_at = expires_at + 60000");
        await().atMost(Duration.ofSeconds(10)).until(() -> !owner.owns());
        assertTrue(!other.owns());
        lease("expires_at = 0");
        await().atMost(Duration.ofSeconds(10)).until(() -> owner.owns() != other.owns());
        owner.engine.connected = true;
        assertTrue(other.send("goes on").sent().isPresent());
    }

    @Test
    void anOwnerThatCannotReachTheDatabaseStopsBeforeItsLeaseEnds() {
        var owner = new Node();
        var server = PostgresForTests.running();
        server.execute("postgres", "ALTER ROLE " + database.user() + " NOLOGIN");
        server.execute(
                "postgres",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + database.user() + "'");
        await().atMost(Duration.ofMillis(Lease.GRANTED_MILLIS)).until(() -> !owner.owns());
        server.execute("postgres", "ALTER ROLE " + database.user() + " LOGIN");
        await().atMost(Duration.ofSeconds(20)).until(owner::owns);
        owner.engine.connected = true;
        assertTrue(owner.send("goes on").sent().isPresent());
    }

    private void lease(String change) {
        PostgresForTests.running()
                .execute(database.name(), "UPDATE " + database.user() + ".session_lease SET " + change);
    }

    @Test
    void anAccountThatIsHeldIsServedByNoNodeAndAcceptsOnEach() {
        var owner = new Node();
        var other = new Node();
        await().until(() -> other.accounts
                .status(DEVICE)
                .flatMap(gateway.engine.Session.Status::account)
                .isPresent());
        var book = new HoldBook(other.store, InstantSource.system(), (act, by, device, reason, done) -> {});
        assertTrue(book.isServedByNode(DEVICE));
        book.hold(DEVICE, "a drill", "cli:ada");
        await().until(() -> book.find(DEVICE).orElseThrow().stoppedAt() > 0);
        await().until(() ->
                nodes.stream().allMatch(node -> node.accounts.hold(DEVICE).isPresent()));
        var third = new Node();
        assertTrue(owner.send("one").sent().isEmpty());
        assertTrue(other.send("two").sent().isEmpty());
        assertTrue(third.send("three").sent().isEmpty());
        // Its node goes: the next one that has the lease opens nothing either.
        owner.accounts.close();
        await().during(Duration.ofMillis(1_500))
                .atMost(Duration.ofSeconds(10))
                .until(() -> nodes.stream().allMatch(node -> node.engine.handed.isEmpty())
                        && other.engine.opened.get() + third.engine.opened.get() == 0);
        assertTrue(book.release(DEVICE, "cli:ada"));
        await().atMost(Duration.ofSeconds(40)).until(() -> other.outbox.depth() == 0);
        assertEquals(
                List.of("one", "two", "three"),
                java.util.stream.Stream.of(other, third)
                        .flatMap(node -> node.engine.handed.stream())
                        .map(ScriptedEngine.Handed::body)
                        .toList());
        assertEquals(1, other.engine.opened.get() + third.engine.opened.get());
    }

    @Test
    void anAccountWhoseConnectionCannotBeOpenedIsTriedAgain() {
        var node = new Node(2);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> node.accounts.session(DEVICE).isPresent());
        assertEquals(3, node.engine.opened.get());
    }
}
