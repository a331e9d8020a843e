package gateway.store;

import java.io.FileNotFoundException;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.jdbc.JdbcClientBuilder;

/** The database server several nodes may share. */
final class PostgresServer {
    private static final int READERS = 8;
    /** Milliseconds a caller waits for a connection before it hears that there is none. */
    private static final int PATIENCE = 2_000;

    /**
     * What the driver is told unless DB_URI says otherwise. Seconds: a server that does not answer is given up, and one
     * that vanished without a word (power, network) is noticed.
     */
    private static final Map<String, String> DEFAULTS = Map.of(
            "connectTimeout", "2",
            "loginTimeout", "10",
            "socketTimeout", "10",
            "tcpKeepAlive", "true",
            "ApplicationName", "whatsapp");

    /**
     * The writer's session besides. A node that is stopped in the middle of a transaction must not hold its locks for
     * longer than a lease lives, or no other node could take over. A commit is on the server's disk when it returns.
     */
    private static final String WRITER = "-c idle_in_transaction_session_timeout=2500ms -c synchronous_commit=on";

    /**
     * The readers' sessions besides: the statements of one transaction see one state, and one that takes too long is
     * stopped.
     */
    private static final String READER =
            "-c default_transaction_isolation=repeatable\\ read -c default_transaction_read_only=on"
                    + " -c statement_timeout=";

    private final Database.Postgres server;
    private final AtomicReference<List<String>> passwords;

    private PostgresServer(Database.Postgres server) {
        this.server = server;
        this.passwords = new AtomicReference<>(server.passwords());
    }

    /** Reaches the server and brings its tables to this program's version. */
    static PostgresServer open(Database.Postgres server) {
        return open(server, () -> {});
    }

    /**
     * As {@link #open(Database.Postgres)}.
     *
     * @param ifEmpty asked before tables are made in a database that has none
     */
    static PostgresServer open(Database.Postgres server, Runnable ifEmpty) {
        var opened = new PostgresServer(server);
        reach(server, opened.source());
        if (Schema.isEmpty(opened.source())) {
            ifEmpty.run();
        }
        Schema.bring(opened.source(), SqlDialect.POSTGRES);
        return opened;
    }

    /** @param limit how long one statement may take */
    DbClient readers(Duration limit) {
        return client("read", READERS, source(server, with(READER + limit.toMillis()), passwords::get));
    }

    DbClient writer() {
        return client("write", 1, source(server, with(WRITER), passwords::get));
    }

    private Map<String, String> with(String options) {
        var properties = properties(server);
        properties.merge("options", options, (given, ours) -> given + " " + ours);
        return properties;
    }

    /** Single connections, outside the pools. */
    PostgresSource source() {
        return source(server, properties(server), passwords::get);
    }

    /** What connections made from now on are made with. Those that are open stay: the server asks once. */
    void passwords(List<String> inOrder) {
        passwords.set(List.copyOf(inOrder));
    }

    /**
     * Gives the role of this program another password; its open connections stay open.
     *
     * @throws StoreFault with one sentence, when the server did not take the password
     */
    void changePassword(String password) {
        try {
            source().change(password);
        } catch (SQLException e) {
            throw new StoreFault(
                    "The database server did not take a new password (SQL state " + e.getSQLState()
                            + "). Let the role change its own password, or look at the server's log.",
                    e);
        }
    }

    static PostgresSource source(Database.Postgres server) {
        return source(server, properties(server), server::passwords);
    }

    private static PostgresSource source(
            Database.Postgres server, Map<String, String> properties, Supplier<List<String>> passwords) {
        return new PostgresSource(server, properties, passwords);
    }

    private static Map<String, String> properties(Database.Postgres server) {
        var all = new HashMap<>(DEFAULTS);
        all.putAll(server.properties());
        return all;
    }

    /**
     * Tells apart, in words an operator can act on, why a server cannot be used. The server's own text is not repeated.
     */
    private static void reach(Database.Postgres server, PostgresSource source) {
        try (var connection = source.getConnection();
                var statement = connection.createStatement();
                var version = statement.executeQuery("SHOW server_version_num")) {
            version.next();
            if (version.getInt(1) < 150_000) {
                throw new StoreFault("DB_URI: " + server + " is older than PostgreSQL 15. Upgrade the server.");
            }
        } catch (SQLException e) {
            throw fault(server, e);
        }
    }

    /** A server that does not answer, or takes no connection just now, may do so later; all else is for a person. */
    private static StoreFault fault(Database.Postgres server, SQLException e) {
        var sentence = "DB_URI: " + server + " " + reason(e, server);
        return isPassing(e) ? StoreFault.passing(sentence, e) : new StoreFault(sentence, e);
    }

    private static boolean isPassing(SQLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof FileNotFoundException
                    || cause instanceof NoSuchFileException
                    || cause instanceof GeneralSecurityException
                    || cause instanceof SSLException) {
                return false;
            }
        }
        return !"08004".equals(e.getSQLState()) && StoreUnavailable.isOutage(e);
    }

    private static String reason(SQLException e, Database.Postgres server) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof FileNotFoundException || cause instanceof NoSuchFileException) {
                return "cannot be verified: sslrootcert names no readable file.";
            }
            if (cause instanceof GeneralSecurityException || cause instanceof SSLException) {
                return "shows a certificate that does not stand. Check sslrootcert, and that the certificate names "
                        + server.host() + ".";
            }
        }
        return switch (e.getSQLState() == null ? "" : e.getSQLState()) {
            case "28P01", "28000" ->
                "does not let this user in. Check the user and its password, and pg_hba.conf on the server.";
            case "3D000" -> "has no such database. Make it with 1-database.sql.";
            case "08004" ->
                "does not take the connection as DB_URI asks for it. Check sslmode, and pg_hba.conf on the server.";
            case "53300", "57P03" ->
                "takes no connection now. Try again when it has started, or raise max_connections.";
            default -> "cannot be reached. Check host and port, and that the server runs and listens there.";
        };
    }

    private static DbClient client(String name, int connections, PostgresSource source) {
        var pool = new HikariConfig();
        pool.setDataSource(new Reconnecting(source));
        pool.setPoolName("postgres-" + name);
        pool.setMaximumPoolSize(connections);
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(PATIENCE);
        pool.setValidationTimeout(1_000);
        return JdbcClientBuilder.create()
                .connectionPool(new HikariPool(new HikariDataSource(pool)))
                .build();
    }
}
