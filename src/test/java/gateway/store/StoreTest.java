package gateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    private static final String ADD = "INSERT INTO device (id, created_at) VALUES (?, ?)";

    @TempDir
    Path directory;

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
    void whatTheDatabaseRefusesIsReportedAsUnavailable() {
        try (var store = open()) {
            assertThrows(StoreUnavailable.class, () -> store.write(tx -> tx.insert("INSERT INTO nowhere VALUES (1)")));
            store.write(tx -> tx.insert(ADD, "a", 1L));
            assertThrows(StoreUnavailable.class, () -> store.write(tx -> tx.insert(ADD, "a", 1L)));
        }
    }

    @Test
    void aWriteAfterCloseIsRefused() {
        var store = open();
        store.close();
        assertThrows(StoreUnavailable.class, () -> store.write(tx -> tx.insert(ADD, "a", 1L)));
    }

    @Test
    void everyCommitIsOnDiskWhenItReturns() {
        try (var store = open()) {
            assertEquals(2, store.number("PRAGMA synchronous"), "2 is FULL");
            assertEquals("wal", store.one(row -> row.column(1).get(String.class), "PRAGMA journal_mode").orElseThrow());
            assertEquals(1, store.number("PRAGMA foreign_keys"));
            assertEquals(5000, store.number("PRAGMA busy_timeout"));
            int writers = store.write(tx -> tx.get("PRAGMA synchronous").orElseThrow().column(1).get(Integer.class));
            assertEquals(2, writers);
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
                    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), file.toString());
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

    @Test
    void aDatabaseOfANewerProgramIsRefused() {
        try (var store = open()) {
            store.write(tx -> tx.dml("UPDATE flyway_schema_history SET version = '9999'"));
        }
        assertTrue(assertThrows(StoreFault.class, this::open).getMessage().contains("newer program"));
    }

    @Test
    void theNewestMigrationIsTheVersionTheProgramExpects() throws Exception {
        try (var files = Files.list(Path.of("src/main/resources/gateway/store/migration"))) {
            var newest = files.map(file -> file.getFileName().toString())
                    .mapToInt(name -> Integer.parseInt(name.substring(1, name.indexOf("__")))).max().orElseThrow();
            assertEquals(Schema.NEWEST, newest);
        }
    }

    private Store open() {
        return Store.open(new Database.Sqlite(directory.resolve("whatsapp.db")));
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
