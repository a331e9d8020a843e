package gateway.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.backup.Manifest;
import gateway.engine.Jid;
import gateway.messaging.Chats;
import gateway.messaging.History;
import gateway.process.ExplainedFault;
import gateway.secret.KeyRing;
import gateway.secret.Ledger;
import gateway.store.Database;
import gateway.store.StorageDirectory;
import gateway.store.Store;

/** What is done to a database that came out of a backup, before anything is served from it. */
class RestoredStateTest {
    @TempDir
    Path directory;

    private static final String CHAT = "12025550101@s.whatsapp.net";

    private Path storage() throws Exception {
        var storage = StorageDirectory.prepare(directory.resolve("storages"));
        Ledger.directory(storage);
        KeyRing.file(storage.resolve("secrets/encryption.key"));
        return storage;
    }

    private static void settle(Path storage) {
        new RestoredState(InstantSource.system(), Optional.empty())
                .settle(storage, new Manifest(1, "g", "00000000", "h", Instant.EPOCH, List.of(), Optional.empty()));
    }

    private static String edited(Database database, String body) {
        try (var store = Store.open(database)) {
            store.write(tx -> tx.update("UPDATE message SET body = ?", body));
            var all = new Chats.MessageQuery(
                    10, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false, "");
            return new History(store).state("d", Jid.parse(CHAT), all).orElseThrow();
        }
    }

    /** A reader's tag can be of a change that came after the backup: the same number of changes is not the same chat. */
    @Test
    void noTagOfTheLostTimeIsOneOfAListThatIsRestored() throws Exception {
        var storage = storage();
        var file = storage.resolve("whatsapp.db");
        var database = new Database.Sqlite(file);
        try (var store = Store.open(database)) {
            store.write(tx -> {
                tx.insert("INSERT INTO device (id, created_at) VALUES ('d', 1)");
                tx.insert(
                        "INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES ('d', ?, 1, 1, 1)",
                        CHAT);
                return tx.insert(
                        "INSERT INTO message (device, chat, id, sender, from_me, kind, body, content, sent_at, created_at,"
                                + " updated_at) VALUES ('d', ?, 'M', 's', 0, 'text', 'words', '{}', 1, 1, 1)",
                        CHAT);
            });
        }
        var backup = directory.resolve("backup.db");
        Files.copy(file, backup);
        var lost = edited(database, "lost");
        Files.copy(backup, file, StandardCopyOption.REPLACE_EXISTING);
        settle(storage);
        assertNotEquals(lost, edited(database, "restored"));
    }

    /** The copy may number its rows in another way than the index does. */
    @Test
    void theIndexOfWordsIsFilledAnew() throws Exception {
        var storage = storage();
        var database = new Database.Sqlite(storage.resolve("whatsapp.db"));
        try (var store = Store.open(database)) {
            store.write(tx -> {
                tx.insert("INSERT INTO search_text (rowid, body) VALUES (7, 'words')");
                tx.insert("INSERT INTO search_changed (position) VALUES (3)");
                return tx.update("UPDATE search_mark SET upto = 7");
            });
        }
        settle(storage);
        try (var store = Store.open(database)) {
            for (var figure : List.of(
                    "SELECT upto FROM search_mark",
                    "SELECT count(*) FROM search_text",
                    "SELECT count(*) FROM search_changed")) {
                assertEquals(0, store.number(figure), figure);
            }
        }
    }

    @Test
    void ofOneAccountNoByteOfAnotherIsRestored() throws Exception {
        var storage = storage();
        var file = storage.resolve("whatsapp.db");
        try (var store = Store.open(new Database.Sqlite(file))) {
            for (var device : List.of("d", "e")) {
                store.write(tx -> {
                    tx.insert("INSERT INTO device (id, created_at) VALUES (?, 1)", device);
                    tx.insert(
                            "INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES (?, ?, 1, 1, 1)",
                            device,
                            CHAT);
                    return tx.insert(
                            "INSERT INTO message (device, chat, id, sender, from_me, kind, body, content, sent_at, created_at,"
                                    + " updated_at) VALUES (?, ?, 'M', 's', 0, 'text', ?, '{}', 1, 1, 1)",
                            device,
                            CHAT,
                            "words-of-" + device);
                });
            }
        }
        var about = new Manifest(1, "g", "00000000", "h", Instant.EPOCH, List.of(), Optional.empty());
        var fault = assertThrows(
                ExplainedFault.class,
                () -> new RestoredState(InstantSource.system(), Optional.of("f")).settle(storage, about));
        assertEquals("The backup has no account f; it has d, e. Name one of these with --only.", fault.getMessage());
        var only = new RestoredState(InstantSource.system(), Optional.of("d"));
        only.settle(storage, about);
        try (var store = Store.open(new Database.Sqlite(file))) {
            assertEquals(List.of("d"), store.all(row -> row.text(1), "SELECT id FROM device"));
            assertEquals(List.of("words-of-d"), store.all(row -> row.text(1), "SELECT body FROM message"));
            assertEquals(1, store.number("SELECT count(*) FROM device_hold"));
        }
        try (var files = Files.list(storage)) {
            for (var one : files.filter(Files::isRegularFile).toList()) {
                assertFalse(Files.readString(one, StandardCharsets.ISO_8859_1).contains("words-of-e"), one.toString());
            }
        }
        assertTrue(only.wants("media/d/a.jpg") && only.wants("whatsapp.db"));
        assertFalse(only.wants("media/e/a.jpg") || only.wants("instances/3001/storages/whatsapp.db"));
    }
}
