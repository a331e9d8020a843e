package gateway.messaging;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Session.Sent;
import gateway.engine.sandbox.SandboxEngine;
import gateway.store.SqlDialect;

/** What an outbox promises about its messages: each goes out, in its chat's order, once. */
@ParameterizedClass
@EnumSource(SqlDialect.class)
class OutboxTest extends OutboxRig {
    OutboxTest(SqlDialect dialect) {
        super(dialect);
    }

    @Test
    void aMessageRefusedForGoodIsReportedAndNotTriedAgain() {
        accounts.open(DEVICE);
        engine.refusals.add(new EngineRefusal(Reason.REJECTED, "no"));
        assertEquals(
                Reason.REJECTED,
                assertThrows(EngineRefusal.class, () -> send(ANN, "a")).reason());
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
        await().untilAsserted(() -> assertEquals(
                List.of(outcome.messageId()),
                engine.handed.stream().map(ScriptedEngine.Handed::id).toList()));
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
        var ids = engine.handed.stream()
                .filter(handed -> handed.body().equals("a1"))
                .map(ScriptedEngine.Handed::id)
                .distinct()
                .toList();
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
        var ids = IntStream.range(0, 20)
                .mapToObj(i -> send(i % 2 == 0 ? ANN : BOB, "m" + i).messageId())
                .toList();
        accounts.close();
        // Half of them reached the network, but the process died before it could write that down.
        store.write(tx -> {
            tx.update("UPDATE device SET engine = 'sandbox'");
            tx.insert(
                    "INSERT INTO sandbox_account (device, jid, push_name, paired_at) VALUES (?, ?, 'x', 1)",
                    DEVICE,
                    ScriptedEngine.SELF.toString());
            for (var id : ids.subList(0, 10)) {
                tx.insert(
                        "INSERT INTO sandbox_ledger (device, wire_id, chat, content, taken_at) VALUES (?, ?, 'c', '{}', 1)",
                        DEVICE,
                        id);
            }
            return null;
        });
        var sandbox =
                new SandboxEngine(new gateway.engine.MediaFiles(directory.resolve("media")), InstantSource.system());
        accounts = new Accounts(store, sandbox, outbox, EventSink.NONE, InstantSource.system());
        accounts.open(DEVICE);
        await().untilAsserted(() -> assertEquals(0, outbox.depth()));
        assertEquals(
                ids,
                store.all(row -> row.text(1), "SELECT wire_id FROM sandbox_ledger ORDER BY seq").stream()
                        .sorted(Comparator.comparingInt(ids::indexOf))
                        .toList());
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
}
