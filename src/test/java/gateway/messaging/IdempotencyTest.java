package gateway.messaging;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
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
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Jid;
import gateway.store.SqlDialect;
import gateway.store.Store;

@ParameterizedClass
@EnumSource(SqlDialect.class)
class IdempotencyTest {
    private static final Jid ANN = Jid.ofPhone("6281234567890");
    private static final String DEVICE = "default";
    private static final Optional<IdempotencyKey> KEY = Optional.of(new IdempotencyKey("shop", "order-1"));

    @TempDir
    Path directory;

    private final SqlDialect dialect;
    private final ScriptedEngine engine = new ScriptedEngine();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-02T03:04:05Z"));
    private Store store;
    private Outbox outbox;
    private Accounts accounts;

    IdempotencyTest(SqlDialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open() {
        store = Store.open(Databases.fresh(dialect, directory));
        outbox = new Outbox(store, now::get, Duration.ofSeconds(5));
        accounts = new Accounts(store, engine, outbox, EventSink.NONE, now::get);
        accounts.open(DEVICE);
    }

    @AfterEach
    void close() {
        accounts.close();
        store.close();
    }

    @Test
    void theSameKeyForAnotherMessageIsRefusedAndNothingIsSent() {
        send("a", KEY);
        assertThrows(IdempotencyKey.Reused.class, () -> send("b", KEY));
        assertEquals(1, engine.handed.size());
        assertEquals(1, store.number("SELECT count(*) FROM outbox"));
    }

    @Test
    void askingAgainAfterARefusalGivesTheSameRefusal() {
        engine.refusals.add(new EngineRefusal(Reason.NO_SUCH_RECIPIENT, "the number is not on WhatsApp"));
        var first = assertThrows(EngineRefusal.class, () -> send("a", KEY));
        var again = assertThrows(EngineRefusal.class, () -> send("a", KEY));
        assertEquals(first.reason(), again.reason());
        assertEquals(first.getMessage(), again.getMessage());
        assertEquals(1, engine.handed.size());
    }

    @Test
    void askingAgainGivesTheRecordedAnswer() {
        var first = send("a", KEY);
        await().until(() -> outbox.depth() == 0);
        var again = send("a", KEY);
        assertEquals(first.messageId(), again.messageId());
        assertEquals(first.sent(), again.sent());
        assertFalse(first.repeated());
        assertTrue(again.repeated());
        assertEquals(1, engine.handed.size());
    }

    @Test
    void manyAtOnceAreOneMessageAndAllHearOfIt() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var outcomes = IntStream.range(0, 20)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> send("a", KEY), threads))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
            assertEquals(
                    1,
                    outcomes.stream().map(Outbox.Outcome::messageId).distinct().count());
            assertTrue(outcomes.stream().allMatch(outcome -> outcome.sent().isPresent()));
            assertEquals(
                    1, outcomes.stream().filter(outcome -> !outcome.repeated()).count());
        }
        assertEquals(1, engine.handed.size());
    }

    @Test
    void anotherPrincipalsKeyIsAnotherKey() {
        send("a", KEY);
        send("a", Optional.of(new IdempotencyKey("bank", "order-1")));
        assertEquals(2, engine.handed.size());
    }

    @Test
    void afterADayTheKeyIsNewAgainAndItsRowGoes() {
        send("a", KEY);
        await().until(() -> outbox.depth() == 0);
        now.updateAndGet(at -> at.plus(Duration.ofHours(24)).plusSeconds(1));
        assertFalse(send("b", KEY).repeated());
        now.updateAndGet(at -> at.plus(Duration.ofHours(24)).plusSeconds(1));
        try (var upkeep =
                new Upkeep(store, now::get, Duration.ofDays(7), ChatStorage.KEEP, new gateway.process.Workers())) {
            upkeep.purge(new gateway.process.Workers().add(gateway.process.WorkerKind.OUTBOX_UPKEEP));
        }
        assertEquals(0, store.number("SELECT count(*) FROM idempotency"));
        assertEquals(2, store.number("SELECT count(*) FROM outbox"), "its message stays for its own time");
    }

    private Outbox.Outcome send(String body, Optional<IdempotencyKey> key) {
        return outbox.send(DEVICE, ScriptedEngine.SELF, ANN, new Content.Text(body, Content.Options.NONE), key);
    }
}
