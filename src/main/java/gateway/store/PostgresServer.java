package gateway.store;

import java.util.HashMap;
import java.util.Map;

import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import io.helidon.dbclient.DbClient;
import org.postgresql.ds.PGSimpleDataSource;

/** The database server several nodes may share. */
final class PostgresServer {
    private static final int READERS = 8;

    private PostgresServer() {
    }

    static Store open(Database.Postgres server, Store.Assembly assembly) {
        var source = new PGSimpleDataSource();
        source.setURL(url(server));
        source.setUser(server.user());
        source.setPassword(server.password());
        server.properties().forEach((name, value) -> set(source, name, value));
        Schema.bring(source, Dialect.POSTGRES);
        return assembly.of(client("read", server, READERS), client("write", server, 1));
    }

    private static void set(PGSimpleDataSource source, String name, String value) {
        try {
            source.setProperty(name, value);
        } catch (java.sql.SQLException e) {
            throw new StoreFault("DB_URI: the option " + name + " is not one the PostgreSQL driver knows.", e);
        }
    }

    private static String url(Database.Postgres server) {
        return "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + server.name();
    }

    private static DbClient client(String name, Database.Postgres server, int connections) {
        var settings = new HashMap<>(Map.of(
                "source", "jdbc",
                "connection.url", url(server),
                "connection.username", server.user(),
                "connection.password", server.password(),
                "connection.poolName", "postgres-" + name,
                "connection.maximumPoolSize", String.valueOf(connections),
                "connection.minimumIdle", "1",
                "connection.connectionTimeout", "10000"));
        server.properties().forEach((key, value) -> settings.put("connection.dataSource." + key, value));
        return DbClient.create(Config.just(ConfigSources.create(settings)));
    }
}
