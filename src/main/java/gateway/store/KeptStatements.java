package gateway.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Properties;
import java.util.SequencedMap;
import java.util.function.Consumer;

import org.sqlite.SQLiteConnection;
import org.sqlite.jdbc4.JDBC4Connection;
import org.sqlite.jdbc4.JDBC4PreparedStatement;

/**
 * A connection that compiles each statement once. The gateway runs the same dozens of statements thousands of times a
 * second, and SQLite takes longer to compile one than to run it. Closing gives it back: it stays open until
 * {@link #end}.
 */
final class KeptStatements extends JDBC4Connection {
    /** More than the fixed statements; one made up at run time pushes out the one not used for longest. */
    private static final int MAX = 128;

    private final SequencedMap<String, Kept> kept = new LinkedHashMap<>(MAX, 0.75f, true);
    private final Consumer<KeptStatements> back;
    private final Optional<ReadDeadline> deadline;
    private Optional<ReadDeadline.Watched> watched = Optional.empty();
    private boolean lent;

    /**
     * @param back takes the connection whenever its borrower closes it
     * @param deadline ends what a borrower does for too long; empty for the writer
     */
    KeptStatements(
            String url,
            String file,
            Properties settings,
            Consumer<KeptStatements> back,
            Optional<ReadDeadline> deadline)
            throws SQLException {
        super(url, file, settings);
        this.back = back;
        this.deadline = deadline;
    }

    /** The connection, for one borrower until it closes it. */
    KeptStatements lend() {
        lent = true;
        watched = deadline.map(limit -> limit.begin(this::interrupt));
        return this;
    }

    @Override
    public PreparedStatement prepareStatement(String sql) throws SQLException {
        var statement = kept.get(sql);
        if (statement == null) {
            statement = new Kept(this, sql);
            kept.put(sql, statement);
            if (kept.size() > MAX) {
                kept.pollFirstEntry().getValue().end();
            }
        }
        return statement;
    }

    /** Begins a transaction that reads: the driver's own would lock the file for writing. */
    void beginReading() throws SQLException {
        getConnectionConfig().setAutoCommit(false);
        run("begin");
    }

    /**
     * A statement without rows, kept like the others. While the driver believes in a transaction it begins none beside
     * it.
     */
    private void run(String sql) throws SQLException {
        try (var statement = prepareStatement(sql)) {
            statement.execute();
        }
    }

    /** Ends the statement that runs, from another thread; nothing when none runs. */
    private void interrupt() throws SQLException {
        getDatabase().interrupt();
    }

    /**
     * Leaves the connection without a transaction: the driver would begin the next one at once, and with it lock the
     * file.
     */
    @Override
    public void commit() throws SQLException {
        run("commit");
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
        if (!lent) {
            return;
        }
        // From here on nothing is interrupted: neither the end of this transaction nor the next borrower's statement.
        watched.ifPresent(ReadDeadline.Watched::close);
        try {
            if (!getAutoCommit()) {
                rollback();
            }
        } finally {
            lent = false;
            back.accept(this);
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

    @FunctionalInterface
    private interface Execution<T> {
        T run() throws SQLException;
    }

    private final class Kept extends JDBC4PreparedStatement {
        private final String text;

        Kept(SQLiteConnection connection, String sql) throws SQLException {
            super(connection, sql);
            this.text = sql;
        }

        @Override
        public ResultSet executeQuery() throws SQLException {
            return sound(super::executeQuery);
        }

        @Override
        public boolean execute() throws SQLException {
            return sound(super::execute);
        }

        /** One that fails outside of a transaction is not undone with it, so it is forgotten here. */
        private <T> T sound(Execution<T> execution) throws SQLException {
            try {
                return execution.run();
            } catch (SQLException e) {
                kept.remove(text, this);
                end();
                throw e;
            }
        }

        @Override
        public void close() throws SQLException {
            if (!isClosed()) {
                rs.close();
                clearParameters();
            }
        }

        void end() throws SQLException {
            super.close();
        }
    }
}
