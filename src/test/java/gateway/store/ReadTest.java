package gateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import gateway.database.Databases;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
class ReadTest {
    private static final String ADD = "INSERT INTO device (id, created_at) VALUES (?, ?)";
    private static final String COUNT = "SELECT count(*) FROM device";

    @TempDir
    Path directory;
    private final Dialect dialect;
    private Store store;

    ReadTest(Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open() {
        store = Store.open(Databases.fresh(dialect, directory));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void allStatementsOfOneReadSeeOneState() {
        add("a");
        var seen = store.read(read -> {
            long before = read.number(COUNT);
            add("b");
            return List.of(before, read.number(COUNT), (long) read.all(row -> row.text(1), "SELECT id FROM device").size());
        });
        assertEquals(List.of(1L, 1L, 1L), seen);
        assertEquals(2, (long) store.read(read -> read.number(COUNT)));
    }

    @Test
    void rowsAreReadByPosition() {
        add("ä 🙏");
        store.read(read -> {
            var row = read.one(found -> found.text(1) + found.number(2) + found.flag(3) + found.text(4),
                    "SELECT id, created_at, 1, NULL FROM device WHERE id = ? AND created_at = ?", "ä 🙏", 7L);
            assertEquals("ä 🙏7truenull", row.orElseThrow());
            assertTrue(read.any("SELECT 1 FROM device WHERE created_at = ?", 7));
            assertFalse(read.any("SELECT 1 FROM device WHERE created_at = ?", 8));
            return row;
        });
    }

    @Test
    void aReadThatTakesTooLongIsStoppedAndItsConnectionServesOthers() {
        var slow = dialect == Dialect.POSTGRES ? "SELECT count(*) FROM (SELECT pg_sleep(60)) AS t"
                : "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
        long began = System.nanoTime();
        assertTrue(assertThrows(StoreUnavailable.class, () -> store.read(read -> read.number(slow))).tooLong());
        var took = Duration.ofNanos(System.nanoTime() - began);
        assertTrue(took.compareTo(Duration.ofSeconds(20)) < 0, took.toString());
        for (int i = 0; i < 20; i++) {
            assertEquals(0, (long) store.read(read -> read.number(COUNT)));
        }
    }

    @Test
    void aReadThatFailsGivesItsConnectionBack() {
        for (int i = 0; i < 20; i++) {
            assertThrows(RowFault.class, () -> store.read(read -> read.number("SELECT nothing FROM device")));
            assertThrows(IllegalStateException.class, () -> store.read(read -> {
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
            tx.insert("INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES ('d', 'c', 1, 1, 1)");
            tx.insert("INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES ('d', 'e', 1, 1, 1)");
            for (var chat : List.of("c", "c", "e")) {
                for (var id : List.of("1", "2")) {
                    tx.insert("INSERT INTO message (device, chat, id, sender, from_me, kind, content, sent_at, created_at, updated_at) "
                            + "VALUES ('d', ?, ?, 's', 0, 'text', '{}', 1, 1, 1) ON CONFLICT (device, chat, id) DO NOTHING", chat, id);
                }
            }
            return tx.delete("DELETE FROM message WHERE chat = 'c' AND id = '2'");
        });
        assertEquals(List.of(1L, 2L), store.read(read -> read.all(row -> row.number(1), "SELECT messages FROM chat ORDER BY jid")));
        store.write(tx -> tx.delete("DELETE FROM chat WHERE jid = 'e'"));
        store.write(tx -> tx.delete("DELETE FROM device"));
        assertEquals(0, (long) store.read(read -> read.number("SELECT (SELECT count(*) FROM chat) + (SELECT count(*) FROM message)")));
    }

    private void add(String id) {
        store.write(tx -> tx.insert(ADD, id, 7L));
    }
}
