package gateway.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.backup.Manifest;
import gateway.secret.KeyRing;
import gateway.secret.Ledger;
import gateway.store.Database;
import gateway.store.StorageDirectory;
import gateway.store.Store;

/** What is done to a database that came out of a backup, before anything is served from it. */
class RestoredStateTest {
    @TempDir
    Path directory;

    /** The copy may number its rows in another way than the index does. */
    @Test
    void theIndexOfWordsIsFilledAnew() throws Exception {
        var storage = StorageDirectory.prepare(directory.resolve("storages"));
        Ledger.directory(storage);
        KeyRing.file(storage.resolve("secrets/encryption.key"));
        var database = new Database.Sqlite(storage.resolve("whatsapp.db"));
        try (var store = Store.open(database)) {
            store.write(tx -> {
                tx.insert("INSERT INTO search_text (rowid, body) VALUES (7, 'words')");
                tx.insert("INSERT INTO search_changed (position) VALUES (3)");
                return tx.update("UPDATE search_mark SET upto = 7");
            });
        }
        new RestoredState(InstantSource.system())
                .settle(storage, new Manifest(1, "g", "00000000", "h", Instant.EPOCH, List.of()));
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
