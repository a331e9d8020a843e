package gateway.database;

import java.nio.file.Path;

import gateway.store.Database;
import gateway.store.SqlDialect;

/** An empty database of either kind: for suites that must pass on both. */
public final class Databases {
    private Databases() {}

    public static Database fresh(SqlDialect dialect, Path folder) {
        return switch (dialect) {
            case SQLITE -> new Database.Sqlite(folder.resolve("whatsapp.db"));
            case POSTGRES -> PostgresForTests.running().fresh();
        };
    }
}
