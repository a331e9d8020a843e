package gateway.bench;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;

import io.helidon.webserver.WebServer;

/**
 * The least that can be called a durable POST: Helidon's bare handler, one prepared INSERT of one row, group commit.
 * The ceiling for any accepting, whatever it accepts.
 */
public final class RawInsertServer {
    private RawInsertServer() {}

    /** Listens on 127.0.0.1. Arguments: the port; the value of PRAGMA synchronous, FULL when absent. */
    public static void main(String[] args) throws SQLException {
        var synchronous = args.length > 1 ? args[1] : "FULL";
        var file = Path.of("raw.db").toAbsolutePath();
        var connection =
                DriverManager.getConnection("jdbc:sqlite:" + file + "?journal_mode=WAL&synchronous=" + synchronous);
        try (var statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS raw (seq INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL)");
        }
        var insert = connection.prepareStatement("INSERT INTO raw (body) VALUES (?)");
        var writer = new GroupCommit<String>(connection, body -> {
            insert.setString(1, body);
            insert.executeUpdate();
        });
        WebServer.builder()
                .host("127.0.0.1")
                .port(Integer.parseInt(args[0]))
                .featuresDiscoverServices(false)
                .routing(routes -> routes.get("/readyz", (request, response) -> response.send("ok"))
                        .post("/", (request, response) -> {
                            writer.put(request.content().as(String.class));
                            response.send("{\"code\":\"SUCCESS\"}");
                        }))
                .build()
                .start();
    }
}
