package gateway.messaging;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import gateway.engine.Content;
import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Jid;
import gateway.engine.sandbox.SandboxEngine;
import gateway.store.Database;
import gateway.store.Store;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
    private static final Jid ANN = Jid.ofPhone("6281234567890");
    private static final Jid BOB = Jid.ofPhone("6281234567891");
    private static final String DEVICE = "default";

    @TempDir
    Path directory;
    private final ScriptedEngine engine = new ScriptedEngine();
    private Store store;
    private Outbox outbox;
    private Accounts accounts;

    @BeforeEach
    void open() {
        store = Store.open(new Database.Sqlite(directory.resolve("whatsapp.db")));
        outbox = new Outbox(store, InstantSource.system(), Duration.ofSeconds(5));
        accounts = new Accounts(store, engine, outbox, EventSink.NONE, InstantSource.system());
    }

    @AfterEach
    void close() {
        accounts.close();
        store.close();
    }

    @Test
    void aMessageRefusedForGoodIsReportedAndNotTriedAgain() {
        accounts.open(DEVICE);
        engine.refusals.add(new EngineRefusal(Reason.REJECTED, "no"));
        assertEquals(Reason.REJECTED, assertThrows(EngineRefusal.class, () -> send(ANN, "a")).reason());
        send(ANN, "b");
        assertEquals(List.of("a", "b"), bodies());
        assertEquals(1, store.number("SELECT count(*) FROM outbox WHERE state = 2"));
    }

    @Test
    void aMessageThatCannotGoOutYetIsQueuedAndSentWhenTheLineIsBack() {
        engine.connected = false;
        outbox = new Outbox(store, InstantSource.system(), Duration.ofMillis(50));
        accounts = new Accounts(store, engine, outbox, EventSink.NONE, InstantSource.system());
        accounts.open(DEVICE);
        var outcome = send(ANN, "a");
        assertTrue(outcome.sent().isEmpty());
        assertEquals(1, outbox.depth());
        engine.connected = true;
        await().untilAsserted(() -> assertEquals(outcome.messageId(), engine.handed.peek().id()));
        await().untilAsserted(() -> assertEquals(0, outbox.depth()));
    }

    @Test
    void aPassingRefusalHoldsBackItsChatOnlyAndKeepsItsOrder() {
        accounts.open(DEVICE);
        engine.refusals.add(new EngineRefusal(Reason.TRY_LATER, "slow down"));
        var first = Thread.ofVirtual().start(() -> send(ANN, "a1"));
        await().until(() -> engine.handed.size() == 1);
        var second = Thread.ofVirtual().start(() -> send(ANN, "a2"));
        assertTrue(send(BOB, "b1").sent().isPresent(), "another chat does not wait");
        await().until(() -> !first.isAlive() && !second.isAlive());
        assertEquals(List.of("a1", "b1", "a1", "a2"), bodies());
        var ids = engine.handed.stream().filter(handed -> handed.body().equals("a1")).map(ScriptedEngine.Handed::id).distinct().toList();
        assertEquals(1, ids.size(), "a repeated message keeps its id");
    }

    @Test
    void aChatWithMoreMessagesThanMemoryHoldsIsSentInOrder() {
        engine.connected = false;
        outbox = new Outbox(store, InstantSource.system(), Duration.ZERO);
        accounts = new Accounts(store, engine, outbox, EventSink.NONE, InstantSource.system());
        accounts.open(DEVICE);
        var expected = new ArrayList<String>();
        for (int i = 0; i < 700; i++) {
            send(ANN, "m" + i);
            expected.add("m" + i);
        }
        engine.connected = true;
        await().untilAsserted(() -> assertEquals(0, outbox.depth()));
        assertEquals(expected, bodies());
    }

    @Test
    void whatWasAcceptedBeforeACrashGoesOutOnceAfterIt() {
        engine.connected = false;
        outbox = new Outbox(store, InstantSource.system(), Duration.ZERO);
        accounts = new Accounts(store, engine, outbox, EventSink.NONE, InstantSource.system());
        accounts.open(DEVICE);
        var ids = IntStream.range(0, 20).mapToObj(i -> send(i % 2 == 0 ? ANN : BOB, "m" + i).messageId()).toList();
        accounts.close();
        // Half of them reached the network, but the process died before it could write that down.
        store.write(tx -> {
            tx.insert("INSERT INTO sandbox_account VALUES (?, ?, 'x', 1)", DEVICE, ScriptedEngine.SELF.toString());
            for (var id : ids.subList(0, 10)) {
                tx.insert("INSERT INTO sandbox_ledger (device, wire_id, chat, content, taken_at) VALUES (?, ?, 'c', '{}', 1)", DEVICE, id);
            }
            return null;
        });
        var sandbox = new SandboxEngine(store, new gateway.engine.MediaFiles(directory.resolve("media")), InstantSource.system());
        accounts = new Accounts(store, sandbox, outbox, EventSink.NONE, InstantSource.system());
        accounts.open(DEVICE);
        await().untilAsserted(() -> assertEquals(0, outbox.depth()));
        assertEquals(ids, store.all(row -> row.column(1).get(String.class), "SELECT wire_id FROM sandbox_ledger ORDER BY seq")
                .stream().sorted(java.util.Comparator.comparingInt(ids::indexOf)).toList());
    }

    private Outbox.Outcome send(Jid chat, String body) {
        return outbox.send(DEVICE, ScriptedEngine.SELF, chat, new Content.Text(body, "", false, 0));
    }

    private List<String> bodies() {
        return engine.handed.stream().map(ScriptedEngine.Handed::body).toList();
    }
}
