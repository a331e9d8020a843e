package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An open {@code /ws} ends with the right that opened it, and takes nobody else's place; on the real program. */
class OpenSocketTest {
    private static final String ADMIN = "Basic "
            + Base64.getEncoder().encodeToString(("admin:" + Program.PASSWORD).getBytes(StandardCharsets.UTF_8));

    @TempDir
    static Path folder;

    private static Program program;
    private static HttpClient client;

    @BeforeAll
    static void start() throws Exception {
        program = Program.rest(folder, Map.of());
        client = HttpClient.newHttpClient();
        assertEquals(200, program.get("/devices").statusCode());
    }

    @AfterAll
    static void stop() throws Exception {
        client.shutdownNow();
        program.close();
    }

    /** Notes how the server closed the socket. */
    private static final class Closing implements WebSocket.Listener {
        private final CompletableFuture<String> closed = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.complete("error " + error);
        }

        String how() throws Exception {
            return closed.get(20, TimeUnit.SECONDS);
        }
    }

    private static Closing open(String credential) throws Exception {
        var closing = new Closing();
        client.newWebSocketBuilder()
                .header("Authorization", credential)
                .buildAsync(URI.create(program.url().replace("http://", "ws://") + "/ws"), closing)
                .get(20, TimeUnit.SECONDS);
        return closing;
    }

    private record Token(String id, String text) {
        String header() {
            return "Bearer " + text;
        }
    }

    private static Token token(String members) throws Exception {
        var reply = program.post("/tokens", "{\"scopes\":\"read\"" + members + "}");
        assertEquals(200, reply.statusCode(), reply.body());
        var results = Program.json(reply).path("results");
        return new Token(results.path("id").asText(), results.path("token").asText());
    }

    private static void revoke(String path) throws Exception {
        assertEquals(200, program.send(program.request(path).DELETE()).statusCode());
    }

    @Test
    void itClosesWithARevokedTokenAndOthersStayOpen() throws Exception {
        var token = token("");
        var socket = open(token.header());
        var other = open(ADMIN);
        revoke("/tokens/" + token.id());
        assertTrue(socket.how().startsWith("1008 "), socket.how());
        assertFalse(other.closed.isDone());
    }

    @Test
    void itClosesWithATokenRevokedByTheCommandLine() throws Exception {
        var token = token("");
        var socket = open(token.header());
        try (var command = Program.start(folder, Map.of(), "token", "revoke", token.id())) {
            assertEquals(0, command.exit(), command.output());
        }
        assertTrue(socket.how().startsWith("1008 "), socket.how());
    }

    @Test
    void itClosesWithARevokedUser() throws Exception {
        var password = "nine-wet-otters-argue-over-one-umbrella";
        assertEquals(
                200,
                program.post("/users", "{\"name\":\"bob\",\"password\":\"" + password + "\",\"scopes\":\"read\"}")
                        .statusCode());
        var socket = open(
                "Basic " + Base64.getEncoder().encodeToString(("bob:" + password).getBytes(StandardCharsets.UTF_8)));
        revoke("/users/bob");
        assertTrue(socket.how().startsWith("1008 "), socket.how());
    }

    @Test
    void itClosesWhenItsTokenEnds() throws Exception {
        var token = token(",\"not_after\":\"" + Instant.now().plusSeconds(2) + "\"");
        var socket = open(token.header());
        assertTrue(socket.how().startsWith("1008 "), socket.how());
    }

    @Test
    void itClosesWithTheAccountOfABoundToken() throws Exception {
        assertEquals(200, program.post("/devices", "{\"device_id\":\"spare\"}").statusCode());
        var token = token(",\"device\":\"spare\"");
        var socket = open(token.header());
        revoke("/devices/spare");
        assertTrue(socket.how().startsWith("1008 "), socket.how());
    }

    @Test
    void oneTokenLeavesTheOthersTheirSockets() throws Exception {
        var greedy = token("");
        var sockets = new ArrayList<Closing>();
        for (int i = 0; i < 64; i++) {
            sockets.add(open(greedy.header()));
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> sockets.stream()
                                .filter(socket -> socket.closed.isDone())
                                .count()
                        == 64 - 24);
        assertEquals(
                "1013 too many sockets of this credential are open",
                sockets.getLast().how());
        var other = open(token("").header());
        assertFalse(other.closed.isDone());
        revoke("/tokens/" + greedy.id());
        for (var socket : sockets) {
            assertTrue(socket.how().matches("10(08|13) .*"), socket.how());
        }
        assertFalse(other.closed.isDone());
    }
}
