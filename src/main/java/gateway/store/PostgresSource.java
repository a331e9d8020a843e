package gateway.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * New connections to the server, by the password that it takes: the first of a list, or, when that one is refused, the
 * next. A role of PostgreSQL has one password, so while it is changed there is an instant at which the server knows one
 * and we the other.
 */
final class PostgresSource extends PGSimpleDataSource {
    private static final long serialVersionUID = 1;
    /** invalid_password, invalid_authorization_specification: PostgreSQL, "Error Codes". */
    private static final List<String> REFUSED = List.of("28P01", "28000");

    private final transient Supplier<List<String>> passwords;

    /** @param passwords asked for each new connection */
    PostgresSource(Database.Postgres server, Map<String, String> properties, Supplier<List<String>> passwords) {
        this.passwords = passwords;
        setURL("jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + server.name());
        setUser(server.user());
        properties.forEach(this::set);
    }

    private void set(String name, String value) {
        try {
            setProperty(name, value);
        } catch (SQLException e) {
            throw new StoreFault(
                    "DB_URI: the option " + name + " or its value is not one the PostgreSQL driver knows.", e);
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        SQLException refused = null;
        for (var password : passwords.get()) {
            try {
                return getConnection(getUser(), password);
            } catch (SQLException e) {
                if (!REFUSED.contains(e.getSQLState())) {
                    throw e;
                }
                refused = refused == null ? e : refused;
            }
        }
        throw refused;
    }

    /**
     * Gives the role a new password. The server gets its SCRAM verifier only, so that none of its logs can hold the
     * text.
     */
    void change(String password) throws SQLException {
        try (var connection = getConnection()) {
            connection.unwrap(PGConnection.class).alterUserPassword(getUser(), password.toCharArray(), "scram-sha-256");
        }
    }
}
