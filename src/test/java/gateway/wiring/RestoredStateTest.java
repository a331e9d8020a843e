package gateway.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

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
        new RestoredState(InstantSource.system())
                .settle(storage, new Manifest(1, "g", "00000000", "h", Instant.EPOCH, List.of()));
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
}
