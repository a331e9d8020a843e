package gateway.store;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * Connections for a pool, tried for until there is one. The pool's own tries get ever further apart, up to five
 * seconds; a server that comes back would be found as late as that. Callers of the pool wait for no longer than its own
 * patience.
 */
record Reconnecting(DataSource source) implements DataSource {
    private static final long PAUSE_MILLIS = 200;
    /** SQLSTATE class 28: whoever is refused by name does not hammer at the door. */
    private static final String REFUSED = "28";

    @Override
    public Connection getConnection() throws SQLException {
        while (true) {
            try {
                return source.getConnection();
            } catch (SQLException e) {
                if (e.getSQLState() != null && e.getSQLState().startsWith(REFUSED)) {
                    throw e;
                }
                pause(e);
            }
        }
    }

    /** The pool that is closed interrupts. */
    private static void pause(SQLException cause) throws SQLException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cause;
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return source.getConnection(user, password);
    }

    /** The pool would set its callers' patience, which is too short for a handshake on a busy machine; ours stands. */
    @Override
    public void setLoginTimeout(int seconds) {
        System.getLogger(Reconnecting.class.getName())
                .log(System.Logger.Level.DEBUG, "a login takes what it takes, not {0} s", seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return source.getLoginTimeout();
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return source.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        source.setLogWriter(out);
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return source.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return source.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return source.isWrapperFor(type);
    }
}
