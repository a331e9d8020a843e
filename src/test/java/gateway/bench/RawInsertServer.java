package gateway.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;

import io.helidon.webserver.WebServer;

/**
 * The least that can be called a durable POST: Helidon's handler, one writer, one prepared INSERT, group commit, and an
 * answer once the group is on disk. What it does is the ceiling for the gateway's own accepting.
 */
public final class RawInsertServer {
    private static final int GROUP = 256;
    private final BlockingQueue<Row> queue = new ArrayBlockingQueue<>(4_096);

    private record Row(String body, CompletableFuture<Void> done) {
    }

    private RawInsertServer() {
    }

    /** Listens on 127.0.0.1. Arguments: the port; the value of PRAGMA synchronous, FULL when absent. */
    public static void main(String[] args) throws SQLException {
        var server = new RawInsertServer();
        var synchronous = args.length > 1 ? args[1] : "FULL";
        var file = Path.of("raw.db").toAbsolutePath();
        var connection = DriverManager.getConnection("jdbc:sqlite:" + file + "?journal_mode=WAL&synchronous=" + synchronous);
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS raw (seq INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL)");
        }
        connection.setAutoCommit(false);
        var insert = connection.prepareStatement("INSERT INTO raw (body) VALUES (?)");
        Thread.ofPlatform().name("writer").start(() -> server.write(connection, insert));
        WebServer.builder()
                .host("127.0.0.1")
                .port(Integer.parseInt(args[0]))
                .featuresDiscoverServices(false)
                .routing(routes -> routes
                        .get("/readyz", (request, response) -> response.send("ok"))
                        .post("/", (request, response) -> {
                            var row = new Row(request.content().as(String.class), new CompletableFuture<>());
                            server.queue.put(row);
                            row.done.join();
                            response.send("{\"code\":\"SUCCESS\"}");
                        }))
                .build()
                .start();
    }

    private void write(Connection connection, PreparedStatement insert) {
        var group = new ArrayList<Row>(GROUP);
        try {
            while (true) {
                group.add(queue.take());
                queue.drainTo(group, GROUP - 1);
                for (var row : group) {
                    insert.setString(1, row.body);
                    insert.executeUpdate();
                }
                connection.commit();
                group.forEach(row -> row.done.complete(null));
                group.clear();
            }
        } catch (SQLException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
