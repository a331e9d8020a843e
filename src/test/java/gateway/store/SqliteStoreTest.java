package gateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only the embedded database promises. */
class SqliteStoreTest {
    private static final String ADD = "INSERT INTO device (id, created_at) VALUES (?, ?)";

    @TempDir
    Path directory;

    @Test
    void everyCommitIsOnDiskWhenItReturns() {
        try (var store = open()) {
            assertEquals(2, store.number("PRAGMA synchronous"), "2 is FULL");
            assertEquals(
                    "wal", store.one(row -> row.text(1), "PRAGMA journal_mode").orElseThrow());
            assertEquals(1, store.number("PRAGMA foreign_keys"));
            assertEquals(5000, store.number("PRAGMA busy_timeout"));
            long writers = store.write(tx -> tx.one(row -> row.number(1), "PRAGMA synchronous"))
                    .orElseThrow();
            assertEquals(2, writers);
        }
    }

    @Test
    void aWriterWaitsForALockAsLongAsItIsTold() {
        try (var store = Store.open(
                new Database.Sqlite(directory.resolve("whatsapp.db"), java.time.Duration.ofMillis(9_000), false))) {
            assertEquals(9_000, store.number("PRAGMA busy_timeout"));
            assertEquals(0, store.number("PRAGMA secure_delete"));
        }
    }

    @Test
    void itsFilesAreForTheOwnerOnly() throws Exception {
        try (var store = open()) {
            store.write(tx -> tx.insert(ADD, "a", 1L));
            try (var files = Files.list(directory)) {
                var seen = files.toList();
                assertTrue(seen.size() >= 3, "database, log and index: " + seen);
                for (var file : seen) {
                    assertEquals(
                            "rw-------",
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                            file.toString());
                }
            }
        }
    }

    @Test
    void aDamagedFileIsRefusedAndLeftAsItIs() throws Exception {
        var file = directory.resolve("whatsapp.db");
        Files.writeString(file, "this is no database, whatever its name says".repeat(100));
        var before = Files.readAllBytes(file);
        var fault = assertThrows(StoreFault.class, this::open);
        assertTrue(fault.getMessage().contains("damaged") && fault.getMessage().contains("restore the last backup"));
        assertEquals(java.util.Arrays.hashCode(before), java.util.Arrays.hashCode(Files.readAllBytes(file)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT abs(?)", "SELECT abs(column1) FROM (VALUES (1), (?))"})
    void aReadThatFailedWorksAgainOnceItsCauseIsGone(String overflowing) {
        try (var store = open()) {
            // More often than there are connections, so that each is tried.
            for (int i = 0; i < 10; i++) {
                assertThrows(RowFault.class, () -> store.all(row -> row.number(1), overflowing, Long.MIN_VALUE));
                assertEquals(
                        5, store.all(row -> row.number(1), overflowing, -5L).getLast());
            }
        }
    }

    @Test
    void aRowThatCannotBeMadeAValueKeepsNoConnection() {
        try (var store = open()) {
            for (int i = 0; i < 10; i++) {
                assertThrows(
                        IllegalStateException.class,
                        () -> store.all(
                                row -> {
                                    throw new IllegalStateException("no value");
                                },
                                "SELECT 1"));
            }
            assertEquals(1, store.number("SELECT 1"));
        }
    }

    @Test
    void aStatementThatFailedWorksAgainOnceItsCauseIsGone() {
        var change = "UPDATE device SET name = ? WHERE id = 'a' RETURNING name";
        try (var store = open()) {
            store.write(tx -> tx.insert(ADD, "a", 1L));
            assertEquals(
                    "one",
                    store.write(tx -> tx.one(row -> row.text(1), change, "one")).orElseThrow());
            store.write(tx -> tx.run("ALTER TABLE device RENAME TO elsewhere"));
            assertThrows(RowFault.class, () -> store.write(tx -> tx.one(row -> row.text(1), change, "two")));
            store.write(tx -> tx.run("ALTER TABLE elsewhere RENAME TO device"));
            assertEquals(
                    "three",
                    store.write(tx -> tx.one(row -> row.text(1), change, "three"))
                            .orElseThrow());
        }
    }

    private Store open() {
        return Store.open(new Database.Sqlite(directory.resolve("whatsapp.db")));
    }
}
