package gateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.database.Databases;
import gateway.engine.Jid;
import gateway.messaging.Chats;
import gateway.messaging.History;

@ParameterizedClass
@EnumSource(SqlDialect.class)
class ReadTest {
    private static final String ADD = "INSERT INTO device (id, created_at) VALUES (?, ?)";
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final String COUNT = "SELECT count(*) FROM device";

    @TempDir
    Path directory;

    private final SqlDialect dialect;
    private Database database;
    private Store store;

    ReadTest(SqlDialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open() {
        database = Databases.fresh(dialect, directory);
        store = Store.open(database);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aTextIsReadAsItWasStored() {
        for (var text : List.of("", "plain", "zażółć, 漢字, 😀", "x".repeat(100_000))) {
            assertEquals(
                    Optional.of(text),
                    store.read(read -> read.one(row -> row.text(1), "SELECT CAST(? AS TEXT)", text)));
        }
        assertEquals(
                Optional.of("42 true"),
                store.read(read ->
                        read.one(row -> row.text(1) + " " + (row.text(2) == null), "SELECT 42, CAST(NULL AS TEXT)")));
    }

    @Test
    void allStatementsOfOneReadSeeOneState() {
        add("a");
        var seen = store.read(read -> {
            long before = read.number(COUNT);
            add("b");
            return List.of(before, read.number(COUNT), (long)
                    read.all(row -> row.text(1), "SELECT id FROM device").size());
        });
        assertEquals(List.of(1L, 1L, 1L), seen);
        assertEquals(2, (long) store.read(read -> read.number(COUNT)));
    }

    @Test
    void rowsAreReadByPosition() {
        add("ä 🙏");
        store.read(read -> {
            var row = read.one(
                    found -> found.text(1) + found.number(2) + found.flag(3) + found.text(4),
                    "SELECT id, created_at, 1, NULL FROM device WHERE id = ? AND created_at = ?",
                    "ä 🙏",
                    7L);
            assertEquals("ä 🙏7truenull", row.orElseThrow());
            assertTrue(read.any("SELECT 1 FROM device WHERE created_at = ?", 7));
            assertFalse(read.any("SELECT 1 FROM device WHERE created_at = ?", 8));
            return row;
        });
    }

    @Test
    void aReadThatTakesTooLongIsStoppedAndItsConnectionServesOthers() {
        var slow = dialect == SqlDialect.POSTGRES
                ? "SELECT count(*) FROM (SELECT pg_sleep(60)) AS t"
                : "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
        store.close();
        store = Store.open(database, SHORT);
        long began = System.nanoTime();
        assertTrue(assertThrows(StoreUnavailable.class, () -> store.read(read -> read.number(slow)))
                .tooLong());
        var took = Duration.ofNanos(System.nanoTime() - began);
        assertTrue(took.compareTo(Duration.ofSeconds(20)) < 0, took.toString());
        for (int i = 0; i < 20; i++) {
            assertEquals(0, (long) ReadTest.<Long>answered(() -> store.read(read -> read.number(COUNT))));
        }
    }

    @Test
    void everyReadHasAnEndWhateverReads() {
        var endless = dialect == SqlDialect.POSTGRES
                ? "SELECT i FROM generate_series(1, 1000000000000) AS g (i) WHERE i % 1000 = 0 OR i < 1000 AND ? = 'x'"
                : "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i % 1000 = 0 OR ? = 'x'";
        store.close();
        store = Store.open(database, SHORT);
        for (int i = 0; i < 8; i++) {
            assertTrue(assertThrows(
                            StoreUnavailable.class,
                            () -> store.number("SELECT count(*) FROM (" + endless + ") AS t", "y"))
                    .tooLong());
            assertTrue(assertThrows(StoreUnavailable.class, () -> store.all(row -> 0, endless, "y"))
                    .tooLong());
            assertTrue(assertThrows(StoreUnavailable.class, () -> store.read(read -> read.all(row -> 0, endless, "y")))
                    .tooLong());
            assertEquals(0, answered(() -> store.number(COUNT)));
        }
    }

    @Test
    void aSearchOfOneLetterIsBoundedAndOthersAreAnsweredBeside() throws Exception {
        var text = dialect == SqlDialect.POSTGRES ? "repeat('ab', 8000)" : "replace(hex(zeroblob(8000)), '00', 'ab')";
        store.write(tx -> {
            tx.insert(ADD, "d", 1L);
            tx.insert(
                    "INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES ('d', 'c@g.us', 1, 1, 1)");
            return tx.insert("""
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
                    INSERT INTO message (device, chat, id, sender, from_me, kind, body, content, sent_at, created_at, updated_at)
                    SELECT 'd', 'c@g.us', 'M' || i, 's', 0, 'text', %s, '{}', i, i, i FROM n""".formatted(text));
        });
        store.close();
        store = Store.open(database, SHORT);
        var history = new History(store);
        var search = new Chats.MessageQuery(
                50, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false, "e");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var searches = new ArrayList<Future<?>>();
            for (int i = 0; i < 20; i++) {
                searches.add(threads.submit(() -> history.messages("d", Jid.parse("c@g.us"), search)));
            }
            for (int i = 0; i < 20; i++) {
                assertEquals(
                        1,
                        answered(() -> history.chats(
                                        "d", new Chats.ChatQuery(25, 0, Optional.empty(), "", false, Optional.empty())))
                                .total());
            }
            for (var one : searches) {
                var refused = assertThrows(ExecutionException.class, one::get);
                assertTrue(refused.getCause() instanceof StoreUnavailable late && late.tooLong(), refused.toString());
            }
        }
    }

    @Test
    void aReadThatFailsGivesItsConnectionBack() {
        for (int i = 0; i < 20; i++) {
            assertThrows(RowFault.class, () -> store.read(read -> read.number("SELECT nothing FROM device")));
            assertThrows(
                    IllegalStateException.class,
                    () -> store.read(read -> {
                        read.number(COUNT);
                        throw new IllegalStateException("ours");
                    }));
        }
        assertEquals(0, (long) store.read(read -> read.number(COUNT)));
    }

    @Test
    void aChatsMessagesAreCountedAsTheyComeAndGo() {
        store.write(tx -> {
            tx.insert(ADD, "d", 1L);
            tx.insert(
                    "INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES ('d', 'c', 1, 1, 1)");
            tx.insert(
                    "INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES ('d', 'e', 1, 1, 1)");
            for (var chat : List.of("c", "c", "e")) {
                for (var id : List.of("1", "2")) {
                    tx.insert(
                            "INSERT INTO message (device, chat, id, sender, from_me, kind, content, sent_at, created_at, updated_at) "
                                    + "VALUES ('d', ?, ?, 's', 0, 'text', '{}', 1, 1, 1) ON CONFLICT (device, chat, id) DO NOTHING",
                            chat,
                            id);
                }
            }
            return tx.delete("DELETE FROM message WHERE chat = 'c' AND id = '2'");
        });
        assertEquals(
                List.of(1L, 2L),
                store.read(read -> read.all(row -> row.number(1), "SELECT messages FROM chat ORDER BY jid")));
        store.write(tx -> tx.delete("DELETE FROM chat WHERE jid = 'e'"));
        store.write(tx -> tx.delete("DELETE FROM device"));
        assertEquals(0, (long)
                store.read(read -> read.number("SELECT (SELECT count(*) FROM chat) + (SELECT count(*) FROM message)")));
    }

    /** A short read may be stopped too, when a busy machine keeps it waiting for longer than this test's limit. */
    private static <T> T answered(Supplier<T> read) {
        for (int again = 0; again < 200; again++) {
            try {
                return read.get();
            } catch (StoreUnavailable late) {
                assertTrue(late.tooLong(), late.toString());
            }
        }
        throw new AssertionError("a short read was never answered");
    }

    private void add(String id) {
        store.write(tx -> tx.insert(ADD, id, 7L));
    }
}
