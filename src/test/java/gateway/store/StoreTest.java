package gateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.database.Databases;

@ParameterizedClass
@EnumSource(SqlDialect.class)
class StoreTest {
    private static final String ADD = "INSERT INTO device (id, created_at) VALUES (?, ?)";

    @TempDir
    Path directory;

    private final SqlDialect dialect;
    private Database database;

    StoreTest(SqlDialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void empty() {
        database = Databases.fresh(dialect, directory);
    }

    @Test
    void whoIsToldFirstHearsOfWritesInTheirOrderAndOfNoneThatFailed() throws Exception {
        try (var store = open()) {
            var gate = new CountDownLatch(1);
            store.writeLater(tx -> {
                await(gate);
                return 0;
            });
            var heard = new ArrayList<String>();
            var callers = new ArrayList<Thread>();
            for (int i = 0; i < 10; i++) {
                var id = "d" + i;
                var bad = i == 4;
                callers.add(Thread.ofVirtual().unstarted(() -> {
                    assertEquals(
                            bad,
                            fails(() -> store.write(
                                    tx -> {
                                        long place = tx.one(row -> row.number(1), "SELECT count(*) FROM device")
                                                .orElseThrow();
                                        tx.insert(ADD, id, place);
                                        if (bad) {
                                            throw new IllegalStateException("unit " + id);
                                        }
                                        return id;
                                    },
                                    heard::add)));
                }));
            }
            callers.forEach(Thread::start);
            gate.countDown();
            for (var caller : callers) {
                caller.join();
            }
            assertEquals(9, heard.size());
            assertEquals(store.all(row -> row.text(1), "SELECT id FROM device ORDER BY created_at"), heard);
        }
    }

    @Test
    void whoIsToldFirstFindsTheWriteOnDiskAndHoldsNobodyUpByFailing() {
        try (var store = open()) {
            var found = new ArrayList<Long>();
            store.write(tx -> tx.insert(ADD, "first", 1L), done -> {
                found.add(store.number("SELECT count(*) FROM device"));
                throw new IllegalStateException("of the listener");
            });
            assertEquals(List.of(1L), found);
            store.write(tx -> tx.insert(ADD, "second", 1L));
        }
    }

    @Test
    void whoIsToldFirstHidesNoNeighboursWriteByAnError() throws Exception {
        try (var store = open()) {
            var gate = new CountDownLatch(1);
            store.writeLater(tx -> {
                await(gate);
                return 0;
            });
            var first = Thread.ofPlatform()
                    .start(() -> store.write(tx -> tx.insert(ADD, "first", 1L), done -> {
                        throw new StackOverflowError("of the listener");
                    }));
            while (first.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            var neighbour = store.writeLater(tx -> tx.insert(ADD, "second", 1L));
            gate.countDown();
            assertEquals(1L, neighbour.join());
            first.join();
        }
    }

    private static boolean fails(Runnable write) {
        try {
            write.run();
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    @Test
    void aUnitThatFailsIsUndoneAloneAndItsNeighboursStay() {
        try (var store = open()) {
            var gate = new CountDownLatch(1);
            store.writeLater(tx -> {
                await(gate);
                return 0;
            });
            var units = new ArrayList<CompletableFuture<Long>>();
            for (int i = 0; i < 20; i++) {
                var id = "d" + i;
                var bad = i == 7 || i == 13;
                units.add(store.writeLater(tx -> {
                    var done = tx.insert(ADD, id, 1L);
                    if (bad) {
                        throw new IllegalStateException("unit " + id);
                    }
                    return done;
                }));
            }
            gate.countDown();
            for (int i = 0; i < 20; i++) {
                var unit = units.get(i);
                if (i == 7 || i == 13) {
                    var e = assertThrows(CompletionException.class, unit::join);
                    assertEquals("unit d" + i, e.getCause().getMessage());
                } else {
                    assertEquals(1L, unit.join());
                }
            }
            assertEquals(18, store.number("SELECT count(*) FROM device"));
        }
    }

    @Test
    void aFaultOfOneStatementIsNoOutage() {
        try (var store = open()) {
            assertFalse(
                    assertThrows(RowFault.class, () -> store.write(tx -> tx.insert("INSERT INTO nowhere VALUES (1)")))
                            .constraint());
            store.write(tx -> tx.insert(ADD, "a", 1L));
            assertTrue(assertThrows(RowFault.class, () -> store.write(tx -> tx.insert(ADD, "a", 1L)))
                    .constraint());
            assertTrue(assertThrows(
                            RowFault.class,
                            () -> store.write(
                                    tx -> tx.insert(
                                            "INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES ('none', 'c', 1, 1, 1)")))
                    .constraint());
            assertThrows(RowFault.class, () -> store.all(row -> row, "SELECT * FROM nowhere"));
            assertEquals(1, store.number("SELECT count(*) FROM device"));
        }
    }

    @Test
    void aWriteAfterCloseIsRefused() {
        var store = open();
        store.close();
        assertThrows(StoreUnavailable.class, () -> store.write(tx -> tx.insert(ADD, "a", 1L)));
    }

    @Test
    void aDatabaseOfANewerProgramIsRefused() {
        try (var store = open()) {
            store.write(tx -> tx.run("UPDATE flyway_schema_history SET version = '9999'"));
        }
        assertTrue(assertThrows(StoreFault.class, this::open).getMessage().contains("newer program"));
    }

    @Test
    void theNewestMigrationIsTheVersionTheProgramExpects() throws Exception {
        try (var files = Files.list(Path.of("src/main/resources/gateway/store/migration"))) {
            var newest = files.map(file -> file.getFileName().toString())
                    .mapToInt(name -> Integer.parseInt(name.substring(1, name.indexOf("__"))))
                    .max()
                    .orElseThrow();
            assertEquals(Schema.NEWEST, newest);
        }
    }

    @Test
    void messagesAndReactionsOutliveTheChangeOfTheirKeys() throws Exception {
        OldDatabase.make(
                database,
                8,
                "INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES ('from-before', 'c', 1, 1, 1)",
                """
                INSERT INTO message (device, chat, id, sender, from_me, kind, body, content, sent_at, created_at, updated_at, starred, edited_at, revoked_at)
                VALUES ('from-before', 'c', 'm', 's', 1, 'text', 'b', '{}', 2, 3, 4, 1, 5, 6)""",
                "INSERT INTO reaction (device, chat, message, sender, emoji, reacted_at) VALUES ('from-before', 'c', 'm', 's', 'e', 7)");
        try (var store = open()) {
            assertEquals(1, store.number("""
                    SELECT count(*) FROM message m JOIN reaction r ON r.device = m.device AND r.chat = m.chat AND r.message = m.id
                    WHERE m.id = 'm' AND m.sender = 's' AND m.from_me = 1 AND m.kind = 'text' AND m.body = 'b' AND m.content = '{}'
                      AND m.sent_at = 2 AND m.created_at = 3 AND m.updated_at = 4 AND m.starred = 1 AND m.edited_at = 5
                      AND m.revoked_at = 6 AND r.emoji = 'e' AND r.reacted_at = 7"""));
            store.write(tx -> tx.delete("DELETE FROM device WHERE id = 'from-before'"));
            assertEquals(0, store.number("SELECT (SELECT count(*) FROM message) + (SELECT count(*) FROM reaction)"));
        }
    }

    @Test
    void aDatabaseOfTheVersionBeforeOpensAndNothingInItIsSetAside() throws Exception {
        OldDatabase.make(
                database,
                10,
                "INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES ('from-before', 'c', 1, 1, 1)",
                """
                INSERT INTO message (device, chat, id, sender, from_me, kind, body, content, sent_at, created_at, updated_at)
                VALUES ('from-before', 'c', 'm', 's', 1, 'text', 'b', '{}', 2, 3, 4)""",
                "INSERT INTO outbox (device, chat, message_id, content, due_at, accepted_at) VALUES ('from-before', 'c', 'w', '{}', 1, 1)",
                "INSERT INTO event (id, device, type, happened_at) VALUES ('e', 'from-before', 'message', 1)",
                "INSERT INTO delivery (event, endpoint, body, due_at) VALUES ('e', 'a', '{}', 1)");
        try (var store = open()) {
            assertEquals(
                    1,
                    store.number(
                            "SELECT count(*) FROM outbox WHERE state = 0 AND aside_at IS NULL AND aside_why = ''"));
            assertEquals(
                    1,
                    store.number(
                            "SELECT count(*) FROM delivery WHERE state = 0 AND aside_at IS NULL AND aside_why = ''"));
            assertEquals(1, store.number("SELECT count(*) FROM message WHERE refused = ''"));
        }
    }

    @Test
    void theMessagesOfAnOlderDatabaseAreCounted() throws Exception {
        OldDatabase.make(
                database,
                11,
                "INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES ('from-before', 'c', 1, 1, 1)",
                "INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES ('from-before', 'e', 1, 1, 1)",
                """
                INSERT INTO message (device, chat, id, sender, from_me, kind, body, content, sent_at, created_at, updated_at)
                VALUES ('from-before', 'c', 'm', 's', 1, 'text', 'b', '{}', 2, 3, 4), ('from-before', 'c', 'n', 's', 1, 'text', 'b', '{}', 2, 3, 4)""");
        try (var store = open()) {
            assertEquals(2, store.number("SELECT messages FROM chat WHERE jid = 'c'"));
            assertEquals(0, store.number("SELECT messages FROM chat WHERE jid = 'e'"));
        }
    }

    private Store open() {
        return Store.open(database);
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
