package gateway.messaging;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.engine.Content;
import gateway.engine.EngineRefusal;
import gateway.engine.Event;
import gateway.engine.Jid;
import gateway.store.Database;
import gateway.store.Store;

/** The budget for chats that an account begins, and the pause after WhatsApp restricts the account. */
class NewChatsTest {
    private static final String DEVICE = "default";
    private static final Jid KNOWN = Jid.ofPhone("6280000000000");

    @TempDir
    Path directory;

    private final ScriptedEngine engine = new ScriptedEngine();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-02T10:00:00Z"));
    private Store store;
    private Accounts accounts;
    private Outbox outbox;

    @BeforeEach
    void open() {
        store = Store.open(new Database.Sqlite(directory.resolve("whatsapp.db")));
    }

    @AfterEach
    void close() {
        accounts.close();
        store.close();
    }

    private void serve(NewChatBudget budget) {
        outbox = new Outbox(store, now::get, Duration.ZERO);
        accounts = new Accounts(
                store,
                engine,
                outbox,
                EventSink.NONE,
                now::get,
                AutoActions.NONE,
                new Pacing(Duration.ZERO, Duration.ZERO, 0, budget));
        accounts.open(DEVICE);
        engine.connected = true;
    }

    private void again(NewChatBudget budget) {
        accounts.close();
        serve(budget);
    }

    private static Jid stranger(int i) {
        return Jid.ofPhone("628123456789" + i);
    }

    private void send(Jid chat) {
        outbox.send(DEVICE, ScriptedEngine.SELF, chat, new Content.Text("hello", Content.Options.NONE));
    }

    private void comes(Jid from) {
        engine.events.accept(
                List.of(new Event.Message(
                        "in", from, from, false, "", new Content.Text("hi", Content.Options.NONE), 1)),
                tx -> 0);
    }

    private void waits(int sent, int waiting) {
        await().untilAsserted(() -> assertEquals(sent, engine.handed.size()));
        await().during(Duration.ofMillis(300)).until(() -> outbox.depth() == waiting && engine.handed.size() == sent);
    }

    @Test
    void theHoursShareIsKeptAcrossARestartAndKnownChatsGoOn() {
        var budget = new NewChatBudget(2, 0, Duration.ZERO);
        serve(budget);
        comes(KNOWN);
        for (int i = 0; i < 3; i++) {
            send(stranger(i));
        }
        waits(2, 1);
        send(KNOWN);
        waits(3, 1);
        again(budget);
        waits(3, 1);
        send(KNOWN);
        waits(4, 1);
        now.set(now.get().plus(Duration.ofMinutes(61)));
        waits(5, 0);
    }

    @Test
    void aSecondMessageToAChatIsNoNewChat() {
        serve(new NewChatBudget(1, 0, Duration.ZERO));
        send(stranger(1));
        waits(1, 0);
        send(stranger(1));
        waits(2, 0);
    }

    @Test
    void theDaysShareHoldsWhenTheHoursHasRoom() {
        serve(new NewChatBudget(0, 2, Duration.ZERO));
        for (int i = 0; i < 3; i++) {
            send(stranger(i));
        }
        waits(2, 1);
        now.set(now.get().plus(Duration.ofHours(2)));
        waits(2, 1);
        now.set(now.get().plus(Duration.ofHours(23)));
        waits(3, 0);
    }

    @Test
    void whatWaitsSaysWhyAndIsNoFailedAttempt() {
        serve(new NewChatBudget(1, 0, Duration.ZERO));
        send(stranger(1));
        send(stranger(2));
        waits(1, 1);
        var row = store.one(
                        found -> found.number(1) + " " + found.text(2),
                        "SELECT attempts, coalesce(error, '') FROM outbox WHERE state = 0")
                .orElseThrow();
        assertTrue(row.startsWith("0 ") && row.contains("has begun 1 chats in an hour"), row);
    }

    @Test
    void aRestrictionIsNeverRepeatedAndPausesNewChatsOnly() {
        var budget = new NewChatBudget(0, 0, Duration.ofHours(1));
        serve(budget);
        comes(KNOWN);
        engine.refusals.add(new EngineRefusal(EngineRefusal.Reason.RESTRICTED, "463"));
        send(stranger(1));
        waits(1, 0);
        assertEquals(1, accounts.restricted());
        send(stranger(2));
        send(KNOWN);
        waits(2, 1);
        again(budget);
        assertEquals(1, accounts.restricted(), "a restart ends no pause");
        waits(2, 1);
        now.set(now.get().plus(Duration.ofMinutes(61)));
        waits(3, 0);
        assertEquals(0, accounts.restricted());
    }

    @Test
    void aBanAndALateRefusalPauseAsWell() {
        var budget = new NewChatBudget(0, 0, Duration.ofHours(1));
        serve(budget);
        engine.events.accept(new Event.Connection(Event.Connection.State.BANNED, 1));
        assertEquals(1, accounts.restricted());
        now.set(now.get().plus(Duration.ofMinutes(61)));
        assertEquals(0, accounts.restricted());
        send(stranger(1));
        waits(1, 0);
        engine.events.accept(new Event.Failed(engine.handed.element().id(), stranger(1), 475, "restricted", 1));
        assertEquals(1, accounts.restricted());
    }
}
