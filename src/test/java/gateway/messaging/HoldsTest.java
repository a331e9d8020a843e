package gateway.messaging;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.database.Databases;
import gateway.engine.Content;
import gateway.engine.EngineRefusal;
import gateway.engine.Jid;
import gateway.messaging.HoldBook.Act;
import gateway.messaging.HoldBook.Hold;
import gateway.store.Database;
import gateway.store.SqlDialect;
import gateway.store.Store;

/**
 * A held account accepts and does not send, whatever happens meanwhile; released, it sends all in its order and once.
 */
@ParameterizedClass
@EnumSource(SqlDialect.class)
class HoldsTest {
    private static final Jid ANN = Jid.ofPhone("6281234567890");
    private static final String DEVICE = "default";
    /** Longer than a caller waits to be told: to be told «queued» in time means that nobody waited. */
    private static final Duration WAIT = Duration.ofSeconds(30);

    private static final Duration AT_ONCE = Duration.ofSeconds(15);

    @TempDir
    Path directory;

    private final SqlDialect dialect;
    private final List<String> journal = new ArrayList<>();
    private Database database;
    private Node node;

    HoldsTest(SqlDialect dialect) {
        this.dialect = dialect;
    }

    private final class Node implements AutoCloseable {
        final ScriptedEngine engine = new ScriptedEngine();
        final Store store = Store.open(database);
        final Outbox outbox = new Outbox(store, InstantSource.system(), WAIT);
        final Accounts accounts = new Accounts(store, engine, outbox, EventSink.NONE, InstantSource.system());
        final HoldBook book = new HoldBook(
                store,
                InstantSource.system(),
                (act, by, device, reason, done) ->
                        journal.add(act + " " + by + " " + device + " " + reason + " " + done));

        Optional<?> send(String body) {
            return outbox.send(DEVICE, ScriptedEngine.SELF, ANN, new Content.Text(body, Content.Options.NONE))
                    .sent();
        }

        void hold() {
            assertTrue(book.hold(DEVICE, "a drill", "cli:ada"));
            await().until(() -> book.find(DEVICE).orElseThrow().stoppedAt() > 0);
        }

        void release() {
            engine.connected = true;
            assertTrue(book.release(DEVICE, "cli:ada"));
        }

        List<String> sent() {
            return engine.handed.stream().map(ScriptedEngine.Handed::body).toList();
        }

        @Override
        public void close() {
            accounts.close();
            store.close();
        }
    }

    @BeforeEach
    void open() {
        database = Databases.fresh(dialect, directory);
        node = new Node();
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void reopen() {
        node.close();
        node = new Node();
        node.accounts.open(DEVICE);
    }

    private static void again(Runnable check) {
        await().during(Duration.ofMillis(1_200)).atMost(Duration.ofSeconds(10)).untilAsserted(check::run);
    }

    @Test
    void itAcceptsAtOnceAndSendsNothingUntilItIsReleasedAndThenAllInOrderAndOnce() {
        node.accounts.open(DEVICE);
        assertTrue(node.send("before").isPresent());
        node.hold();
        assertFalse(node.engine.connected, "the connection is closed");
        long began = System.nanoTime();
        IntStream.range(0, 20).forEach(i -> assertTrue(node.send("m" + i).isEmpty()));
        assertTrue(System.nanoTime() - began < AT_ONCE.toNanos(), "nobody waits for a message of a held account");
        again(() -> assertEquals(List.of("before"), node.sent()));
        assertEquals(20, node.outbox.depth());
        assertEquals(Duration.ZERO, node.outbox.age(), "what is held is not late");
        node.release();
        await().until(() -> node.outbox.depth() == 0);
        var expected = new ArrayList<>(List.of("before"));
        IntStream.range(0, 20).forEach(i -> expected.add("m" + i));
        assertEquals(expected, node.sent());
        await().until(() -> node.accounts.held().isEmpty());
        assertTrue(node.send("after").isPresent());
    }

    @Test
    void aRestartFindsItHeldAndOpensNothing() {
        node.accounts.open(DEVICE);
        node.hold();
        node.send("waits");
        reopen();
        again(() -> assertEquals(0, node.engine.opened.get()));
        assertEquals("a drill", node.accounts.hold(DEVICE).map(Hold::reason).orElseThrow());
        assertEquals(
                Optional.of(ScriptedEngine.SELF),
                node.accounts.status(DEVICE).orElseThrow().account());
        assertFalse(node.accounts.status(DEVICE).orElseThrow().connected());
        assertEquals(Optional.of(DEVICE), node.accounts.only());
        assertTrue(node.send("waits too").isEmpty());
        assertEquals(List.of(), node.sent());
        node.release();
        await().untilAsserted(() -> assertEquals(List.of("waits", "waits too"), node.sent()));
    }

    @Test
    void oneThatIsHeldWhileNoServerRunsIsNeverConnectedByTheNext() {
        node.accounts.open(DEVICE);
        node.close();
        try (var store = Store.open(database)) {
            new HoldBook(store, InstantSource.system(), (act, by, device, reason, done) -> {})
                    .hold(DEVICE, "restored", "cli:ada");
        }
        node = new Node();
        node.accounts.open(DEVICE);
        assertEquals(0, node.engine.opened.get());
        await().until(() -> node.book.find(DEVICE).orElseThrow().stoppedAt() > 0);
        assertEquals(0, node.engine.opened.get());
    }

    @Test
    void whatIsUnderWayEndsAndIsMarkedBeforeTheHoldIsConfirmed() throws Exception {
        var handed = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        node.engine.sending = body -> {
            handed.countDown();
            try {
                assertTrue(goOn.await(30, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
        node.accounts.open(DEVICE);
        var sending = Thread.ofVirtual().start(() -> node.send("under way"));
        assertTrue(handed.await(30, TimeUnit.SECONDS));
        node.book.hold(DEVICE, "a drill", "cli:ada");
        await().until(() -> !node.accounts.held().isEmpty());
        assertTrue(node.send("after it").isEmpty());
        assertEquals(0, node.book.find(DEVICE).orElseThrow().stoppedAt(), "a message is under way");
        goOn.countDown();
        await().until(() -> node.book.find(DEVICE).orElseThrow().stoppedAt() > 0);
        sending.join();
        await().untilAsserted(() -> assertEquals(1, node.store.number("SELECT count(*) FROM outbox WHERE state = 1")));
        node.release();
        await().until(() -> node.outbox.depth() == 0);
        assertEquals(List.of("under way", "after it"), node.sent());
    }

    @Test
    void whatNeedsTheConnectionIsRefusedAsWhileItIsDown() {
        node.accounts.open(DEVICE);
        node.hold();
        var session = node.accounts.session(DEVICE).orElseThrow();
        List.<Runnable>of(
                        session::pair,
                        session::reconnect,
                        session::logout,
                        session::groups,
                        session::contacts,
                        session::marks,
                        session::presence,
                        session::profile,
                        session::newsletters,
                        session::wire,
                        () -> session.isOnWhatsApp(ANN),
                        () -> session.userInfo(ANN),
                        () -> session.pairByPhone("6281234567890"))
                .forEach(work -> assertEquals(
                        EngineRefusal.Reason.NOT_CONNECTED,
                        assertThrows(EngineRefusal.class, work::run).reason()));
        assertEquals(ScriptedEngine.SELF, session.devices().getFirst().jid());
    }

    @Test
    void bothActsAreWrittenDownFirstAndOnceAndOnlyWhenTheyChangeSomething() {
        node.accounts.open(DEVICE);
        node.hold();
        assertFalse(node.book.hold(DEVICE, "another", "cli:bob"));
        assertEquals("a drill", node.book.list().getFirst().reason());
        node.release();
        assertFalse(node.book.release(DEVICE, "cli:bob"));
        assertFalse(node.book.hold("nobody", "", "cli:bob"), "there is no such account");
        assertEquals(
                List.of("HOLD cli:ada default a drill true", "RELEASE cli:ada default a drill true"),
                journal.subList(0, 2));
        var refusing = new HoldBook(node.store, InstantSource.system(), (act, by, device, reason, done) -> {
            throw new IllegalStateException(Act.HOLD + " cannot be written down");
        });
        assertThrows(IllegalStateException.class, () -> refusing.hold(DEVICE, "", "cli:ada"));
        assertEquals(List.of(), node.book.list());
    }

    @Test
    void whyAMessageWaitsIsShownInTheListOfTheOutbox() {
        node.accounts.open(DEVICE);
        node.hold();
        node.send("waits");
        var shown = new OutboxBook(node.store, InstantSource.system()).list(Optional.of(OutboxState.WAITING), 10);
        assertEquals(
                List.of("the account is held: a drill"),
                shown.stream().map(OutboxBook.Entry::error).toList());
    }

    @Test
    void quickChangesOfMindEndAsTheLastOneSays() {
        node.accounts.open(DEVICE);
        for (int i = 0; i < 5; i++) {
            node.book.hold(DEVICE, "round " + i, "cli:ada");
            node.send("m" + i);
            node.engine.connected = true;
            node.book.release(DEVICE, "cli:ada");
        }
        node.hold();
        again(() -> assertFalse(node.accounts.status(DEVICE).orElseThrow().connected()));
        node.release();
        await().until(() -> node.outbox.depth() == 0);
        assertEquals(List.of("m0", "m1", "m2", "m3", "m4"), node.sent());
    }
}
