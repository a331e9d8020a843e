package gateway.messaging;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.engine.Content;
import gateway.engine.Jid;
import gateway.store.Database;
import gateway.store.Store;

class PacingTest {
    private static final Jid ANN = Jid.ofPhone("6281234567890");
    private static final Jid BOB = Jid.ofPhone("6281234567891");
    private static final String DEVICE = "default";

    @TempDir
    Path directory;

    private final ScriptedEngine engine = new ScriptedEngine();
    private Store store;
    private Accounts accounts;

    @BeforeEach
    void open() {
        store = Store.open(new Database.Sqlite(directory.resolve("whatsapp.db")));
    }

    @AfterEach
    void close() {
        accounts.close();
        store.close();
    }

    @Test
    void aChatRestsBetweenItsMessagesAndAnotherDoesNotWaitForIt() {
        var outbox = open(InstantSource.system(), new Pacing(Duration.ofMillis(400), Duration.ofMillis(100), 0));
        var began = System.nanoTime();
        for (int i = 0; i < 3; i++) {
            send(outbox, ANN, "a" + i);
        }
        send(outbox, BOB, "b");
        await().until(() -> engine.handed.size() == 2);
        assertEquals(
                1,
                engine.handed.stream()
                        .filter(handed -> handed.chat().equals(BOB))
                        .count());
        await().until(() -> engine.handed.size() == 4);
        assertTrue(Duration.ofNanos(System.nanoTime() - began).toMillis() >= 800);
    }

    @Test
    void theDaysShareIsKeptAcrossARestartAndOpensAtMidnight() {
        var now = new AtomicReference<>(Instant.parse("2026-01-02T23:59:50Z"));
        var outbox = open(now::get, new Pacing(Duration.ZERO, Duration.ZERO, 2));
        for (int i = 0; i < 3; i++) {
            send(outbox, Jid.ofPhone("628123456789" + i), "m" + i);
        }
        await().until(() -> engine.handed.size() == 2 && outbox.depth() == 1);
        accounts.close();
        engine.connected = true;
        var again = open(now::get, new Pacing(Duration.ZERO, Duration.ZERO, 2));
        await().during(Duration.ofMillis(500)).until(() -> again.depth() == 1);
        now.set(Instant.parse("2026-01-03T00:00:01Z"));
        await().until(() -> again.depth() == 0);
        assertEquals(3, engine.handed.size());
    }

    private Outbox open(InstantSource clock, Pacing pacing) {
        var outbox = new Outbox(store, clock, Duration.ZERO);
        accounts = new Accounts(store, engine, outbox, EventSink.NONE, clock, AutoActions.NONE, pacing);
        accounts.open(DEVICE);
        return outbox;
    }

    private static void send(Outbox outbox, Jid chat, String body) {
        outbox.send(DEVICE, ScriptedEngine.SELF, chat, new Content.Text(body, Content.Options.NONE));
    }
}
