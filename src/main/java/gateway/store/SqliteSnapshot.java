package gateway.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** A copy of a SQLite database as of one instant, made while a gateway reads and writes the original. */
public final class SqliteSnapshot {
    /** How long the copy waits for another program's lock. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** All pages in one step, which is one read transaction: what is written meanwhile does not begin the copy anew. */
    private static final int ALL_PAGES = -1;

    private static final int WAIT_MILLIS = 100;
    private static final int MAX_WAITS = (int) PATIENCE.toMillis() / WAIT_MILLIS;

    private SqliteSnapshot() {}

    /**
     * What a database holds, for comparison.
     *
     * @param schema the number of its newest migration
     * @param rows   the number of rows of each table
     * @param keys   the names of the encryption keys that its data keys are wrapped by
     */
    public record Content(int schema, SortedMap<String, Long> rows, Set<String> keys) {}

    /** The newest schema version that this program knows. */
    public static int newestSchema() {
        return Schema.NEWEST;
    }

    /**
     * Copies the database page by page into a new file that only its owner can read. The copy needs no write-ahead log.
     * Pages keep their places, so that two copies differ only where the database has changed.
     *
     * @throws StoreFault when the database is not there, cannot be read, or the copy has no room
     */
    public static void take(Path database, Path into) {
        if (Files.notExists(database, LinkOption.NOFOLLOW_LINKS)) {
            throw new StoreFault("There is no database " + database
                    + " yet. Start the gateway once, or name the database with DB_URI.");
        }
        try {
            // SQLite takes an empty file for the copy, and keeps its mode.
            Files.createFile(into, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (IOException e) {
            throw SqliteTrouble.fault(into, e);
        }
        try (var connection = open(database)) {
            int code = connection
                    .unwrap(SQLiteConnection.class)
                    .getDatabase()
                    .backup("main", into.toString(), null, WAIT_MILLIS, MAX_WAITS, ALL_PAGES);
            if (code != SQLiteErrorCode.SQLITE_OK.code) {
                throw SqliteTrouble.fault(
                        database,
                        new SQLiteException(
                                "the copy ended with " + SQLiteErrorCode.getErrorCode(code),
                                SQLiteErrorCode.getErrorCode(code)));
            }
        } catch (SQLException e) {
            throw SqliteTrouble.fault(database, e);
        }
        try (var connection = open(into);
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=DELETE");
        } catch (SQLException e) {
            throw SqliteTrouble.fault(into, e);
        }
    }

    /**
     * Writes a database that nobody else uses anew, so that the file holds nothing of what was removed.
     *
     * @throws StoreFault when it cannot be read, or the copy has no room
     */
    public static void compact(Path database) {
        try (var connection = open(database);
                var statement = connection.createStatement()) {
            statement.execute("VACUUM");
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException e) {
            throw SqliteTrouble.fault(database, e);
        }
    }

    /**
     * Checks every page and index of a database that nobody writes to, and counts its rows.
     *
     * @throws StoreFault when it is damaged, or not a database of a gateway
     */
    public static Content inspect(Path database) {
        var source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + database);
        try (var connection = open(database)) {
            if (!"ok".equals(text(connection, "PRAGMA integrity_check(1)"))) {
                throw SqliteTrouble.damaged(database, null);
            }
            var rows = new TreeMap<String, Long>();
            for (var table : texts(
                    connection,
                    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")) {
                rows.put(
                        table,
                        Long.valueOf(text(connection, "SELECT count(*) FROM \"" + table.replace("\"", "\"\"") + "\"")));
            }
            var keys = rows.containsKey("data_key")
                    ? texts(connection, "SELECT DISTINCT kek FROM data_key")
                    : Set.<String>of();
            return new Content(Schema.version(source), rows, keys);
        } catch (SQLException e) {
            throw SqliteTrouble.fault(database, e);
        }
    }

    private static Connection open(Path database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:sqlite:" + database + "?busy_timeout=" + PATIENCE.toMillis() + "&mmap_size=0&temp_store=MEMORY");
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var answer = statement.executeQuery(sql)) {
            return answer.next() ? answer.getString(1) : "";
        }
    }

    private static Set<String> texts(Connection connection, String sql) throws SQLException {
        var found = new TreeSet<String>();
        try (var statement = connection.createStatement();
                var answer = statement.executeQuery(sql)) {
            while (answer.next()) {
                found.add(answer.getString(1));
            }
        }
        return found;
    }
}
