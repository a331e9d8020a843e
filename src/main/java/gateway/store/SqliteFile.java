package gateway.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.DbClientException;
import io.helidon.dbclient.jdbc.CloseableJdbcConnectionPool;
import io.helidon.dbclient.jdbc.JdbcClientBuilder;
import org.sqlite.SQLiteDataSource;

/** The embedded database: one file beside its write-ahead log. */
final class SqliteFile {
    /** Readers never wait for the writer in WAL mode; more than this many at once gain nothing on small machines. */
    private static final int READERS = 4;
    /** How long a caller waits for a connection. */
    private static final int PATIENCE_SECONDS = 10;
    /** A file up to this size is checked page by page at start, in milliseconds; a larger one when it is backed up. */
    private static final long CHECKED_AT_START = 8L << 20;

    /**
     * The settings are the durability promise, so they are fixed here. A commit is on disk when it returns
     * (synchronous=FULL); readers and the writer do not block each other (WAL).
     */
    private static final String DURABLE =
            "?journal_mode=WAL&synchronous=FULL&foreign_keys=on&transaction_mode=IMMEDIATE"
                    + "&journal_size_limit=80000000&mmap_size=0"
                    // Otherwise the driver asks for the last row's number after every INSERT.
                    + "&jdbc.get_generated_keys=false";

    /**
     * The log is carried over into the file when it holds 64 MB rather than 4: pages that change again and again are
     * copied once. That takes a twentieth of a second, in which all wait for the writer: measured, a thread of its own
     * shortens the wait to a third, and takes a third of the throughput, as its fsyncs hold up the writer's. Less than
     * the limit on the log's size, so that it is not cut and grown over and over.
     */
    private static final String WRITING = "&wal_autocheckpoint=16000";

    /** How long the emptying of the log waits for a reader or the writer; the next turn tries again. */
    private static final int ERASING_PATIENCE_MILLIS = 200;

    private SqliteFile() {}

    /**
     * What a connection is opened with: another process, such as a sub-command, may hold the lock for that long at
     * most.
     */
    private static String options(Database.Sqlite database) {
        return DURABLE + "&busy_timeout=" + database.patience().toMillis()
                + (database.erasing() ? "&secure_delete=true" : "");
    }

    /**
     * Opens the file, and makes it when it is not there.
     *
     * @param assembly makes the store of the readers' connections and the writer's
     */
    static Store open(
            Database.Sqlite database,
            Continuity continuity,
            Duration limit,
            BiFunction<DbClient, DbClient, Store> assembly) {
        var file = database.file();
        var options = options(database);
        refuseLinks(file);
        if (Continuity.size(file) == 0) {
            continuity.refuseEmpty(file);
        }
        create(file);
        var source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file + options);
        check(file, source);
        continuity.refuseOlder(file, source);
        if (Schema.isEmpty(source)) {
            continuity.refuseEmpty(file.toString());
        }
        Schema.bring(source, SqlDialect.SQLITE);
        return assembly.apply(readers(file + options, limit), writer(file + options));
    }

    /**
     * Carries the write-ahead log over into the file and cuts it to nothing, so that no old page stays readable in it.
     *
     * @return false when somebody reads or writes at this moment; the log is as it was
     */
    static boolean emptyLog(Database.Sqlite database) {
        try (var connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + database.file() + "?busy_timeout=" + ERASING_PATIENCE_MILLIS);
                var statement = connection.createStatement();
                var answer = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
            return answer.next() && answer.getInt(1) == 0;
        } catch (SQLException e) {
            throw StoreUnavailable.of(e);
        }
    }

    /** SQLite gives its log and index the mode of the file, so the file is made before SQLite makes it. */
    private static void create(Path file) {
        try {
            if (Files.notExists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
        } catch (IOException e) {
            throw SqliteTrouble.fault(file, e);
        }
    }

    private static void refuseLinks(Path file) {
        for (var own : List.of(file, beside(file, "-wal"), beside(file, "-shm"), beside(file, "-journal"))) {
            if (Files.isSymbolicLink(own)) {
                throw new StoreFault("The database's file " + own + " is a symbolic link, and none is followed. "
                        + "Put the file itself there, or name where it is with DB_URI.");
            }
        }
    }

    /** A file of SQLite's own beside the database. */
    static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private static void check(Path file, SQLiteDataSource source) {
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            var pragma =
                    Files.size(file) <= CHECKED_AT_START ? "PRAGMA quick_check(1)" : "SELECT 'ok' FROM sqlite_schema";
            try (var answer = statement.executeQuery(pragma)) {
                if (answer.next() && !"ok".equals(answer.getString(1))) {
                    throw SqliteTrouble.damaged(file, null);
                }
            }
        } catch (SQLException | IOException e) {
            throw SqliteTrouble.fault(file, e);
        }
    }

    /** All of them are opened at once, so that a process out of file descriptors can go on reading. */
    private static DbClient readers(String file, Duration limit) {
        return client(file, READERS, "", Optional.of(new ReadDeadline(limit)));
    }

    private static DbClient writer(String file) {
        return client(file, 1, WRITING, Optional.empty());
    }

    private static DbClient client(String file, int connections, String settings, Optional<ReadDeadline> deadline) {
        try {
            return JdbcClientBuilder.create()
                    .connectionPool(new Pool(file + settings, connections, deadline))
                    .build();
        } catch (SQLException e) {
            throw SqliteTrouble.fault(Path.of(file.substring(0, file.indexOf('?'))), e);
        }
    }

    /**
     * Connections that keep their statements, each lent to one borrower at a time; the last used goes first, it is
     * warm.
     */
    private static final class Pool implements CloseableJdbcConnectionPool {
        private final Deque<KeptStatements> free = new ConcurrentLinkedDeque<>();
        /**
         * Who comes first is served first: without it, who has just given one back takes it again before those who
         * wait.
         */
        private final Semaphore turns;

        private final int size;
        private final Optional<ReadDeadline> deadline;

        Pool(String file, int size, Optional<ReadDeadline> deadline) throws SQLException {
            this.size = size;
            this.deadline = deadline;
            this.turns = new Semaphore(size, true);
            for (int i = 0; i < size; i++) {
                free.add(new KeptStatements("jdbc:sqlite:" + file, file, new Properties(), this::giveBack, deadline));
            }
        }

        private void giveBack(KeptStatements connection) {
            free.addFirst(connection);
            turns.release();
        }

        @Override
        public Connection connection() {
            return taken().lend();
        }

        private KeptStatements taken() {
            try {
                if (!turns.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new DbClientException(
                            "All connections to the database were in use for " + PATIENCE_SECONDS + " s");
                }
                return free.removeFirst();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DbClientException("Interrupted while waiting for a connection to the database", e);
            }
        }

        /** Waits for what is lent, so that nobody's statement is closed under him; for a while. */
        @Override
        public void close() throws SQLException {
            for (int closed = 0; closed < size; closed++) {
                taken().end();
            }
            deadline.ifPresent(ReadDeadline::close);
        }
    }
}
