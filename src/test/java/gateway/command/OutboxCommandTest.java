package gateway.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.InstantSource;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import gateway.messaging.OutboxBook;
import gateway.store.Database;
import gateway.store.Store;

class OutboxCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void aWaitingAndASentMessage() {
        try (var store = open()) {
            store.write(tx -> {
                tx.insert("INSERT INTO device (id, created_at) VALUES ('default', 1)");
                return tx.insert("""
                        INSERT INTO outbox (device, chat, message_id, content, state, due_at, accepted_at)
                        VALUES ('default', 'c', 'WAITS', '{"body":"a secret word"}', 0, 1, 1),
                               ('default', 'c', 'GONE', '{"body":"a secret word"}', 1, 1, 1)""");
            });
        }
    }

    @Test
    void whatIsNotThereIsNamedWithTheWayToLook() {
        assertEquals(2, run("cancel", "NOWHERE"));
        assertTrue(err.toString().contains("NOWHERE. See: whatsapp outbox list"), err.toString());
        assertEquals(2, run("cancel", "GONE"));
        assertEquals(2, run("retry", "GONE"));
        assertEquals(2, run("list", "--status", "lost"));
    }

    @Test
    void theListShowsEverythingButTheWords() {
        assertEquals(0, run("list"));
        assertTrue(out.toString().contains("WAITS") && out.toString().contains("GONE"));
        assertFalse(out.toString().contains("secret"));
    }

    @Test
    void aWaitingMessageIsCancelledAndThenQueuedAgain() {
        assertEquals(0, run("cancel", "WAITS"));
        assertEquals(0, run("list", "--status", "cancelled"));
        assertTrue(out.toString().contains("cancelled"));
        assertEquals(0, run("retry", "WAITS"));
        try (var store = open()) {
            assertEquals(1, store.number("SELECT count(*) FROM outbox WHERE state = 0 AND message_id = 'WAITS'"));
        }
    }

    @Test
    void whatIsSetAsideIsListedWithItsReasonAndSentAgain() {
        try (var store = open()) {
            store.write(
                    tx -> tx.update(
                            "UPDATE outbox SET state = 4, aside_at = 5, aside_why = 'it cannot be read' WHERE message_id = 'WAITS'"));
        }
        assertEquals(0, run("list", "--status", "aside"));
        assertTrue(out.toString().contains("WAITS") && out.toString().contains("it cannot be read"), out.toString());
        assertFalse(out.toString().contains("GONE"));
        assertEquals(2, run("retry"));
        assertEquals(2, run("retry", "--status", "failed"));
        assertEquals(2, run("retry", "WAITS", "--status", "aside"));
        assertEquals(0, run("retry", "--status", "aside"));
        assertTrue(out.toString().contains("1 queued again"), out.toString());
        try (var store = open()) {
            assertEquals(
                    1,
                    store.number(
                            "SELECT count(*) FROM outbox WHERE state = 0 AND message_id = 'WAITS' AND aside_why = '' AND aside_at IS NULL"));
        }
    }

    private int run(String... arguments) {
        return new CommandLine(new OutboxCommand(() -> {
                    var store = open();
                    return new OutboxCommand.Book(new OutboxBook(store, InstantSource.system()), store::close);
                }))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private Store open() {
        return Store.open(new Database.Sqlite(folder.resolve("whatsapp.db")));
    }
}
