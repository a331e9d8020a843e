package gateway.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import io.helidon.dbclient.DbClient;

/**
 * One transaction that changes the database. All of its statements become durable together, or none. A transaction
 * belongs to the {@linkplain Writer writing thread}, and is not used after its {@link Work} returns. Compiled
 * statements are kept by their text, so a text has parameters instead of values.
 *
 * <p>Every method throws an exception that {@link Store#write} turns into a {@link StoreUnavailable} or a
 * {@link RowFault}. A unit of work that catches the exception must not go on: the transaction is lost.
 */
public final class Tx {
    private final Connection connection;

    private Tx(Connection connection) {
        this.connection = connection;
    }

    /** Begins a transaction on the client's next free connection. */
    static Tx begin(DbClient client) {
        var connection = client.unwrap(Connection.class);
        try {
            connection.setAutoCommit(false);
            return new Tx(connection);
        } catch (SQLException e) {
            close(connection, e);
            throw new StatementFailed(e);
        }
    }

    /** Makes the transaction durable. The connection is given back, also when the commit fails. */
    void commit() {
        try (var ended = connection) {
            ended.commit();
        } catch (SQLException e) {
            throw new StatementFailed(e);
        }
    }

    /** Undoes the transaction, and gives the connection back. */
    void undo() {
        try (var ended = connection) {
            ended.rollback();
        } catch (SQLException e) {
            throw new StatementFailed(e);
        }
    }

    private static void close(Connection connection, SQLException cause) {
        try {
            connection.close();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** Runs a statement of any kind that gives no rows. Returns how many rows were changed. */
    public long run(String sql, Object... parameters) {
        try (var statement = prepared(sql, parameters)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new StatementFailed(e);
        }
    }

    /** Inserts rows; returns how many. */
    public long insert(String sql, Object... parameters) {
        return run(sql, parameters);
    }

    /** Changes rows; returns how many. */
    public long update(String sql, Object... parameters) {
        return run(sql, parameters);
    }

    /** Removes rows; returns how many. */
    public long delete(String sql, Object... parameters) {
        return run(sql, parameters);
    }

    /** One row at the most, made into a value. */
    public <T> Optional<T> one(Function<Row, T> row, String sql, Object... parameters) {
        try (var statement = prepared(sql, parameters);
                var result = statement.executeQuery()) {
            return result.next() ? Optional.of(row.apply(new Row(result))) : Optional.empty();
        } catch (SQLException e) {
            throw new StatementFailed(e);
        }
    }

    /** All rows, in the order the statement gives them. */
    public <T> List<T> all(Function<Row, T> row, String sql, Object... parameters) {
        var all = new ArrayList<T>();
        try (var statement = prepared(sql, parameters);
                var result = statement.executeQuery()) {
            var at = new Row(result);
            while (result.next()) {
                all.add(row.apply(at));
            }
            return all;
        } catch (SQLException e) {
            throw new StatementFailed(e);
        }
    }

    /** Whether there is a row. */
    public boolean any(String sql, Object... parameters) {
        return one(row -> true, sql, parameters).isPresent();
    }

    private PreparedStatement prepared(String sql, Object... parameters) throws SQLException {
        return Read.bound(connection.prepareStatement(sql), parameters);
    }

    /** A statement's failure on its way out of the unit of work. */
    private static final class StatementFailed extends RuntimeException {
        StatementFailed(SQLException cause) {
            super("a statement failed", cause, false, false);
        }
    }
}
