package gateway.messaging;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.engine.Content;
import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Jid;
import gateway.engine.Session.Sent;
import gateway.store.SqlDialect;

/** What a chat shows of the messages that its outbox holds. */
@ParameterizedClass
@EnumSource(SqlDialect.class)
class OutboxChatTest extends OutboxRig {
    OutboxChatTest(SqlDialect dialect) {
        super(dialect);
    }

    @Test
    void aMessageIsInItsChatWhenItsCallerHearsThatItWasSent() {
        accounts.open(DEVICE);
        for (int i = 0; i < 50; i++) {
            var id = send(ANN, "m" + i).messageId();
            assertEquals(
                    1,
                    store.number(
                            "SELECT count(*) FROM message WHERE id = ? AND sender = ?",
                            id,
                            ScriptedEngine.SELF.toString()));
        }
        assertEquals(50, listed().total());
    }

    @Test
    void aMessageThatWaitsIsShownInItsChatOnceAndAfterwardsKept() {
        openWithoutALine(Duration.ZERO);
        var id = send(ANN, "a").messageId();
        var reaction = outbox.send(DEVICE, ScriptedEngine.SELF, ANN, new Content.Reaction(id, "x"))
                .messageId();
        assertTrue(chats().find(DEVICE, ANN).isPresent());
        assertEquals(
                List.of(id), listed().rows().stream().map(History.Shown::id).toList());
        assertEquals(1, listed().total(), "a change is no message");
        assertEquals(0, store.number("SELECT count(*) FROM message"));
        assertEquals("a", chats().message(DEVICE, id).orElseThrow().content().body());
        assertEquals(
                ScriptedEngine.SELF.toString(),
                chats().message(DEVICE, ANN, id).orElseThrow().sender());
        assertTrue(chats().message(DEVICE, BOB, id).isEmpty());
        assertTrue(chats().message(DEVICE, reaction).isEmpty(), "a change is no message");
        engine.connected = true;
        await().untilAsserted(() -> assertEquals(0, outbox.depth()));
        assertEquals(
                List.of(id), listed().rows().stream().map(History.Shown::id).toList());
        assertEquals(
                "x",
                new History(store)
                        .messages(DEVICE, ANN, ALL)
                        .orElseThrow()
                        .reactions()
                        .getFirst()
                        .emoji());
    }

    @Test
    void aChatIsNotLookedForInAllThatWaits() {
        openWithoutALine(Duration.ZERO);
        var id = send(ANN, "a").messageId();
        store.write(tx -> tx.insert("""
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
                INSERT INTO outbox (device, chat, message_id, sender, kind, content, due_at, accepted_at)
                SELECT 'default', ?, 'M' || i, 's', 'text', '{"kind":"text","body":"b"}', 1, 1 FROM n""", BOB.toString()));
        chat(BOB);
        assertEquals(
                10_000,
                new History(store)
                        .messages(DEVICE, BOB, ALL)
                        .orElseThrow()
                        .page()
                        .total());
        assertEquals(0, listed().total());
        assertEquals("a", chats().message(DEVICE, id).orElseThrow().content().body());
    }

    @Test
    void aChatThatWasReadBeforeShowsWhatIsAcceptedAfterwards() {
        openWithoutALine(Duration.ZERO);
        chat(ANN);
        var history = new History(store);
        send(BOB, "b");
        assertEquals(0, history.messages(DEVICE, ANN, ALL).orElseThrow().page().total());
        send(ANN, "a");
        assertEquals(1, history.messages(DEVICE, ANN, ALL).orElseThrow().page().total());
    }

    @Test
    void onlyAChatWithAWaitingMessageIsReadWithoutAStateOnSqlite() {
        openWithoutALine(Duration.ZERO);
        engine.connected = true;
        send(ANN, "a");
        await().untilAsserted(() -> assertEquals(0, outbox.depth()));
        engine.connected = false;
        send(BOB, "b");
        // What was accepted for the first chat is too far behind for a waiting message.
        store.write(tx -> tx.update("UPDATE outbox SET seq = seq + 10000 WHERE chat = ?", BOB.toString()));
        var history = new History(store);
        assertEquals(
                dialect == SqlDialect.SQLITE, history.state(DEVICE, ANN, ALL).isPresent());
        assertTrue(history.state(DEVICE, BOB, ALL).isEmpty(), "the waiting message can change the answer");
        assertEquals(1, history.messages(DEVICE, BOB, ALL).orElseThrow().page().total());
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
        assertTrue(new OutboxBook(store, InstantSource.system())
                .retry(shown.getFirst().id()));
        assertEquals(1, listed().total());
        assertEquals(
                "a",
                chats().message(DEVICE, shown.getFirst().id())
                        .orElseThrow()
                        .content()
                        .body());
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
            assertEquals(
                    "no such group",
                    assertThrows(
                                    EngineRefusal.class,
                                    () -> outbox.send(
                                            DEVICE,
                                            ScriptedEngine.SELF,
                                            ANN,
                                            new Content.Text("a", Content.Options.NONE),
                                            key))
                            .getMessage());
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
            Chats.keep(
                    tx,
                    DEVICE,
                    ANN,
                    "",
                    new Chats.Message(
                            id, ANN.toString(), self, true, new Content.Text("a", Content.Options.NONE), 1, 1, 1),
                    1);
            return tx.update("UPDATE outbox SET sender = '', kind = ''");
        });
        assertEquals(1, listed().rows().size());
        engine.connected = true;
        await().untilAsserted(() -> assertEquals(0, outbox.depth()));
        assertEquals(1, listed().rows().size());
        assertEquals(
                ScriptedEngine.SELF.toString(),
                chats().message(DEVICE, id).orElseThrow().sender());
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
        rows.sent(
                waiting.get(1), waiting.get(1).sender(), new Sent(waiting.get(1).messageId(), 43));
        await().untilAsserted(() -> assertEquals(0, outbox.depth()));
        assertEquals("second", listed().rows().getFirst().body());
        rows.close();
    }

    /** Puts an empty chat into the account. */
    private void chat(Jid chat) {
        store.write(tx -> tx.insert(
                "INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES ('default', ?, 1, 1, 1)",
                chat.toString()));
    }
}
