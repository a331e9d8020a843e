package gateway.http.hardened;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import io.helidon.http.HeaderNames;
import io.helidon.websocket.WsListener;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Handshakes of a WebSocket that are refused (RFC 6455 section 4.2). */
class UpgradeTest {
    private static final String UPGRADE = " /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
    private static final String VERSION = "Sec-WebSocket-Version: 13\r\n";
    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    private static HardenedServer server;

    /** Lines with the exceptions that they show. */
    private static final class Lines extends Handler {
        private final List<String> told = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord line) {
            told.add(line.getMessage()
                    + List.of(line.getParameters() == null ? new Object[0] : line.getParameters())
                    + line.getThrown()
                    + (line.getThrown() == null ? "" : line.getThrown().getCause()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @BeforeAll
    static void start() {
        server = HardenedServer.builder("upgrades")
                .sockets(
                        sockets -> sockets.endpoint("/ws", () -> new WsListener() {}),
                        (exchange, prologue, headers) -> {
                            if (headers.contains(HeaderNames.create("X-Fail"))) {
                                throw new IllegalStateException("secret");
                            }
                        })
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Wire.Reply answer(String method, String headers) throws IOException {
        try (var wire = new Wire(server.port())) {
            return wire.send(method + UPGRADE + headers + "\r\n").reply();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "short",
        "dGhlIHNhbXBsZSBub25jZQ",
        "dGhlIHNhbXBsZSBub25jZQ==x",
        "dGhlIHNhbXBsZSBub25jZ\u00e9==",
        "'dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ=='",
        "''"
    })
    void aKeyThatIsNotSixteenBytesInBase64IsRefused(String key) throws IOException {
        assertEquals(
                400,
                answer("GET", VERSION + "Sec-WebSocket-Key: " + key + "\r\n").status());
    }

    @Test
    void aKeyIsNeededOnce() throws IOException {
        var reply = answer("GET", VERSION);
        assertEquals(400, reply.status());
        assertTrue(reply.body().contains("Sec-WebSocket-Key"), reply.body());
        assertEquals(400, answer("GET", VERSION + KEY + KEY).status());
    }

    @Test
    void anotherVersionIsToldTheOneThatIsUnderstood() throws IOException {
        var reply = answer("GET", KEY + "Sec-WebSocket-Version: 8\r\n");
        assertEquals(426, reply.status());
        assertEquals("13", reply.header("Sec-WebSocket-Version").orElseThrow());
    }

    /**
     * The patience with a body is not one with a socket, and a listener that ends waits for neither kind of silence.
     */
    @Test
    void aSocketMayBeSilentUntilItsListenerEnds() throws Exception {
        var limits = Limits.API.withTimes(Duration.ofSeconds(6), Duration.ofMillis(200), Duration.ofSeconds(60));
        try (var other = HardenedServer.builder("silent")
                        .limits(limits)
                        .routes(rules -> rules.get("/ok", (request, response) -> response.send("ok")))
                        .sockets(
                                sockets -> sockets.endpoint("/ws", () -> new WsListener() {}),
                                (exchange, prologue, headers) -> {})
                        .start();
                var socket = new Wire(other.port());
                var kept = new Wire(other.port())) {
            assertEquals(
                    101,
                    socket.send("GET" + UPGRADE + VERSION + KEY + "\r\n")
                            .reply()
                            .status());
            assertEquals(
                    "ok",
                    kept.send("GET /ok HTTP/1.1\r\nHost: a\r\n\r\n").reply().body());
            Thread.sleep(900);
            assertEquals(2, other.connections());
            assertTimeout(Duration.ofSeconds(10), other::close);
        }
    }

    @Test
    void aSocketIsOpenedWithGet() throws IOException {
        assertEquals(400, answer("POST", VERSION + KEY).status());
    }

    @Test
    void aClientThatLeavesItsSocketIsNoFault() throws Exception {
        var log = Logger.getLogger(SocketConnection.class.getName());
        var lines = new Lines();
        log.addHandler(lines);
        try {
            assertEquals(101, answer("GET", VERSION + KEY).status());
            org.awaitility.Awaitility.await().until(() -> server.connections() == 0);
        } finally {
            log.removeHandler(lines);
        }
        assertEquals(List.of(), lines.told);
    }

    /** Helidon's own line about such a failure shows the exception with its text. */
    @Test
    void aGateThatFailsIsLoggedOnceAndByItsOutline() throws IOException {
        var helidons = Logger.getLogger("io.helidon.webserver.http1.Http1Connection");
        var ours = Logger.getLogger(ErrorReplies.class.getName());
        var lines = new Lines();
        var level = helidons.getLevel();
        helidons.setLevel(Level.WARNING);
        helidons.addHandler(lines);
        ours.addHandler(lines);
        try {
            assertEquals(500, answer("GET", VERSION + KEY + "X-Fail: 1\r\n").status());
            // Helidon's line comes behind the reply, and the end of the connection behind that.
            org.awaitility.Awaitility.await().until(() -> server.connections() == 0);
        } finally {
            helidons.removeHandler(lines);
            helidons.setLevel(level);
            ours.removeHandler(lines);
        }
        assertEquals(1, lines.told.size(), lines.told::toString);
        assertFalse(lines.told.getFirst().contains("secret"), lines.told::toString);
    }
}
