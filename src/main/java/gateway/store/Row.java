package gateway.store;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;
import org.sqlite.jdbc3.JDBC3ResultSet;

/**
 * The row a result stands at. Columns are read by position, the first being 1, so that no metadata is asked for, or by
 * name. A column is NOT NULL unless the statement says so; {@link #text} gives null for SQL's NULL.
 */
public final class Row {
    private final ResultSet result;
    /** Whether a text's bytes are asked for: SQLite's driver makes a buffer for each text, which costs more than both. */
    private final boolean byBytes;

    Row(ResultSet result) {
        this.result = result;
        this.byBytes = result instanceof JDBC3ResultSet;
    }

    /** @throws StoreUnavailable when the database does not answer */
    public String text(int column) {
        try {
            return byBytes ? decoded(result.getBytes(column)) : result.getString(column);
        } catch (SQLException e) {
            throw StoreUnavailable.ofRead(e);
        }
    }

    @SuppressWarnings("NullAway") // see the class: null is SQL's NULL, which its statement tells of
    private static String decoded(byte @Nullable [] utf8) {
        return utf8 == null ? null : new String(utf8, StandardCharsets.UTF_8);
    }

    /**
     * A number; 0 for SQL's NULL.
     *
     * @throws StoreUnavailable when the database does not answer
     */
    public long number(int column) {
        try {
            return result.getLong(column);
        } catch (SQLException e) {
            throw StoreUnavailable.ofRead(e);
        }
    }

    /** As {@link #text(int)}, by the column's name: for statements that name no columns, or very many. */
    public String text(String column) {
        try {
            return result.getString(column);
        } catch (SQLException e) {
            throw StoreUnavailable.ofRead(e);
        }
    }

    /** As {@link #number(int)}, by the column's name. */
    public long number(String column) {
        try {
            return result.getLong(column);
        } catch (SQLException e) {
            throw StoreUnavailable.ofRead(e);
        }
    }

    /** As {@link #flag(int)}, by the column's name. */
    public boolean flag(String column) {
        return number(column) == 1;
    }

    /**
     * True for 1, false for 0 and for SQL's NULL.
     *
     * @throws StoreUnavailable when the database does not answer
     */
    public boolean flag(int column) {
        return number(column) == 1;
    }
}
