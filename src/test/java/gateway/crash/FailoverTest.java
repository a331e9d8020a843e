package gateway.crash;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.Program;
import gateway.database.PostgresForTests;
import gateway.store.Database;
import gateway.store.Store;

/** Two real programs on one PostgreSQL, and what becomes of the account when the one that serves it dies or freezes. */
class FailoverTest {
    /** Ample: {@code make bench} has the figure, and here a busy machine is slow and not wrong. */
    private static final Duration TAKEN_OVER = Duration.ofSeconds(15);

    @TempDir
    Path folder;

    private final Database.Postgres database = PostgresForTests.running().fresh();
    private Store store;
    private Program owner;
    private Program other;
    private int sent;

    @BeforeEach
    void start() throws Exception {
        owner = node("one");
        assertEquals(200, owner.get("/app/login").statusCode());
        assertEquals(200, owner.post("/sandbox/pair", "{}").statusCode());
        other = node("two");
        store = Store.open(database);
        await().atMost(Duration.ofSeconds(30)).until(() -> send(other));
    }

    @AfterEach
    void stop() throws Exception {
        store.close();
        other.close();
        owner.kill();
    }

    @Test
    void whenTheOwnerIsKilledTheOtherSends() throws Exception {
        owner.kill();
        var began = System.nanoTime();
        await().atMost(TAKEN_OVER).until(() -> send(other));
        System.out.println("failover after a kill: "
                + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
        everyMessageOnce();
    }

    @Test
    void anOwnerThatFrozeWritesNothingWhenItWakes() throws Exception {
        signal("STOP");
        var began = System.nanoTime();
        await().atMost(TAKEN_OVER).until(() -> send(other));
        System.out.println("failover after a freeze: "
                + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
        long epoch = store.number("SELECT epoch FROM session_lease");
        signal("CONT");
        // It accepts again, and what it accepts the new owner sends.
        await().atMost(Duration.ofSeconds(15)).until(() -> send(owner));
        assertEquals(epoch, store.number("SELECT epoch FROM session_lease"));
        assertTrue(owner.output().contains("no longer serves the account"), owner.output());
        everyMessageOnce();
    }

    /** A reply without how the connection stands, which the node of the connection alone knows. */
    private static JsonNode known(HttpResponse<String> reply) throws Exception {
        var json = Program.json(reply);
        if (json.path("results") instanceof ObjectNode results) {
            results.remove("connection");
        }
        return json;
    }

    @Test
    void aNodeWithoutTheLineServesEverythingThatTheDatabaseKnows() throws Exception {
        assertEquals(
                200,
                owner.post("/sandbox/inbound", "{\"from\":\"6281234567890\",\"message\":\"hello\"}")
                        .statusCode());
        for (var path : List.of(
                "/app/status",
                "/devices",
                "/devices/default/status",
                "/chats",
                "/chat/6281234567890@s.whatsapp.net/messages",
                "/webhooks",
                "/webhooks/deliveries",
                "/readyz")) {
            var here = owner.get(path);
            var there = other.get(path);
            assertEquals(200, there.statusCode(), path + " " + there.body());
            assertEquals(known(here), known(there), path);
        }
        var hook = other.post(
                "/webhooks", "{\"url\":\"https://example.com/\",\"secret\":\"0123456789abcdef0123456789abcdef\"}");
        assertEquals(200, hook.statusCode(), hook.body());
        assertEquals(
                Program.json(other.get("/webhooks")), Program.json(owner.get("/webhooks")), "the owner knows at once");
        assertEquals(
                503,
                other.send(other.request("/devices/default").DELETE()).statusCode(),
                "a device is removed where its line is");
        var line = other.get("/user/info?phone=6281234567890");
        assertEquals(503, line.statusCode(), "what WhatsApp must be asked, the line's own node answers");
        assertEquals("1", line.headers().firstValue("Retry-After").orElse(""));
    }

    private void everyMessageOnce() {
        await().atMost(Duration.ofSeconds(5))
                .until(() -> store.number("SELECT count(*) FROM outbox WHERE state = 0") == 0);
        assertEquals(store.number("SELECT count(*) FROM outbox"), store.number("SELECT count(*) FROM sandbox_ledger"));
    }

    private Program node(String name) throws Exception {
        return Program.rest(
                Files.createDirectories(folder.resolve(name)),
                Map.of(
                        "WHATSAPP_SEND_WAIT",
                        "300ms",
                        // What is sealed in the shared database must open on every node.
                        "WHATSAPP_ENCRYPTION_KEY",
                        Base64.getEncoder().encodeToString(new byte[32]),
                        "DB_URI",
                        PostgresForTests.uri(database)));
    }

    /** True when WhatsApp has taken it by the time of the answer. */
    private boolean send(Program node) throws Exception {
        var reply = node.post("/send/message", "{\"phone\":\"6281234567890\",\"message\":\"m" + sent++ + "\"}");
        return reply.statusCode() == 200 && reply.body().contains("Message sent to");
    }

    private void signal(String name) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, String.valueOf(owner.pid()))
                        .start()
                        .waitFor());
    }
}
