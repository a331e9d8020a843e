package gateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.database.PostgresForTests;

/** A database that was lost, emptied or put back is not taken for a new one. */
class ContinuityTest {
    private static final String ADD = "INSERT INTO device (id, created_at) VALUES (?, ?)";

    @TempDir
    Path directory;

    @Test
    void aFirstStartNeedsNoWord() throws Exception {
        Files.createDirectories(directory.resolve("secrets"));
        Files.createDirectories(directory.resolve("audit"));
        Files.writeString(directory.resolve("audit/audit.state"), "of an Admin API in the same directory");
        Files.createDirectories(directory.resolve("media/.incoming"));
        serve(false).close();
        serve(false).close();
    }

    @Test
    void anEmptyOrMissingFileBesideOldFilesIsRefusedUnlessSaid() throws Exception {
        Files.createDirectories(directory.resolve("media/default"));
        Files.writeString(directory.resolve("media/default/a.jpg"), "x");
        for (boolean empty : new boolean[] {true, false}) {
            if (empty) {
                Files.createFile(file());
            }
            var fault = assertThrows(StoreFault.class, () -> serve(false));
            assertTrue(
                    fault.getMessage().contains("media/default")
                            && fault.getMessage().contains("APP_ACCEPT_DATABASE"),
                    fault.getMessage());
            assertFalse(fault.isPassing());
            assertEquals(0, Continuity.size(file()), "nothing was changed");
            Files.deleteIfExists(file());
        }
        serve(true).close();
        serve(false).close();
    }

    @Test
    void aDatabaseThatVanishedIsMissedByItsMarkAlone() throws Exception {
        serve(false).close();
        Files.delete(file());
        assertTrue(
                assertThrows(StoreFault.class, () -> serve(false)).getMessage().contains("whatsapp.db-mark"));
    }

    @Test
    void anEmptyFileBesideItsLogIsRefusedAndTheLogStays() throws Exception {
        Files.createFile(file());
        var log = Files.writeString(SqliteFile.beside(file(), "-wal"), "frames");
        assertTrue(
                assertThrows(StoreFault.class, () -> serve(false)).getMessage().contains("write-ahead log"));
        assertEquals("frames", Files.readString(log));
    }

    /** As after a kill: the log that holds the commits is there, until somebody removes it. */
    @Test
    void aLogThatWasRemovedIsNoticedAndOneThatIsThereIsReplayed() throws Exception {
        var killed = Files.createDirectory(directory.resolve("killed"));
        try (var running = serve(false)) {
            running.store.write(tx -> tx.insert(ADD, "a", 1L));
            for (var name : new String[] {"whatsapp.db", "whatsapp.db-wal", "whatsapp.db-mark"}) {
                Files.copy(directory.resolve(name), killed.resolve(name));
            }
        }
        var whole = new Database.Sqlite(killed.resolve("whatsapp.db"));
        var log = Files.readAllBytes(killed.resolve("whatsapp.db-wal"));
        var file = Files.readAllBytes(killed.resolve("whatsapp.db"));
        Files.delete(killed.resolve("whatsapp.db-wal"));
        var fault = assertThrows(StoreFault.class, () -> Store.open(whole, new Continuity(killed, false)));
        assertTrue(
                fault.getMessage().contains("commits are missing")
                        && fault.getMessage().contains("whatsapp.db-wal"),
                fault.getMessage());
        Files.write(killed.resolve("whatsapp.db"), file);
        Files.write(killed.resolve("whatsapp.db-wal"), log);
        try (var again = Store.open(whole, new Continuity(killed, false))) {
            assertEquals(1, again.number("SELECT count(*) FROM device"));
        }
    }

    /** Another program, such as sqlite3, carries the log over and removes it; nothing is missing then. */
    @Test
    void aLogThatAnotherProgramCarriedOverIsNotMissed() throws Exception {
        serve(false).close();
        Store.open(new Database.Sqlite(file())).close();
        assertFalse(Files.exists(SqliteFile.beside(file(), "-wal")));
        serve(false).close();
    }

    @Test
    void anOlderCopyInItsPlaceIsNoticed() throws Exception {
        serve(false).close();
        var copy = Files.readAllBytes(file());
        serve(false).close();
        Files.write(file(), copy);
        assertTrue(
                assertThrows(StoreFault.class, () -> serve(false)).getMessage().contains("older copy"));
        serve(true).close();
        serve(false).close();
    }

    @Test
    void anEmptyDatabaseServerBesideOldFilesIsRefusedToo() throws Exception {
        var server = PostgresForTests.running().fresh();
        Files.createDirectories(directory.resolve("secrets"));
        Files.writeString(directory.resolve("secrets/taken.rest"), "1");
        var fault = assertThrows(StoreFault.class, () -> Store.open(server, new Continuity(directory, false)));
        assertTrue(fault.getMessage().contains("secrets/taken.rest"), fault.getMessage());
        Store.open(server, new Continuity(directory, true)).close();
        Store.open(server, new Continuity(directory, false)).close();
    }

    private Path file() {
        return directory.resolve("whatsapp.db");
    }

    /** A store and its mark. */
    private record Served(Store store, AutoCloseable mark) implements AutoCloseable {
        @Override
        public void close() throws Exception {
            mark.close();
            store.close();
        }
    }

    private Served serve(boolean accepted) {
        var database = new Database.Sqlite(file());
        var store = Store.open(database, new Continuity(directory, accepted));
        return new Served(store, store.marking(database));
    }
}
