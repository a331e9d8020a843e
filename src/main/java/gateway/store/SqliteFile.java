package gateway.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.DbClientException;
import io.helidon.dbclient.jdbc.CloseableJdbcConnectionPool;
import io.helidon.dbclient.jdbc.JdbcClientBuilder;
import org.sqlite.SQLiteDataSource;

/** The embedded database: one file beside its write-ahead log. */
final class SqliteFile {
    /** Readers never wait for the writer in WAL mode; more than this many at once gain nothing on small machines. */
    private static final int READERS = 4;
    /** A file up to this size is checked page by page at start, in milliseconds; a larger one when it is backed up. */
    private static final long CHECKED_AT_START = 8L << 20;

    /**
     * The settings are the durability promise, so they are fixed here. A commit is on disk when it returns
     * (synchronous=FULL); readers and the writer do not block each other (WAL); another process, such as a
     * {@code whatsapp} sub-command, may hold the lock for 5 s at most.
     */
    private static final String DURABLE =
            "?journal_mode=WAL&synchronous=FULL&foreign_keys=on&busy_timeout=5000&transaction_mode=IMMEDIATE"
                    + "&journal_size_limit=67108864&mmap_size=0";

    private SqliteFile() {
    }

    static Store open(Path file, Store.Assembly assembly) {
        create(file);
        var source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file + DURABLE);
        check(file, source);
        Schema.bring(source, Dialect.SQLITE);
        return assembly.of(readers(file), writer(file));
    }

    /** SQLite gives its log and index the mode of the file, so the file is made before SQLite makes it. */
    private static void create(Path file) {
        try {
            if (Files.notExists(file)) {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
        } catch (IOException e) {
            throw new StoreFault("The database " + file + " cannot be created: " + e.getClass().getSimpleName()
                    + ". Make its directory exist and writable for this user.", e);
        }
    }

    private static void check(Path file, SQLiteDataSource source) {
        try (var connection = source.getConnection(); var statement = connection.createStatement()) {
            var pragma = Files.size(file) <= CHECKED_AT_START ? "PRAGMA quick_check(1)" : "SELECT 'ok' FROM sqlite_schema";
            try (var answer = statement.executeQuery(pragma)) {
                if (answer.next() && !"ok".equals(answer.getString(1))) {
                    throw damaged(file, null);
                }
            }
        } catch (SQLException | IOException e) {
            throw damaged(file, e);
        }
    }

    private static StoreFault damaged(Path file, Exception cause) {
        return new StoreFault("The database " + file + " is damaged or not a database. "
                + "Move it away and restore the last backup; nothing was changed.", cause);
    }

    /** All of them are opened at once, so that a process out of file descriptors can go on reading. */
    private static DbClient readers(Path file) {
        var pool = new HikariConfig();
        pool.setJdbcUrl("jdbc:sqlite:" + file + DURABLE);
        pool.setPoolName("sqlite-read");
        pool.setMaximumPoolSize(READERS);
        pool.setMaxLifetime(0);
        pool.setConnectionTimeout(10_000);
        return JdbcClientBuilder.create().connectionPool(new Pool(new HikariDataSource(pool))).build();
    }

    private static DbClient writer(Path file) {
        try {
            var connection = new KeptStatements("jdbc:sqlite:" + file, file + DURABLE, new Properties());
            return JdbcClientBuilder.create().connectionPool(new OneConnection(connection)).build();
        } catch (SQLException e) {
            throw new StoreFault("The database " + file + " cannot be opened for writing: " + e.getMessage(), e);
        }
    }

    /** The writer's only connection, lent to one transaction after the other. */
    private record OneConnection(KeptStatements connection) implements CloseableJdbcConnectionPool {
        @Override
        public void close() throws SQLException {
            connection.end();
        }
    }
}
