package gateway.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;

import org.flywaydb.core.Flyway;

/** A database as an older program left it. */
public final class OldDatabase {
    private OldDatabase() {
    }

    /** Makes it, with one account in it. */
    public static void make(Path file, int version) throws IOException, SQLException {
        Files.createDirectories(file.getParent(), java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                java.nio.file.attribute.PosixFilePermissions.fromString("rwx------")));
        var url = "jdbc:sqlite:" + file + "?journal_mode=WAL";
        Flyway.configure(Schema.class.getClassLoader()).dataSource(url, "", "").locations("classpath:gateway/store/migration")
                .placeholders(Dialect.SQLITE.placeholders()).target(String.valueOf(version)).load().migrate();
        try (var connection = DriverManager.getConnection(url); var statement = connection.createStatement()) {
            statement.execute("INSERT INTO device (id, created_at) VALUES ('from-before', 1)");
        }
    }
}
