package gateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;

import gateway.database.Databases;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
class StoreTest {
    private static final String ADD = "INSERT INTO device (id, created_at) VALUES (?, ?)";

    @TempDir
    Path directory;
    private final Dialect dialect;
    private Database database;

    StoreTest(Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void empty() {
        database = Databases.fresh(dialect, directory);
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
