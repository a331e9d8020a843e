package gateway.store;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.DbClientException;
import io.helidon.dbclient.DbRow;

/**
 * The database. Reads run at once, on the caller's thread; a write returns when it is on disk.
 *
 * <p>Statements take indexed parameters ({@code ?}). Times are epoch milliseconds in {@code BIGINT}, truth is
 * {@code INTEGER} 0 or 1, so that one text serves SQLite and PostgreSQL.
 */
public final class Store implements AutoCloseable {
    private final Dialect dialect;
    private final DbClient readers;
    private final DbClient writing;
    private final Writer writer;

    private Store(Dialect dialect, DbClient readers, DbClient writing) {
        this.dialect = dialect;
        this.readers = readers;
        this.writing = writing;
        this.writer = new Writer(writing);
    }

    /**
     * Opens the database and brings its tables to this program's version.
     *
     * @throws StoreFault with one sentence and its remedy, when it is damaged, newer than the program, or out of reach
     */
    public static Store open(Database database) {
        return switch (database) {
            case Database.Sqlite sqlite -> SqliteFile.open(sqlite.file(), (r, w) -> new Store(Dialect.SQLITE, r, w));
            case Database.Postgres postgres -> PostgresServer.open(postgres, (r, w) -> new Store(Dialect.POSTGRES, r, w));
        };
    }

    public Dialect dialect() {
        return dialect;
    }

    /**
     * Runs the work in the next group and returns its result once the group is durable.
     *
     * @throws StoreUnavailable when the database did not take it; nothing was kept
     */
    public <T> T write(Work<T> work) {
        try {
            return writer.submit(work).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** As {@link #write}, without waiting: the future completes when the group is durable. */
    public <T> CompletableFuture<T> writeLater(Work<T> work) {
        return writer.submit(work);
    }

    /** One row at the most, made into a value. @throws StoreUnavailable when the database does not answer */
    public <T> Optional<T> one(Function<DbRow, T> row, String sql, Object... parameters) {
        try {
            return readers.execute().get(sql, parameters).map(row);
        } catch (DbClientException e) {
            throw StoreUnavailable.of(e);
        }
    }

    /** All rows, in the order the statement gives them. @throws StoreUnavailable when the database does not answer */
    public <T> List<T> all(Function<DbRow, T> row, String sql, Object... parameters) {
        try (var rows = readers.execute().query(sql, parameters)) {
            return rows.map(row).toList();
        } catch (DbClientException e) {
            throw StoreUnavailable.of(e);
        }
    }

    /** The first column of the only row, a number. */
    public long number(String sql, Object... parameters) {
        return one(row -> row.column(1).get(Number.class).longValue(), sql, parameters).orElse(0L);
    }

    /** Nanoseconds since the writing thread last came round; it does so at least every half second when healthy. */
    public long writerIdleNanos() {
        return writer.idleNanos();
    }

    @Override
    public void close() {
        writer.close();
        readers.close();
        writing.close();
    }

    /** Puts the two connections together; see {@link #open}. */
    @FunctionalInterface
    interface Assembly {
        Store of(DbClient readers, DbClient writing);
    }
}
