package gateway.messaging;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.database.Databases;
import gateway.engine.Content;
import gateway.engine.EngineRefusal;
import gateway.engine.Jid;
import gateway.engine.MediaFiles;
import gateway.engine.sandbox.SandboxEngine;
import gateway.process.WorkerKind;
import gateway.process.Workers;
import gateway.store.SqlDialect;
import gateway.store.Store;

/** One message, or one event, that cannot be worked on stops nothing but itself. */
@ParameterizedClass
@EnumSource(SqlDialect.class)
class OutboxPoisonTest {
    private static final Jid ANN = Jid.ofPhone("6281234567890");
    private static final String DEVICE = "default";
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Chats.MessageQuery ALL = new Chats.MessageQuery(
            100, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false, "");

    @Parameter
    SqlDialect dialect;

    @TempDir
    Path directory;

    private final ScriptedEngine engine = new ScriptedEngine();
    private final Workers workers = new Workers();
    private Store store;
    private Outbox outbox;
    private Accounts accounts;

    @BeforeEach
    void open() {
        store = Store.open(Databases.fresh(dialect, directory));
        outbox = new Outbox(store, InstantSource.system(), Duration.ZERO);
        accounts = new Accounts(
                store, engine, outbox, EventSink.NONE, InstantSource.system(), AutoActions.NONE, Pacing.NONE, workers);
        engine.connected = false;
        accounts.open(DEVICE);
    }

    @AfterEach
    void close() {
        accounts.close();
        store.close();
    }

    @Test
    void aRowThatCannotBeReadIsSetAsideAndItsChatGoesOn() {
        send("first");
        var poison = send("poison");
        send("last");
        store.write(tx -> tx.update("UPDATE outbox SET content = '{\"kind\":' WHERE message_id = ?", poison));
        assertEquals(
                3,
                new History(store)
                        .messages(DEVICE, ANN, ALL)
                        .orElseThrow()
                        .page()
                        .rows()
                        .size(),
                "the others of the chat are shown");
        engine.connected = true;
        await().atMost(SOON).until(() -> outbox.depth() == 0);
        assertEquals(List.of("first", "last"), bodies());
        var entry = new OutboxBook(store, InstantSource.system())
                .list(Optional.of(OutboxState.ASIDE), 10)
                .getFirst();
        assertEquals(poison, entry.messageId());
        assertTrue(entry.error().startsWith("it cannot be read"), entry.error());
        assertEquals(1, outbox.aside());
        assertTrue(store.number("SELECT aside_at FROM outbox WHERE state = 4") > 0);
        assertTrue(workers.stuck().isEmpty());
    }

    @Test
    void aMessageTheEngineFailsWithIsTriedThreeTimesAndSetAsideAndSentWhenAPersonSaysSo() {
        var poison = send("poison");
        send("last");
        engine.faulty = "poison";
        engine.connected = true;
        await().atMost(SOON).until(() -> outbox.depth() == 0);
        assertEquals(List.of("poison", "poison", "poison", "last"), bodies());
        var shown = new Chats(store).message(DEVICE, poison).orElseThrow();
        assertTrue(shown.refused().startsWith("set aside"), shown.refused());
        engine.faulty = "";
        assertEquals(1, new OutboxBook(store, InstantSource.system()).retryAside());
        await().atMost(SOON).until(() -> store.number("SELECT count(*) FROM outbox WHERE state = 1") == 2);
        await().atMost(SOON)
                .until(() -> new Chats(store)
                        .message(DEVICE, poison)
                        .orElseThrow()
                        .refused()
                        .isEmpty());
        assertEquals(0, outbox.aside());
    }

    @Test
    void aMarkThatTheDatabaseRefusesSetsItsMessageAsideAndNoOther() {
        var poison = send("poison");
        send("last");
        trap();
        engine.connected = true;
        await().atMost(SOON).until(() -> outbox.depth() == 0);
        assertEquals(List.of("poison", "last"), bodies(), "it went out once");
        var entry = new OutboxBook(store, InstantSource.system())
                .list(Optional.of(OutboxState.ASIDE), 10)
                .getFirst();
        assertEquals(poison, entry.messageId());
        assertTrue(entry.error().contains("WhatsApp took it"), entry.error());
    }

    @Test
    void aPassingRefusalSetsNothingAside() {
        send("first");
        for (int i = 0; i < 2; i++) {
            engine.refusals.add(new EngineRefusal(EngineRefusal.Reason.TRY_LATER, "slow down"));
        }
        engine.connected = true;
        await().atMost(SOON).until(() -> outbox.depth() == 0);
        assertEquals(0, outbox.aside());
    }

    @Test
    void anEventThatCannotBeStoredIsSetAsideAndTheOthersAreTold() {
        accounts.close();
        store.write(tx -> {
            tx.update("UPDATE device SET engine = 'sandbox'");
            tx.insert(
                    "INSERT INTO sandbox_account (device, jid, push_name, paired_at) VALUES (?, ?, 'x', 1)",
                    DEVICE,
                    ScriptedEngine.SELF.toString());
            for (int i = 0; i < 40; i++) {
                tx.insert(
                        """
                        INSERT INTO sandbox_pending (device, kind, wire_id, chat, sender, content, due_at)
                        VALUES (?, 'message', ?, ?, ?, ?, 1)""",
                        DEVICE,
                        "IN" + i,
                        ANN.toString(),
                        ANN.toString(),
                        i == 11 ? "{no json" : "{\"kind\":\"text\",\"body\":\"hello\"}");
            }
            return null;
        });
        var sandbox = new SandboxEngine(
                new MediaFiles(directory.resolve("media")),
                InstantSource.system(),
                workers,
                gateway.engine.sandbox.InboundRules.ALL);
        accounts = new Accounts(
                store, sandbox, outbox, EventSink.NONE, InstantSource.system(), AutoActions.NONE, Pacing.NONE, workers);
        accounts.open(DEVICE);
        await().atMost(SOON).untilAsserted(() -> assertEquals(39, store.number("SELECT count(*) FROM message")));
        await().atMost(SOON)
                .untilAsserted(() -> assertEquals(
                        1,
                        store.number("SELECT count(*) FROM sandbox_pending WHERE aside_at > 0 AND aside_why <> ''")));
        assertEquals(1, store.number("SELECT count(*) FROM sandbox_pending"));
        await().atMost(SOON)
                .until(() -> workers.stalled(WorkerKind.SANDBOX_EVENTS).isZero());
    }

    private String send(String body) {
        return outbox.send(DEVICE, ScriptedEngine.SELF, ANN, new Content.Text(body, Content.Options.NONE))
                .messageId();
    }

    private List<String> bodies() {
        return engine.handed.stream().map(ScriptedEngine.Handed::body).toList();
    }

    /** The database refuses to keep one message, as a constraint would. */
    private void trap() {
        var statements = switch (dialect) {
            case SQLITE ->
                List.of(
                        "CREATE TRIGGER trap BEFORE INSERT ON message WHEN NEW.body = 'poison' BEGIN SELECT RAISE(ABORT, 'not this one'); END");
            case POSTGRES ->
                List.of(
                        "CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$",
                        "CREATE TRIGGER trap BEFORE INSERT ON message FOR EACH ROW WHEN (NEW.body = 'poison') EXECUTE FUNCTION trap()");
        };
        statements.forEach(statement -> store.write(tx -> tx.run(statement)));
    }
}
