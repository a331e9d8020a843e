package gateway.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.DbClientException;

/**
 * The database. Reads run at once, on the caller's thread; a write returns when it is on disk.
 *
 * <p>Statements take indexed parameters ({@code ?}). Times are epoch milliseconds in {@code BIGINT}, truth is
 * {@code INTEGER} 0 or 1, so that one text serves SQLite and PostgreSQL.
 */
public final class Store implements AutoCloseable {
    private final SqlDialect dialect;
    private final DbClient readers;
    private final DbClient writing;
    private final Writer writer;
    private final Nodes nodes;
    private final Optional<PostgresServer> server;
    private final Optional<Fence> fence;
    private final Runnable erasing;

    private Store(
            SqlDialect dialect,
            DbClient readers,
            DbClient writing,
            Writer writer,
            Nodes nodes,
            Optional<PostgresServer> server,
            Optional<Fence> fence,
            Runnable erasing) {
        this.dialect = dialect;
        this.readers = readers;
        this.writing = writing;
        this.writer = writer;
        this.nodes = nodes;
        this.server = server;
        this.fence = fence;
        this.erasing = erasing;
    }

    private Store(DbClient readers, DbClient writing, Runnable erasing) {
        this(
                SqlDialect.SQLITE,
                readers,
                writing,
                new Writer(writing),
                Nodes.one(),
                Optional.empty(),
                Optional.empty(),
                erasing);
    }

    /**
     * Opens the database and brings its tables to this program's version.
     *
     * @throws StoreFault with one sentence and its remedy, when it is damaged, newer than the program, or out of reach
     */
    public static Store open(Database database) {
        return open(database, ReadDeadline.LIMIT);
    }

    /** As {@link #open(Database)}; {@code limit} is how long one read may take. */
    static Store open(Database database, Duration limit) {
        return switch (database) {
            case Database.Sqlite sqlite -> open(sqlite, Continuity.unwatched(sqlite.file()), limit);
            case Database.Postgres server -> open(PostgresServer.open(server), limit);
        };
    }

    /**
     * As {@link #open(Database)}, for a database that belongs to a storage directory.
     *
     * @throws StoreFault also when the database is empty or older although the directory shows that it was not
     */
    public static Store open(Database database, Continuity continuity) {
        return switch (database) {
            case Database.Sqlite sqlite -> open(sqlite, continuity, ReadDeadline.LIMIT);
            case Database.Postgres server ->
                open(PostgresServer.open(server, () -> continuity.refuseEmpty(server.toString())), ReadDeadline.LIMIT);
        };
    }

    private static Store open(Database.Sqlite sqlite, Continuity continuity, Duration limit) {
        return SqliteFile.open(
                sqlite, continuity, limit, (readers, writing) -> new Store(readers, writing, erasing(sqlite)));
    }

    /**
     * Writes down beside the file, from now until it is closed, how far the database has come; for the server that owns
     * it.
     */
    public AutoCloseable marking(Database database) {
        return database instanceof Database.Sqlite sqlite ? new Mark(this, sqlite.file()) : () -> {};
    }

    private static Runnable erasing(Database.Sqlite sqlite) {
        return sqlite.erasing() ? () -> SqliteFile.emptyLog(sqlite) : () -> {};
    }

    /**
     * Empties the write-ahead log of a database that was opened to be {@linkplain Database.Sqlite#erasing erased}; else
     * nothing. A PostgreSQL server overwrites old rows by itself, by VACUUM, and keeps its own log.
     *
     * @throws StoreUnavailable when the file cannot be written
     */
    public void erase() {
        erasing.run();
    }

    /** Transactions that this process committed since its start. */
    public long commits() {
        return writer.commits();
    }

    /**
     * A number that is another one after each transaction which this process committed; empty where other nodes write to
     * the database as well. What is read after it was asked for is at least as new as the number.
     */
    public OptionalLong state() {
        return server.isPresent() ? OptionalLong.empty() : OptionalLong.of(writer.commits());
    }

    private static Store open(PostgresServer server, Duration limit) {
        var writing = server.writer();
        return new Store(
                SqlDialect.POSTGRES,
                server.readers(limit),
                writing,
                new Writer(writing),
                Nodes.on(server),
                Optional.of(server),
                Optional.empty(),
                () -> {});
    }

    /** Connections to a database server that are made from now on try these passwords in this order. */
    public void passwords(List<String> inOrder) {
        server.ifPresent(known -> known.passwords(inOrder));
    }

    /**
     * Gives our role on the database server another password; its other connections stay open.
     *
     * @throws StoreFault with one sentence, when the server did not take it
     */
    public void changePassword(String password) {
        server.orElseThrow(() -> new StoreFault("A SQLite file has no password."))
                .changePassword(password);
    }

    /**
     * The same database, every write of which first passes the fence, in its own transaction. Closing it does nothing.
     */
    public Store fenced(Fence checked) {
        return new Store(dialect, readers, writing, writer, nodes, server, Optional.of(checked), erasing);
    }

    public SqlDialect dialect() {
        return dialect;
    }

    /**
     * Runs the work in the next group and returns its result once the group is durable.
     *
     * @throws StoreUnavailable when the database did not take it now; nothing was kept
     * @throws RowFault when it will never take it as it is; nothing was kept
     */
    public <T> T write(Work<T> work) {
        return Writer.joined(writeLater(work));
    }

    /**
     * As {@link #write(Work)}; {@code first} is told the result before the caller. It is told on the writing thread, in
     * the order in which the writes take place, so it takes no time and does not fail.
     */
    public <T> T write(Work<T> work, Consumer<T> first) {
        return Writer.joined(writer.submit(passing(work), first));
    }

    /** As {@link #write(Work)}, ahead of every write that waits, and unfenced: for a lease, which all of those depend on. */
    public <T> T writeFirst(Work<T> work) {
        return Writer.joined(writer.submitFirst(work));
    }

    /** As {@link #write}, without waiting: the future completes when the group is durable. */
    public <T> CompletableFuture<T> writeLater(Work<T> work) {
        return writer.submit(passing(work), result -> {});
    }

    /** The work behind the fence, if there is one. */
    private <T> Work<T> passing(Work<T> work) {
        return fence.<Work<T>>map(checked -> tx -> {
                    checked.check(tx);
                    return work.run(tx);
                })
                .orElse(work);
    }

    /**
     * Lets transactions that ask for it follow one another over all nodes, so that rows numbered by the database also
     * become visible in that order. One process with one writer has that order by itself.
     */
    public void inTurn(Tx tx) {
        nodes.inTurn(tx);
    }

    /**
     * Sends a word to all nodes, this one included, when the transaction commits. Where there is one process, to
     * nobody.
     */
    public void signal(Tx tx, String word) {
        nodes.signal(tx, word);
    }

    /** Hears the words of {@link #signal}, on a thread of the store's own. */
    public void listen(Consumer<String> listener) {
        nodes.listen(listener);
    }

    /**
     * Runs statements that belong together on one connection, in one read transaction: they see one state of the
     * database. The unit of work is stopped after {@link ReadDeadline#LIMIT}, and reads by nothing but what it is
     * given.
     *
     * @throws StoreUnavailable when the database does not answer, or not in time
     */
    public <T> T read(Function<Read, T> work) {
        try (var connection = readers.unwrap(Connection.class)) {
            if (connection instanceof KeptStatements kept) {
                kept.beginReading();
            } else {
                connection.setAutoCommit(false);
            }
            var result = work.apply(new Read(connection));
            connection.commit();
            return result;
        } catch (SQLException | DbClientException e) {
            throw StoreUnavailable.ofRead(e);
        }
    }

    /**
     * One row at the most, made into a value.
     *
     * @throws StoreUnavailable when the database does not answer, or not in time
     */
    public <T> Optional<T> one(Function<Row, T> row, String sql, Object... parameters) {
        try (var connection = readers.unwrap(Connection.class)) {
            return new Read(connection).one(row, sql, parameters);
        } catch (SQLException | DbClientException e) {
            throw StoreUnavailable.ofRead(e);
        }
    }

    /**
     * All rows, in the order the statement gives them. Each takes {@link Read#ROW_BYTES} from the share of the request
     * that asks.
     *
     * @throws StoreUnavailable when the database does not answer, or not in time
     * @throws gateway.budget.BudgetSpent when the rows are more than there is memory for
     */
    public <T> List<T> all(Function<Row, T> row, String sql, Object... parameters) {
        try (var connection = readers.unwrap(Connection.class)) {
            return new Read(connection).all(row, sql, parameters);
        } catch (SQLException | DbClientException e) {
            throw StoreUnavailable.ofRead(e);
        }
    }

    /** The first column of the only row, a number. */
    public long number(String sql, Object... parameters) {
        return one(row -> row.number(1), sql, parameters).orElse(0L);
    }

    /** Nanoseconds since the writing thread last came round; it does so at least every half second when healthy. */
    public long writerIdleNanos() {
        return writer.idleNanos();
    }

    @Override
    public void close() {
        if (fence.isPresent()) {
            return;
        }
        nodes.close();
        writer.close();
        readers.close();
        writing.close();
    }
}
