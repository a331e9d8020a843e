package gateway.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.sqlite.SQLiteDataSource;

/** A database as an older program left it. */
public final class OldDatabase {
    private OldDatabase() {}

    /** Makes it, with one account in it, and what the statements add. */
    public static void make(Database database, int version, String... statements) throws IOException, SQLException {
        var source = switch (database) {
            case Database.Sqlite sqlite -> file(sqlite);
            case Database.Postgres server -> PostgresServer.source(server);
        };
        var dialect = database instanceof Database.Sqlite ? SqlDialect.SQLITE : SqlDialect.POSTGRES;
        Flyway.configure(Schema.class.getClassLoader())
                .dataSource(source)
                .locations("classpath:gateway/store/migration")
                .placeholders(dialect.placeholders())
                .target(String.valueOf(version))
                .load()
                .migrate();
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("INSERT INTO device (id, created_at) VALUES ('from-before', 1)");
            for (var one : statements) {
                statement.execute(one);
            }
        }
    }

    private static DataSource file(Database.Sqlite sqlite) throws IOException {
        Files.createDirectories(
                sqlite.file().getParent(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + sqlite.file());
        source.setJournalMode("WAL");
        return source;
    }
}
