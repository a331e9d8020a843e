package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.database.PostgresForTests;
import gateway.store.Database;
import gateway.store.SqlDialect;

/**
 * {@code WHATSAPP_CHAT_STORAGE=false} on the real program: once a message was sent and every receiver has heard of it,
 * its text is in no file of the storage directory, which holds SQLite's file and its log, and in no row of PostgreSQL.
 */
@ParameterizedClass
@EnumSource(SqlDialect.class)
class ForgottenTextTest {
    private static final String CANARY = "canary-7c1f";
    private static final String ALICE = "12025550101";

    @TempDir
    Path folder;

    private Database.Postgres server;

    ForgottenTextTest(SqlDialect dialect) {
        this.server = dialect == SqlDialect.POSTGRES
                ? (Database.Postgres) PostgresForTests.running().fresh()
                : null;
    }

    @Test
    void noTextStaysOnceItWasHandedOver() throws Exception {
        var heard = new CopyOnWriteArrayList<String>();
        var receiver = receiver(heard);
        var environment = new HashMap<>(Map.of(
                "WHATSAPP_WEBHOOK",
                "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook",
                "WHATSAPP_WEBHOOK_SECRET",
                "4f1c7a0d9b2e48f6a3c5d7e9f1b3a5c7",
                "WHATSAPP_WEBHOOK_ALLOW_HTTP",
                "true",
                "WHATSAPP_WEBHOOK_ALLOW_CIDRS",
                "127.0.0.0/8"));
        if (server != null) {
            environment.put("DB_URI", PostgresForTests.uri(server));
        }
        try {
            try (var program = Program.rest(folder, environment)) {
                assertEquals(200, program.get("/app/login").statusCode());
                assertEquals(200, program.post("/sandbox/pair", "{}").statusCode());
                converse(program, heard, "first");
                assertTrue(!places().isEmpty(), "what is kept is found by this search");
            }
            environment.put("APP_ACCEPT_DATABASE", "true");
            if (server == null) {
                Files.delete(folder.resolve("storages/whatsapp.db"));
            } else {
                server = (Database.Postgres) PostgresForTests.running().fresh();
                environment.put("DB_URI", PostgresForTests.uri(server));
            }
            environment.put("WHATSAPP_CHAT_STORAGE", "false");
            try (var program = Program.rest(folder, environment)) {
                program.get("/app/login");
                program.post("/sandbox/pair", "{}");
                var id = converse(program, heard, "second");
                await().atMost(Duration.ofSeconds(40))
                        .pollInterval(Duration.ofMillis(500))
                        .untilAsserted(() -> assertEquals(List.of(), places()));
                var message = Program.json(program.get("/chat/" + ALICE + "@s.whatsapp.net/messages"))
                        .at("/results/data");
                assertTrue(message.toString().contains(id), "who wrote when stays: " + message);
                assertEquals(
                        400,
                        program.post("/message/" + id + "/forward", "{\"phone\":\"" + ALICE + "\"}")
                                .statusCode());
            }
            assertEquals(List.of(), places(), "nor after the end");
        } finally {
            receiver.stop(0);
        }
    }

    /** Messages of both directions, a change of one, one that is refused for good. */
    private static String converse(Program program, List<String> heard, String round) throws Exception {
        var sent = program.post(
                "/send/message", "{\"phone\":\"" + ALICE + "\",\"message\":\"" + CANARY + " out " + round + "\"}");
        assertEquals(200, sent.statusCode(), sent.body());
        var id = Program.json(sent).at("/results/message_id").textValue();
        program.post("/sandbox/fail", "{\"sends\":1,\"passing\":false}");
        assertEquals(
                400,
                program.send(program.request("/send/message")
                                .header("Content-Type", "application/json")
                                .header("Idempotency-Key", round)
                                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(
                                        "{\"phone\":\"" + ALICE + "\",\"message\":\"" + CANARY + " refused\"}")))
                        .statusCode());
        for (var inbound : List.of(
                "\"message\":\"" + CANARY + " in " + round + "\"",
                "\"type\":\"edit\",\"from_me\":true,\"message_id\":\"" + id + "\",\"message\":\"" + CANARY + " edit "
                        + round + "\"",
                "\"type\":\"reaction\",\"message_id\":\"" + id + "\",\"emoji\":\"" + CANARY + "\"",
                "\"type\":\"poll\",\"question\":\"" + CANARY + "\",\"options\":[\"" + CANARY + " 1\",\"" + CANARY
                        + " 2\"]")) {
            var reply = program.post("/sandbox/inbound", "{\"from\":\"" + ALICE + "\"," + inbound + "}");
            assertEquals(200, reply.statusCode(), reply.body());
        }
        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            assertTrue(heard.stream().anyMatch(body -> body.contains("in " + round)), heard::toString);
            assertTrue(heard.stream().anyMatch(body -> body.contains("edit " + round)), heard::toString);
        });
        return id;
    }

    /** Where the canary is found. */
    private List<String> places() throws Exception {
        var found = new ArrayList<String>();
        try (var files = Files.walk(folder.resolve("storages"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                if (contains(file)) {
                    found.add(file.getFileName().toString());
                }
            }
        }
        if (server != null) {
            try (var connection = connection()) {
                for (var table : tables(connection)) {
                    try (var rows = connection
                            .createStatement()
                            .executeQuery("SELECT count(*) FROM " + table + " AS t WHERE CAST(t AS text) LIKE '%"
                                    + CANARY + "%'")) {
                        rows.next();
                        if (rows.getLong(1) > 0) {
                            found.add(table);
                        }
                    }
                }
            }
        }
        return found;
    }

    private static boolean contains(Path file) throws IOException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(CANARY);
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    private Connection connection() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + server.name() + "?sslmode=disable",
                "postgres",
                "");
    }

    private static TreeSet<String> tables(Connection connection) throws SQLException {
        var tables = new TreeSet<String>();
        try (var rows = connection
                .createStatement()
                .executeQuery(
                        "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        assertTrue(tables.size() > 20, tables::toString);
        return tables;
    }

    /** Answers with what it was sent, as some receivers do. */
    private static HttpServer receiver(List<String> heard) throws IOException {
        var receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            var body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
            heard.add(new String(body, StandardCharsets.UTF_8));
        });
        receiver.start();
        return receiver;
    }
}
