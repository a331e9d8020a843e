package gateway.messaging;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.database.Databases;
import gateway.store.SqlDialect;
import gateway.store.Store;

/** Which chats can have a waiting message, when accepted messages come and go. */
class LastAcceptedTest {
    private static final String STAYS = "stays";
    private static final String LEAVES = "leaves";
    private static final String ACCEPT = """
            WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
            INSERT INTO outbox (device, chat, message_id, content, due_at, accepted_at)
            SELECT ?, ?, ? || n, '', 0, 0 FROM number""";

    private final LastAccepted accepted = new LastAccepted(SqlDialect.SQLITE);
    private Store store;

    @BeforeEach
    void open(@TempDir Path directory) {
        store = Store.open(Databases.fresh(SqlDialect.SQLITE, directory));
        for (var device : new String[] {STAYS, LEAVES}) {
            store.write(tx -> tx.insert("INSERT INTO device (id, created_at) VALUES (?, 1)", device));
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void accept(int count, String device, String chat) {
        store.write(tx -> tx.insert(ACCEPT, count, device, chat, chat));
    }

    private boolean mayWait(String device, String chat) {
        return store.read(read -> accepted.mayWait(read, device, chat));
    }

    @Test
    void aChatMayWaitWhileItsMessageIsAmongTheLast() {
        accept(1, STAYS, "early");
        assertTrue(mayWait(STAYS, "early"));
        assertFalse(mayWait(STAYS, "none"));
        assertFalse(mayWait(LEAVES, "early"), "the same chat of another account");
        accept(OutboxShown.MAX_SHOWN, STAYS, "late");
        assertFalse(mayWait(STAYS, "early"));
        assertTrue(mayWait(STAYS, "late"));
    }

    @Test
    void earlierMessagesAreLearnedAgainWhenTheNewestAreRemoved() {
        accept(1, STAYS, "early");
        accept(3 * OutboxShown.MAX_SHOWN, LEAVES, "many");
        assertFalse(mayWait(STAYS, "early"));
        store.write(tx -> tx.update("DELETE FROM device WHERE id = ?", LEAVES));
        assertTrue(mayWait(STAYS, "early"), "it is among the last again");
        accept(1, STAYS, "next");
        assertTrue(mayWait(STAYS, "next"));
        assertFalse(mayWait(STAYS, "early"), "no number is given twice, so it is far from the newest again");
    }
}
