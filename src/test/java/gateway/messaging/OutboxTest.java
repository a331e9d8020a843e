package gateway.messaging;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import gateway.database.Databases;
import gateway.engine.Content;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.EngineRefusal;
import gateway.engine.Jid;
import gateway.engine.Session.Sent;
import gateway.engine.sandbox.SandboxEngine;
import gateway.store.SqlDialect;
import gateway.store.Store;
import io.helidon.dbclient.DbClientException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(SqlDialect.class)
class OutboxTest {
    private static final Jid ANN = Jid.ofPhone("6281234567890");
    private static final Jid BOB = Jid.ofPhone("6281234567891");
    private static final String DEVICE = "default";
    private static final Chats.MessageQuery ALL =
            new Chats.MessageQuery(100, 0, Optional.empty(), Optional.empty(), Optional.empty(), false, "");

    @TempDir
    Path directory;
    private final SqlDialect dialect;
    private final ScriptedEngine engine = new ScriptedEngine();
    private final AtomicInteger refused = new AtomicInteger();
    private Store store;
    private Outbox outbox;
    private Accounts accounts;

    OutboxTest(SqlDialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open() {
        store = Store.open(Databases.fresh(dialect, directory));
        outbox = new Outbox(store, InstantSource.system(), Duration.ofSeconds(5));
        accounts = new Accounts(store, engine, outbox, EventSink.NONE, InstantSource.system());
    }

    @AfterEach
    void close() {
        accounts.close();
        store.close();
    }

    /** A caller is told «queued» after this time. */
    private void openWithoutALine(Duration wait) {
        engine.connected = false;
        outbox = new Outbox(store, InstantSource.system(), wait);
        accounts = new Accounts(store, engine, outbox, EventSink.NONE, InstantSource.system());
        accounts.open(DEVICE);
    }

    @Test
    void aMessageRefusedForGoodIsReportedAndNotTriedAgain() {
        accounts.open(DEVICE);
        engine.refusals.add(new EngineRefusal(Reason.REJECTED, "no"));
        assertEquals(Reason.REJECTED, assertThrows(EngineRefusal.class, () -> send(ANN, "a")).reason());
        send(ANN, "b");
        assertEquals(List.of("a", "b"), bodies());
        assertEquals(0, store.number("SELECT count(*) FROM outbox WHERE state <> 1"));
    }

    @Test
    void aMessageThatCannotGoOutYetIsQueuedAndSentWhenTheLineIsBack() {
        openWithoutALine(Duration.ofMillis(50));
        var outcome = send(ANN, "a");
        assertTrue(outcome.sent().isEmpty());
        assertEquals(1, outbox.depth());
        engine.connected = true;
        await().untilAsserted(() -> assertEquals(List.of(outcome.messageId()), engine.handed.stream().map(ScriptedEngine.Handed::id).toList()));
        await().untilAsserted(() -> assertEquals(0, outbox.depth()));
    }

    @Test
    void anAccountWithoutALineCostsNoProcessorTime() {
        engine.connected = false;
        accounts.open(DEVICE);
        await().until(() -> engine.statusAsked.get() > 0);
        await().during(Duration.ofMillis(500)).atMost(Duration.ofSeconds(5)).until(() -> engine.statusAsked.get() < 20);
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
        openWithoutALine(Duration.ZERO);
        var expected = new ArrayList<String>();
        for (int i = 0; i < 700; i++) {
            send(ANN, "m" + i);
            expected.add("m" + i);
        }
        engine.connected = true;
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertEquals(0, outbox.depth()));
        assertEquals(expected, bodies());
    }

    @Test
    void whatWasAcceptedBeforeACrashGoesOutOnceAfterIt() {
        openWithoutALine(Duration.ZERO);
        var ids = IntStream.range(0, 20).mapToObj(i -> send(i % 2 == 0 ? ANN : BOB, "m" + i).messageId()).toList();
        accounts.close();
        // Half of them reached the network, but the process died before it could write that down.
        store.write(tx -> {
            tx.insert("INSERT INTO sandbox_account (device, jid, push_name, paired_at) VALUES (?, ?, 'x', 1)", DEVICE, ScriptedEngine.SELF.toString());
            for (var id : ids.subList(0, 10)) {
                tx.insert("INSERT INTO sandbox_ledger (device, wire_id, chat, content, taken_at) VALUES (?, ?, 'c', '{}', 1)", DEVICE, id);
            }
            return null;
        });
        var sandbox = new SandboxEngine(new gateway.engine.MediaFiles(directory.resolve("media")), InstantSource.system());
        accounts = new Accounts(store, sandbox, outbox, EventSink.NONE, InstantSource.system());
        accounts.open(DEVICE);
        await().untilAsserted(() -> assertEquals(0, outbox.depth()));
        assertEquals(ids, store.all(row -> row.text(1), "SELECT wire_id FROM sandbox_ledger ORDER BY seq")
                .stream().sorted(Comparator.comparingInt(ids::indexOf)).toList());
    }

    @Test
    void aMessageIsInItsChatWhenItsCallerHearsThatItWasSent() {
        accounts.open(DEVICE);
        for (int i = 0; i < 50; i++) {
            var id = send(ANN, "m" + i).messageId();
            assertEquals(1, store.number("SELECT count(*) FROM message WHERE id = ? AND sender = ?", id, ScriptedEngine.SELF.toString()));
        }
        assertEquals(50, listed().total());
    }

    @Test
    void aMessageThatWaitsIsShownInItsChatOnceAndAfterwardsKept() {
        openWithoutALine(Duration.ZERO);
        var id = send(ANN, "a").messageId();
        var reaction = outbox.send(DEVICE, ScriptedEngine.SELF, ANN, new Content.Reaction(id, "x")).messageId();
        assertTrue(chats().find(DEVICE, ANN).isPresent());
        assertEquals(List.of(id), listed().rows().stream().map(History.Shown::id).toList());
        assertEquals(1, listed().total(), "a change is no message");
        assertEquals(0, store.number("SELECT count(*) FROM message"));
        assertEquals("a", chats().message(DEVICE, id).orElseThrow().content().body());
        assertEquals(ScriptedEngine.SELF.toString(), chats().message(DEVICE, ANN, id).orElseThrow().sender());
        assertTrue(chats().message(DEVICE, BOB, id).isEmpty());
        assertTrue(chats().message(DEVICE, reaction).isEmpty(), "a change is no message");
        engine.connected = true;
        await().untilAsserted(() -> assertEquals(0, outbox.depth()));
        assertEquals(List.of(id), listed().rows().stream().map(History.Shown::id).toList());
        assertEquals("x", new History(store).messages(DEVICE, ANN, ALL).orElseThrow().reactions().getFirst().emoji());
    }

    @Test
    void aChatIsNotLookedForInAllThatWaits() {
        openWithoutALine(Duration.ZERO);
        var id = send(ANN, "a").messageId();
        store.write(tx -> tx.insert("""
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
                INSERT INTO outbox (device, chat, message_id, sender, kind, content, due_at, accepted_at)
                SELECT 'default', ?, 'M' || i, 's', 'text', '{"kind":"text","body":"b"}', 1, 1 FROM n""", BOB.toString()));
        store.write(tx -> tx.insert("INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES ('default', ?, 1, 1, 1)",
                BOB.toString()));
        assertEquals(10_000, new History(store).messages(DEVICE, BOB, ALL).orElseThrow().page().total());
        assertEquals(0, listed().total());
        assertEquals("a", chats().message(DEVICE, id).orElseThrow().content().body());
    }

    @Test
    void aMessageThatIsRefusedWhenNobodyWaitsIsShownAsFailedOnceAlsoWhenItIsTriedAgain() {
        openWithoutALine(Duration.ZERO);
        engine.refusals.add(new EngineRefusal(Reason.REJECTED, "not this one"));
        send(ANN, "a");
        engine.connected = true;
        await().untilAsserted(() -> assertEquals(0, outbox.depth()));
        var shown = listed().rows();
        assertEquals("a", shown.getFirst().body());
        assertEquals("not this one", shown.getFirst().refused());
        engine.connected = false;
        assertTrue(new OutboxBook(store, InstantSource.system()).retry(shown.getFirst().id()));
        assertEquals(1, listed().total());
        assertEquals("a", chats().message(DEVICE, shown.getFirst().id()).orElseThrow().content().body());
        engine.connected = true;
        await().untilAsserted(() -> assertEquals(0, outbox.depth()));
        assertEquals(1, listed().total());
        await().untilAsserted(() -> assertEquals("", listed().rows().getFirst().refused()));
    }

    @Test
    void aMessageThatIsRefusedWhileItsCallerWaitsLeavesNothing() {
        accounts.open(DEVICE);
        engine.refusals.add(new EngineRefusal(Reason.NO_SUCH_RECIPIENT, "no such group"));
        var refusal = assertThrows(Withdrawn.class, () -> send(ANN, "a"));
        assertEquals(Reason.NO_SUCH_RECIPIENT, refusal.reason());
        for (var table : List.of("outbox", "chat", "message", "idempotency")) {
            assertEquals(0, store.number("SELECT count(*) FROM " + table), table);
        }
    }

    @Test
    void aNamedRequestThatIsRefusedLeavesItsAnswerAlone() {
        accounts.open(DEVICE);
        var key = Optional.of(new IdempotencyKey("admin", "once"));
        engine.refusals.add(new EngineRefusal(Reason.NO_SUCH_RECIPIENT, "no such group"));
        for (int i = 0; i < 2; i++) {
            assertEquals("no such group", assertThrows(EngineRefusal.class, () ->
                    outbox.send(DEVICE, ScriptedEngine.SELF, ANN, new Content.Text("a", Content.Options.NONE), key)).getMessage());
        }
        assertEquals(1, engine.handed.size());
        assertEquals(0, store.number("SELECT (SELECT count(*) FROM chat) + (SELECT count(*) FROM message)"));
        assertEquals(1, store.number("SELECT count(*) FROM outbox WHERE state = 2"));
    }

    @Test
    void aRefusalLeavesAChatThatWasThereBefore() {
        accounts.open(DEVICE);
        send(ANN, "a");
        var before = chats().find(DEVICE, ANN).orElseThrow();
        engine.refusals.add(new EngineRefusal(Reason.REJECTED, "no"));
        assertThrows(Withdrawn.class, () -> send(ANN, "b"));
        assertEquals(before, chats().find(DEVICE, ANN).orElseThrow());
        assertEquals(1, listed().total());
        store.write(tx -> tx.delete("DELETE FROM message"));
        engine.refusals.add(new EngineRefusal(Reason.REJECTED, "no"));
        assertThrows(Withdrawn.class, () -> send(ANN, "b"));
        assertEquals(before, chats().find(DEVICE, ANN).orElseThrow(), "an empty one too");
    }

    @Test
    void whatAnEarlierVersionAcceptedIsSentAsTheAccountsOwn() {
        openWithoutALine(Duration.ZERO);
        var id = send(ANN, "a").messageId();
        store.write(tx -> {
            var self = ScriptedEngine.SELF.toString();
            Chats.keep(tx, DEVICE, ANN, "", new Chats.Message(id, ANN.toString(), self, true, new Content.Text("a", Content.Options.NONE), 1, 1, 1), 1);
            return tx.update("UPDATE outbox SET sender = '', kind = ''");
        });
        assertEquals(1, listed().rows().size());
        engine.connected = true;
        await().untilAsserted(() -> assertEquals(0, outbox.depth()));
        assertEquals(1, listed().rows().size());
        assertEquals(ScriptedEngine.SELF.toString(), chats().message(DEVICE, id).orElseThrow().sender());
    }

    @Test
    void aChangeShowsInAMessageWhoseMarkCameLater() {
        var out = new AtomicBoolean();
        var fenced = outOfReach(out);
        outbox = new Outbox(fenced, InstantSource.system(), Duration.ZERO);
        var rows = new OutboxRows(DEVICE, fenced, outbox, InstantSource.system(), new gateway.process.Workers());
        var id = send(ANN, "first").messageId();
        outbox.send(DEVICE, ScriptedEngine.SELF, ANN, new Content.Edit(id, "second"));
        var waiting = rows.after(0, 2).messages();
        out.set(true);
        rows.sent(waiting.get(0), waiting.get(0).sender(), new Sent(id, 42));
        await().until(() -> refused.get() > 0);
        out.set(false);
        rows.sent(waiting.get(1), waiting.get(1).sender(), new Sent(waiting.get(1).messageId(), 43));
        await().untilAsserted(() -> assertEquals(0, outbox.depth()));
        assertEquals("second", listed().rows().getFirst().body());
        rows.close();
    }

    @Test
    void aMarkThatCannotBeWrittenIsWrittenLaterAndTheCallerHearsAtOnce() throws Exception {
        var out = new AtomicBoolean();
        var fenced = outOfReach(out);
        outbox = new Outbox(fenced, InstantSource.system(), Duration.ofSeconds(30));
        var caller = CompletableFuture.supplyAsync(() -> send(ANN, "a"));
        await().until(() -> outbox.depth() == 1);
        var rows = new OutboxRows(DEVICE, fenced, outbox, InstantSource.system(), new gateway.process.Workers());
        var message = rows.after(0, 1).messages().getFirst();
        out.set(true);
        rows.sent(message, message.sender(), new Sent(message.messageId(), 42));
        assertEquals(42, caller.get(10, TimeUnit.SECONDS).sent().orElseThrow().at());
        assertEquals(1, outbox.depth());
        out.set(false);
        await().untilAsserted(() -> assertEquals(0, outbox.depth()));
        assertEquals(42, listed().rows().getFirst().sentAt());
        rows.close();
    }

    /** The store, which takes no write while the flag is set; counts those into {@code refused}. */
    private Store outOfReach(AtomicBoolean out) {
        store.write(tx -> tx.insert("INSERT INTO device (id, created_at) VALUES (?, 1) ON CONFLICT (id) DO NOTHING", DEVICE));
        return store.fenced(tx -> {
            if (out.get()) {
                refused.incrementAndGet();
                throw new DbClientException("out of reach");
            }
        });
    }

    private Chats.Page<History.Shown> listed() {
        return new History(store).messages(DEVICE, ANN, ALL).orElseThrow().page();
    }

    private Chats chats() {
        return new Chats(store);
    }

    private Outbox.Outcome send(Jid chat, String body) {
        return outbox.send(DEVICE, ScriptedEngine.SELF, chat, new Content.Text(body, Content.Options.NONE));
    }

    private List<String> bodies() {
        return engine.handed.stream().map(ScriptedEngine.Handed::body).toList();
    }
}
