package gateway.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Properties;
import java.util.SequencedMap;

import org.sqlite.SQLiteConnection;
import org.sqlite.jdbc4.JDBC4Connection;
import org.sqlite.jdbc4.JDBC4PreparedStatement;

/**
 * A connection that compiles each statement once. The writer runs the same dozen statements thousands of times a second,
 * and SQLite takes longer to compile one than to run it. Closing gives it back: it stays open until {@link #end}.
 */
final class KeptStatements extends JDBC4Connection {
    /** More than the writer's statements; a statement made up at run time pushes out the one not used for longest. */
    private static final int MOST = 128;

    private final SequencedMap<String, Kept> kept = new LinkedHashMap<>(MOST, 0.75f, true);

    KeptStatements(String url, String file, Properties settings) throws SQLException {
        super(url, file, settings);
    }

    @Override
    public PreparedStatement prepareStatement(String sql) throws SQLException {
        var statement = kept.get(sql);
        if (statement == null) {
            statement = new Kept(this, sql);
            kept.put(sql, statement);
            if (kept.size() > MOST) {
                kept.pollFirstEntry().getValue().end();
            }
        }
        return statement;
    }

    /** Leaves the connection without a transaction: the driver would begin the next one at once, and with it lock the file. */
    @Override
    public void commit() throws SQLException {
        getDatabase().exec("commit", false);
        getConnectionConfig().setAutoCommit(true);
    }

    /** Also forgets the statements: one that failed stays spoilt in the driver, even when its cause is gone. */
    @Override
    public void rollback() throws SQLException {
        forget();
        getConnectionConfig().setAutoCommit(true);
        getDatabase().exec("rollback", false);
    }

    /** Undoes a transaction that was not brought to its end, such as one whose commit failed. The connection stays. */
    @Override
    public void close() throws SQLException {
        if (!getAutoCommit()) {
            rollback();
        }
    }

    /** Closes it for good. */
    void end() throws SQLException {
        forget();
        super.close();
    }

    private void forget() throws SQLException {
        for (var statement : kept.values()) {
            statement.end();
        }
        kept.clear();
    }

    private static final class Kept extends JDBC4PreparedStatement {
        Kept(SQLiteConnection connection, String sql) throws SQLException {
            super(connection, sql);
        }

        @Override
        public void close() throws SQLException {
            rs.close();
            clearParameters();
        }

        void end() throws SQLException {
            super.close();
        }
    }
}
