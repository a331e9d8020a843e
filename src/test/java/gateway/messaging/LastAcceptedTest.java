package gateway.messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.database.Databases;
import gateway.messaging.LastAccepted.Where;
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
    /** Makes the ids of messages differ. */
    private int calls;

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
        calls++;
        store.write(tx -> tx.insert(ACCEPT, count, device, chat, chat + "/" + calls + "/"));
    }

    private Where where(String device, String chat) {
        return store.read(read -> accepted.where(read, device, chat));
    }

    private boolean mayWait(String device, String chat) {
        return !(where(device, chat) instanceof Where.Nowhere);
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

    @Test
    void theNumbersOfAChatAreThoseOfItsMessagesAmongTheLast() {
        accept(2, STAYS, "early");
        accept(OutboxShown.MAX_SHOWN - 2, STAYS, "many");
        assertEquals(new Where.Among("[1,2]"), where(STAYS, "early"));
        accept(1, STAYS, "early");
        assertEquals(new Where.Among("[2,10001]"), where(STAYS, "early"), "the first is one of 10,001");
        accept(1, STAYS, "late");
        assertEquals(new Where.Among("[10001]"), where(STAYS, "early"));
        assertEquals(new Where.Anywhere(), where(STAYS, "many"), "more than are listed");
    }

    @Test
    void aChatOfManyMessagesIsListedAgainOnceTheOthersAreFarEnough() {
        accept(AcceptedNumbers.MAX_LISTED, STAYS, "chat");
        assertEquals(AcceptedNumbers.MAX_LISTED, listed(where(STAYS, "chat")));
        accept(1, STAYS, "chat");
        assertEquals(new Where.Anywhere(), where(STAYS, "chat"));
        accept(OutboxShown.MAX_SHOWN - AcceptedNumbers.MAX_LISTED / 2 - 1, LEAVES, "many");
        assertEquals(AcceptedNumbers.MAX_LISTED / 2 + 1, listed(where(STAYS, "chat")));
    }

    @Test
    void ofAChatThatGoesOnTheOlderNumbersAreForgotten() {
        for (int chat = 0; chat < 50; chat++) {
            accept(200, STAYS, "chat" + chat);
        }
        assertTrue(mayWait(STAYS, "chat49"));
        accept(OutboxShown.MAX_SHOWN, LEAVES, "many");
        assertTrue(mayWait(LEAVES, "many"));
        for (int chat = 0; chat < 50; chat++) {
            accept(1, STAYS, "chat" + chat);
        }
        assertTrue(mayWait(STAYS, "chat0"));
        accept(OutboxShown.MAX_SHOWN, LEAVES, "many");
        assertEquals(new Where.Nowhere(), where(STAYS, "chat0"));
        assertTrue(accepted.learned.count() < 1_000, accepted.learned.count() + " numbers are kept");
        assertTrue(mayWait(LEAVES, "many"));
    }

    private static int listed(Where where) {
        return assertInstanceOf(Where.Among.class, where).numbers().split(",").length;
    }

    /** What the numbers lead to is what a look at all that wait finds, in whatever order messages came and went. */
    @Test
    void theNumbersLeadToTheSameMessagesAsALookAtAll() {
        var random = new Random(7);
        int led = 0;
        for (int turn = 0; turn < 60; turn++) {
            int count = 1 + random.nextInt(random.nextInt(4) == 0 ? 6_000 : 90);
            accept(count, STAYS, "chat" + random.nextInt(3));
            if (random.nextInt(5) == 0) {
                store.write(tx -> tx.delete("DELETE FROM outbox WHERE seq % 3 = 0"));
            }
            if (random.nextInt(9) == 0) {
                store.write(tx -> tx.delete("DELETE FROM outbox WHERE seq > (SELECT max(seq) FROM outbox) - 7000"));
            }
            var chat = "chat" + random.nextInt(3);
            long all = store.read(read -> read.number(
                    "SELECT count(*) FROM outbox WHERE chat = ? AND seq > (SELECT max(seq) FROM outbox) - 10000",
                    chat));
            switch (where(STAYS, chat)) {
                case Where.Nowhere() -> assertEquals(0, all);
                case Where.Anywhere() -> {}
                case Where.Among(var numbers) -> {
                    led++;
                    assertEquals(
                            all,
                            store.number(
                                    "SELECT count(*) FROM outbox WHERE chat = ? AND seq IN (SELECT value FROM json_each(?))",
                                    chat,
                                    numbers));
                }
            }
        }
        assertTrue(led > 10, "only " + led + " times there were numbers");
    }
}
