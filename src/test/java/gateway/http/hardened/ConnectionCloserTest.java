package gateway.http.hardened;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.http.Problem;

class ConnectionCloserTest {
    private static HardenedServer server;

    @BeforeAll
    static void start() {
        server = CloserRoutes.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "Close", "foo, close"})
    void connectionCloseIsActedOnAtOnce(String value) {
        assertTimeoutPreemptively(Duration.ofSeconds(3), () -> {
            try (var wire = new Wire(server.port())) {
                wire.send("GET /ok HTTP/1.1\r\nHost: a\r\nConnection: " + value + "\r\n\r\n");
                assertEquals("ok", wire.reply().body());
                assertTrue(wire.ends());
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"GET,/nothing,404", "POST,/refuse,400", "GET,/stream,200"})
    void connectionCloseIsActedOnBehindARefusalAndAStreamToo(String method, String path, int status)
            throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send(method + " " + path
                    + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
            assertEquals(status, wire.reply().status());
            assertTrue(wire.ends());
        }
    }

    /** A last chunk would tell the client that it has the whole. */
    @Test
    void aReplyThatFailsHalfwayIsNotEndedAsAWholeOne() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("GET /half HTTP/1.1\r\nHost: a\r\n\r\n");
            String all = wire.rest();
            assertTrue(all.endsWith("4\r\nhalf\r\n"), all);
        }
    }

    @Test
    void noFilterThatFailsBehindAReplyAddsAnotherToIt() throws IOException {
        try (var other = HardenedServer.builder("filtered")
                        .filter((chain, request, response) -> {
                            chain.proceed();
                            throw Problem.badField("phone", "cannot be blank");
                        })
                        .routes(rules -> rules.get("/", (request, response) -> response.send("ok")))
                        .start();
                var wire = new Wire(other.port())) {
            wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals("ok", wire.reply().body());
            assertEquals("", wire.rest());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/broken", "/checked"})
    void theTextOfAnExceptionStaysInside(String path) throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
            var reply = wire.reply();
            assertEquals(500, reply.status());
            assertFalse(reply.body().contains("secret"), reply.body());
            assertTrue(reply.body().startsWith("{\"code\":\"INTERNAL_SERVER_ERROR\""), reply.body());
            assertTrue(wire.ends());
        }
    }

    @Test
    void aLineBreakInAReplyHeaderIsNeverSent() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("GET /split HTTP/1.1\r\nHost: a\r\n\r\n");
            String all = wire.rest();
            assertFalse(all.contains("Set-Cookie"), all);
            assertTrue(all.startsWith("HTTP/1.1 500"), all);
        }
    }

    @Test
    void aRefusalNamesTheFieldAndKeepsTheConnection() throws IOException {
        try (var wire = new Wire(server.port())) {
            for (int i = 0; i < 2; i++) {
                wire.send("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
                var reply = wire.reply();
                assertEquals(400, reply.status());
                assertEquals("{\"code\":\"VALIDATION_ERROR\",\"message\":\"phone: cannot be blank.\"}", reply.body());
            }
        }
    }

    @Test
    void oversizedHeadersAndAddressesAreRefused() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("GET /ok HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(9000) + "\r\n\r\n");
            assertEquals(400, wire.reply().status() / 100 * 100);
            assertTrue(wire.ends());
        }
        try (var wire = new Wire(server.port())) {
            wire.send("GET /" + "x".repeat(5000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(414, wire.reply().status());
            assertTrue(wire.ends());
        }
    }

    @Test
    void aListenerThatIsClosedAnswersWhatIsUnderWayAndThenClosesTheConnection() throws Exception {
        var begun = new java.util.concurrent.CountDownLatch(1);
        var closing = new java.util.concurrent.CountDownLatch(1);
        try (var other = HardenedServer.builder("closing")
                        .routes(rules -> rules.get("/slow", (request, response) -> {
                            begun.countDown();
                            closing.await();
                            response.send("ok");
                        }))
                        .start();
                var wire = new Wire(other.port())) {
            wire.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            begun.await();
            var closer = Thread.ofVirtual().start(other::close);
            org.awaitility.Awaitility.await()
                    .until(() -> closer.getState() != Thread.State.NEW && closer.getState() != Thread.State.RUNNABLE);
            closing.countDown();
            var reply = wire.reply();
            assertEquals("ok", reply.body());
            assertEquals("close", reply.header("Connection").orElse("").toLowerCase(java.util.Locale.ROOT));
            assertTrue(wire.ends());
            closer.join();
        }
    }

    @Test
    void headAnswersAreNotFollowedByABodyThatLooksLikeAReply() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("HEAD /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            var reply = wire.rest();
            assertTrue(reply.startsWith("HTTP/1.1 404") && reply.endsWith("\r\n\r\n"), reply);
            assertEquals(reply.length() - 4, reply.indexOf("\r\n\r\n"), reply);
        }
    }

    @Test
    void streamedRepliesCarryTheSameHeaders() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
            var reply = wire.reply();
            assertEquals("one two", reply.body());
            assertEquals("no-store", reply.header("Cache-Control").orElseThrow());
            assertTrue(reply.header("X-Request-Id").isPresent());
        }
    }
}
