package gateway.messaging;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

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

/** The book is opened as another process would: beside the server, on a connection of its own. */
@ParameterizedClass
@EnumSource(SqlDialect.class)
class OutboxBookTest {
    private static final Jid ANN = Jid.ofPhone("6281234567890");
    private static final String DEVICE = "default";

    @TempDir
    Path directory;

    private final SqlDialect dialect;
    private final ScriptedEngine engine = new ScriptedEngine();
    private Store store;
    private Store beside;
    private Outbox outbox;
    private Accounts accounts;
    private OutboxBook book;

    OutboxBookTest(SqlDialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open() {
        var database = Databases.fresh(dialect, directory);
        store = Store.open(database);
        beside = Store.open(database);
        book = new OutboxBook(beside, InstantSource.system());
        outbox = new Outbox(store, InstantSource.system(), Duration.ofMillis(100));
        accounts = new Accounts(store, engine, outbox, EventSink.NONE, InstantSource.system());
    }

    @AfterEach
    void close() {
        accounts.close();
        beside.close();
        store.close();
    }

    @Test
    void aCancelledMessageIsNeverSent() {
        engine.connected = false;
        accounts.open(DEVICE);
        var taken = send("a");
        var kept = send("b");
        // Long enough that the server has both of them in memory.
        await().pollDelay(Duration.ofMillis(1_500)).until(() -> book.cancel(taken));
        assertFalse(book.cancel(taken));
        engine.connected = true;
        await().untilAsserted(() -> assertEquals(
                List.of("b"),
                engine.handed.stream().map(ScriptedEngine.Handed::body).toList()));
        await().until(() -> outbox.depth() == 0);
        assertFalse(book.cancel(kept), "what was sent cannot be taken back");
        assertEquals(Optional.of(OutboxState.CANCELLED), stateOf(taken));
        assertEquals(Optional.of(OutboxState.SENT), stateOf(kept));
    }

    @Test
    void aFailedMessageIsSentAfterRetryUnderItsOwnId() {
        engine.connected = false;
        accounts.open(DEVICE);
        var queued = send("a");
        engine.refusals.add(new EngineRefusal(Reason.REJECTED, "no"));
        engine.connected = true;
        await().until(() -> stateOf(queued).equals(Optional.of(OutboxState.FAILED)));
        var failed = book.list(Optional.of(OutboxState.FAILED), 10).getFirst();
        assertEquals("no", failed.error());
        assertTrue(book.retry(failed.messageId()));
        await().until(() -> engine.handed.size() == 2);
        assertEquals(
                1,
                engine.handed.stream().map(ScriptedEngine.Handed::id).distinct().count());
        await().until(() -> stateOf(failed.messageId()).equals(Optional.of(OutboxState.SENT)));
        assertFalse(book.retry(failed.messageId()), "what was sent is not sent again");
    }

    @Test
    void aMessageThatWaitsForItsNextAttemptIsSentAtOnceAfterRetry() {
        accounts.open(DEVICE);
        for (int i = 0; i < 3; i++) {
            engine.refusals.add(new EngineRefusal(Reason.TRY_LATER, "slow down"));
        }
        var id = send("a");
        await().atMost(Duration.ofSeconds(15)).until(() -> engine.handed.size() == 3);
        assertTrue(book.retry(id), "its next attempt is half a minute away");
        await().atMost(Duration.ofSeconds(5)).until(() -> stateOf(id).equals(Optional.of(OutboxState.SENT)));
        assertEquals(4, engine.handed.size());
    }

    @Test
    void finishedMessagesAreLetGoAfterTheirTimeAndWaitingOnesNever() {
        accounts.open(DEVICE);
        for (int i = 0; i < 3; i++) {
            send("m" + i);
        }
        await().until(() -> outbox.depth() == 0);
        engine.connected = false;
        send("waits");
        var later = InstantSource.offset(InstantSource.system(), Duration.ofDays(8));
        try (var upkeep =
                new Upkeep(beside, later, Duration.ofDays(7), ChatStorage.KEEP, new gateway.process.Workers())) {
            upkeep.purge(new gateway.process.Workers().add(gateway.process.WorkerKind.OUTBOX_UPKEEP));
        }
        assertEquals(1, store.number("SELECT count(*) FROM outbox"));
        assertEquals(1, outbox.depth());
    }

    private Optional<OutboxState> stateOf(String id) {
        return book.list(Optional.empty(), 100).stream()
                .filter(entry -> entry.messageId().equals(id))
                .map(OutboxBook.Entry::state)
                .findAny();
    }

    private String send(String body) {
        return outbox.send(DEVICE, ScriptedEngine.SELF, ANN, new Content.Text(body, Content.Options.NONE))
                .messageId();
    }
}
