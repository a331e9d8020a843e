package gateway.messaging;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.database.Databases;
import gateway.engine.Content;
import gateway.engine.Event;
import gateway.engine.Jid;
import gateway.engine.sandbox.SandboxEngine;
import gateway.store.SqlDialect;
import gateway.store.Store;
import gateway.store.Tx;

@ParameterizedClass
@EnumSource(SqlDialect.class)
class InboxTest {
    private static final Jid ANN = Jid.ofPhone("6281234567890");
    private static final String DEVICE = "default";

    @TempDir
    Path directory;

    private final SqlDialect dialect;
    private final List<Event> told = new CopyOnWriteArrayList<>();
    private final AtomicBoolean broken = new AtomicBoolean();
    private Store store;
    private Chats chats;

    InboxTest(SqlDialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open() {
        store = Store.open(Databases.fresh(dialect, directory));
        store.write(tx -> tx.insert("INSERT INTO device (id, created_at) VALUES (?, 1)", DEVICE));
        chats = new Chats(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void anEventThatCannotBeToldToTheWebhooksIsNotKeptEither() {
        broken.set(true);
        assertThrows(IllegalStateException.class, () -> inbox().accept(message("1", "hello")));
        assertEquals(0, store.number("SELECT count(*) FROM message"));
        broken.set(false);
        inbox().accept(message("1", "hello"));
        assertEquals(1, store.number("SELECT count(*) FROM message"));
    }

    @Test
    void webhooksAreWokenOnlyForWhatTheyAreTold() {
        var woken = new AtomicInteger();
        var inbox = InboxRig.inbox(DEVICE, store, Optional.empty(), new EventSink() {
            @Override
            public boolean enqueue(Tx tx, String account, Event event) {
                return event instanceof Event.Message told && told.id().equals("2");
            }

            @Override
            public void wake() {
                woken.incrementAndGet();
            }
        });
        inbox.accept(message("1", "nobody is told"));
        assertEquals(0, woken.get());
        inbox.accept(List.of(message("2", "somebody is told"), message("3", "nobody is told")), tx -> null);
        assertEquals(1, woken.get());
    }

    @Test
    void aMessageOfferedTwiceIsKeptAndToldOnce() {
        inbox().accept(message("1", "hello"));
        inbox().accept(message("1", "hello"));
        assertEquals(1, told.size());
        assertEquals(
                1,
                new History(store)
                        .messages(DEVICE, ANN, all())
                        .orElseThrow()
                        .page()
                        .total());
    }

    @Test
    void aChatCarriesTheSendersNameAndItsNewestTime() {
        inbox().accept(message("1", "hello"));
        inbox().accept(new Event.Message("2", ANN, ANN, false, "", text("again"), 5_000));
        var chat = chats.find(DEVICE, ANN).orElseThrow();
        assertEquals("Ann", chat.name());
        assertEquals(5_000, chat.lastMessageAt());
    }

    @Test
    void searchTakesItsWildcardsLiterally() {
        inbox().accept(message("1", "100% sure"));
        inbox().accept(message("2", "1000 sure"));
        var found = new History(store)
                .messages(
                        DEVICE,
                        ANN,
                        new Chats.MessageQuery(
                                50,
                                0,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                false,
                                "100%"))
                .orElseThrow()
                .page();
        assertEquals(List.of("1"), found.rows().stream().map(History.Shown::id).toList());
        assertEquals(1, found.total());
    }

    @Test
    void whatTheSandboxCouldNotReportBeforeACrashIsReportedAfterIt() {
        var engine =
                new SandboxEngine(new gateway.engine.MediaFiles(directory.resolve("media")), InstantSource.system());
        var session = engine.open(DEVICE, store, inbox());
        session.pair();
        session.scan();
        broken.set(true);
        session.scenario().receive(ANN, ANN, "Ann", text("hello"), false);
        session.close();
        assertEquals(0, store.number("SELECT count(*) FROM message"));
        broken.set(false);
        try (var again = new SandboxEngine(
                        new gateway.engine.MediaFiles(directory.resolve("media")), InstantSource.system())
                .open(DEVICE, store, inbox())) {
            await().atMost(Duration.ofSeconds(5)).until(() -> store.number("SELECT count(*) FROM message") == 1);
            assertTrue(again.status().loggedIn(), "pairing survives");
        }
    }

    private Inbox inbox() {
        return InboxRig.inbox(DEVICE, store, Optional.empty(), event -> {
            if (broken.get()) {
                throw new IllegalStateException("the webhook queue is broken");
            }
            told.add(event);
        });
    }

    private static Event.Message message(String id, String body) {
        return new Event.Message(id, ANN, ANN, false, "Ann", text(body), 1_000);
    }

    private static Content text(String body) {
        return new Content.Text(body, Content.Options.NONE);
    }

    private static Chats.MessageQuery all() {
        return new Chats.MessageQuery(
                50, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false, "");
    }
}
