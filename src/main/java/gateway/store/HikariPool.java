package gateway.store;

import java.sql.Connection;
import java.sql.SQLException;

import com.zaxxer.hikari.HikariDataSource;
import io.helidon.dbclient.DbClientException;
import io.helidon.dbclient.jdbc.CloseableJdbcConnectionPool;

/** Connections to a server, kept open by HikariCP. */
record HikariPool(HikariDataSource source) implements CloseableJdbcConnectionPool {
    @Override
    public Connection connection() {
        try {
            return source.getConnection();
        } catch (SQLException e) {
            throw new DbClientException("No connection to the database", e);
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
