package gateway.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.Program;
import gateway.store.Database;
import gateway.store.OldDatabase;
import gateway.store.Store;

/** A new program meets an old database and is killed while it brings it up to date. */
class MigrationCrashTest {
    private static final int[] WRITES = {1, 5, 17, 33};

    @TempDir
    Path folder;

    @Test
    void aKillInTheMidstOfAMigrationLosesNothingAndTheNextStartFinishesIt() throws Exception {
        var file = folder.resolve("storages/whatsapp.db");
        OldDatabase.make(new Database.Sqlite(file), 1);
        for (int n : WRITES) {
            var end = new End.InWrite("migration", log(file), n);
            var program = Program.restUnder(end.under(), folder, Map.of());
            assertEquals(137, program.exit(), () -> "write " + n + ": " + program.output());
            assertTrue(!program.output().contains("Ready on"), "it was killed before it served: " + program.output());
        }
        try (var program = Program.rest(folder, Map.of())) {
            assertEquals(200, program.get("/devices").statusCode());
        }
        try (var store = Store.open(new Database.Sqlite(file))) {
            assertEquals(
                    "ok",
                    store.one(row -> row.text(1), "PRAGMA integrity_check").orElseThrow());
            assertEquals(1, store.number("SELECT count(*) FROM device WHERE id = 'from-before'"));
            assertEquals(0, store.number("SELECT count(*) FROM flyway_schema_history WHERE NOT success"));
        }
    }

    private static Path log(Path database) {
        return database.resolveSibling(database.getFileName() + "-wal");
    }
}
