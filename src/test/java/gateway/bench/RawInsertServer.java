package gateway.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

import gateway.audit.SecurityLog;
import gateway.auth.AuthMetrics;
import gateway.auth.Authenticator;
import gateway.auth.ClientAddress;
import gateway.auth.RateLimit.Rate;
import gateway.http.Cors;
import gateway.http.Envelope;
import gateway.http.Gate;
import gateway.http.HardenedServer;
import gateway.http.Manner;
import gateway.http.ScopeRules;
import gateway.http.Throttle;
import io.helidon.webserver.WebServer;

/**
 * The least that can be called a durable POST: a handler, one writer, one prepared INSERT, group commit, and an answer once
 * the group is on disk. Behind Helidon's bare handler it is the ceiling for any accepting; behind the gateway's own
 * listener, entrance and JSON it is the ceiling for the outbox.
 */
public final class RawInsertServer {
    private static final int GROUP = 256;
    private final BlockingQueue<Row> queue = new ArrayBlockingQueue<>(4_096);

    private record Row(String body, CompletableFuture<Void> done) {
    }

    private RawInsertServer() {
    }

    /**
     * Listens on 127.0.0.1. Arguments: the port; the value of PRAGMA synchronous, FULL when absent; the credential
     * {@code user:password} that the gateway's entrance asks for, Helidon's bare handler when absent.
     */
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
        int port = Integer.parseInt(args[0]);
        if (args.length > 2) {
            server.gated(port, args[2].split(":", 2));
        } else {
            server.bare(port);
        }
    }

    private void bare(int port) {
        WebServer.builder()
                .host("127.0.0.1")
                .port(port)
                .featuresDiscoverServices(false)
                .routing(routes -> routes
                        .get("/readyz", (request, response) -> response.send("ok"))
                        .post("/", (request, response) -> {
                            insert(request.content().as(String.class));
                            response.send("{\"code\":\"SUCCESS\"}");
                        }))
                .build()
                .start();
    }

    private void gated(int port, String[] credential) {
        var authenticator = new Authenticator(UnaryOperator.identity(), InstantSource.system());
        var accounts = authenticator.configured();
        accounts.replace(List.of(accounts.plainUser(credential[0], credential[1])), List.of());
        var unlimited = new Rate(0, 0);
        var gate = new Gate(Manner.REST, authenticator, ClientAddress.direct(), new Throttle("", unlimited, unlimited),
                ScopeRules.api(""), Cors.none(), SecurityLog.none(), AuthMetrics.NONE);
        HardenedServer.builder("raw").port(port).filter(Cors.none()).routes(routes -> routes
                .get("/readyz", (request, response) -> response.send("ok"))
                .any(gate)
                .post("/send/message", (request, response) -> {
                    var body = request.content().as(String.class);
                    var message = Envelope.JSON.readTree(body).get("message").textValue();
                    insert(body);
                    Envelope.success(response, "Message kept", Envelope.JSON.createObjectNode().put("length", message.length()));
                })).start();
    }

    /** Returns when the row is on disk. */
    private void insert(String body) throws InterruptedException {
        var row = new Row(body, new CompletableFuture<>());
        queue.put(row);
        row.done.join();
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
