package gateway.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

import gateway.budget.Share;

/**
 * One read of the database: all of its statements run on one connection and see one snapshot. Used by one thread, until
 * the unit of work that was given it returns. A unit reads with this alone: a second connection could wait for the
 * first.
 */
public final class Read {
    /** What a row and what is made of it take in memory; whoever reads longer texts takes more. */
    static final int ROW_BYTES = 1_024;

    private static final System.Logger LOG = System.getLogger(Read.class.getName());

    private final Connection connection;

    Read(Connection connection) {
        this.connection = connection;
    }

    /**
     * One row at the most, made into a value. @throws StoreUnavailable when the database does not answer, or not in
     * time
     */
    public <T> Optional<T> one(Function<Row, T> row, String sql, Object... parameters) {
        try (var statement = prepared(sql, parameters);
                var result = statement.executeQuery()) {
            return result.next() ? Optional.of(row.apply(new Row(result))) : Optional.empty();
        } catch (SQLException e) {
            throw StoreUnavailable.ofRead(e);
        }
    }

    /**
     * All rows, in the order the statement gives them. Each takes {@link #ROW_BYTES} from the share of the request that
     * asks.
     *
     * @throws StoreUnavailable when the database does not answer, or not in time
     * @throws gateway.budget.BudgetSpent when the rows are more than there is memory for
     */
    public <T> List<T> all(Function<Row, T> row, String sql, Object... parameters) {
        var share = Share.current();
        var all = new ArrayList<T>();
        try (var statement = prepared(sql, parameters);
                var result = statement.executeQuery()) {
            var at = new Row(result);
            while (result.next()) {
                share.take(ROW_BYTES);
                all.add(row.apply(at));
            }
            return all;
        } catch (SQLException e) {
            throw StoreUnavailable.ofRead(e);
        }
    }

    /**
     * Gives each row to the taker, in the order the statement gives them. The row is only to be used meanwhile.
     *
     * @throws StoreUnavailable when the database does not answer, or not in time
     */
    public void each(Consumer<Row> taker, String sql, Object... parameters) {
        try (var statement = prepared(sql, parameters);
                var result = statement.executeQuery()) {
            var at = new Row(result);
            while (result.next()) {
                taker.accept(at);
            }
        } catch (SQLException e) {
            throw StoreUnavailable.ofRead(e);
        }
    }

    /** The first column of the only row, a number; 0 when there is no row. */
    public long number(String sql, Object... parameters) {
        return one(row -> row.number(1), sql, parameters).orElse(0L);
    }

    /** Whether there is a row. */
    public boolean any(String sql, Object... parameters) {
        return one(row -> true, sql, parameters).isPresent();
    }

    private PreparedStatement prepared(String sql, Object... parameters) throws SQLException {
        // The text alone: its values are clients' own.
        LOG.log(System.Logger.Level.TRACE, sql);
        return bound(connection.prepareStatement(sql), parameters);
    }

    /** The statement with its parameters: texts, whole numbers, and null. */
    static PreparedStatement bound(PreparedStatement statement, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            switch (parameters[i]) {
                case String text -> statement.setString(i + 1, text);
                case null -> statement.setObject(i + 1, null);
                case Long number -> statement.setLong(i + 1, number);
                case Integer number -> statement.setInt(i + 1, number);
                default -> throw new IllegalArgumentException("a parameter is a text or a whole number");
            }
        }
        return statement;
    }
}
