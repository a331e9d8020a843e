package gateway.http.hardened;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.http.Problem;

/** What the server does about a body that nobody reads, or that is not read to its end. */
class UnreadBodyTest {
    private static HardenedServer server;

    @BeforeAll
    static void start() {
        server = CloserRoutes.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Clients leave all the time, and none of them may fill the log. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 100\r\n\r\nhalf",
                "Transfer-Encoding: chunked\r\n\r\n64\r\nhalf",
                "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"
            })
    void whoLeavesOffInTheMiddleOfABodyIsAtFaultHimself(String rest) throws IOException {
        var log = Logger.getLogger(ErrorReplies.class.getName());
        var lines = new ConcurrentLinkedQueue<String>();
        var watch = new StreamHandler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getMessage());
            }
        };
        log.addHandler(watch);
        try (var wire = new Wire(server.port())) {
            wire.send("POST /read HTTP/1.1\r\nHost: a\r\n" + rest).leaveOff();
            var reply = wire.reply();
            assertEquals(400, reply.status());
            assertTrue(reply.body().contains("The body could not be read to its end."), reply.body());
            assertTrue(wire.ends());
            assertTrue(lines.isEmpty(), () -> "logged " + lines);
        } finally {
            log.removeHandler(watch);
        }
    }

    @Test
    void aLargeUnreadBodyDoesNotHideTheRefusal() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + "x".repeat(200_000));
            var reply = wire.reply();
            assertEquals(400, reply.status());
            assertEquals("close", reply.header("Connection").orElse("").toLowerCase(java.util.Locale.ROOT));
            assertTrue(wire.ends());
        }
    }

    /** A client that waits for 100 has sent nothing: what would be read for the next request's sake never comes. */
    @Test
    void whoWaitsToSendItsBodyIsNotToldToGoOnBehindTheRefusal() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("POST /refuse HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            assertEquals(400, wire.reply().status());
            assertEquals("", wire.rest());
        }
    }

    /** 64 KiB are read for the connection's sake and 16 MiB for the reply's, whatever a body may have. */
    @Test
    void aRefusedClientCannotGoOnSending() throws IOException {
        try (var large = HardenedServer.builder("large")
                        .limits(Limits.API.withBodyBytes(1 << 30))
                        .routes(rules -> rules.post("/refuse", (request, response) -> {
                            throw Problem.badField("phone", "cannot be blank");
                        }))
                        .start();
                var wire = new Wire(large.port())) {
            wire.send("POST /refuse HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            var chunk = "100000\r\n" + "x".repeat(1 << 20) + "\r\n";
            assertThrows(java.net.SocketException.class, () -> {
                for (int sent = 0; sent < 64; sent++) {
                    wire.send(chunk);
                }
            });
        }
    }

    /** With nothing announced there is nothing to wait for: the quickest of a few, as a busy machine delays any one. */
    @Test
    void aRefusedHeadIsNotWaitedForLikeABody() throws IOException {
        long quickest = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            try (var wire = new Wire(server.port())) {
                wire.send("GET /ok;x HTTP/1.1\r\nHost: a\r\n\r\n");
                assertEquals(400, wire.reply().status());
                long replied = System.nanoTime();
                assertTrue(wire.ends());
                quickest = Math.min(quickest, System.nanoTime() - replied);
            }
        }
        assertTrue(quickest < Duration.ofMillis(800).toNanos(), quickest / 1_000_000 + " ms");
    }

    /**
     * Most clients send the whole body before they read a byte of the reply, and a reset destroys what they have not
     * read.
     */
    @ParameterizedTest
    @CsvSource({
        "2000000, , 413",
        "8000000, , 413",
        "600000, Content-Encoding: gzip, 415",
        "900000, Connection: close, 400"
    })
    void theRefusalReachesAClientThatSendsItsWholeBodyFirst(int length, String header, int status)
            throws IOException, InterruptedException {
        try (var wire = new Wire(server.port())) {
            wire.send("POST /refuse HTTP/1.1\r\nHost: a\r\n" + (header == null ? "" : header + "\r\n")
                    + "Content-Length: " + length + "\r\n\r\n");
            String piece = "x".repeat(length / 8);
            for (int i = 0; i < 8; i++) {
                Thread.sleep(60);
                wire.send(piece);
            }
            assertEquals(status, wire.reply().status());
        }
    }

    /**
     * Nothing is waited for when there is nothing left to come: a client that reads to the end has its reply at once.
     */
    @Test
    void aRequestThatIsReadToItsEndIsNotLingeredFor() {
        assertTimeoutPreemptively(Duration.ofSeconds(7), () -> {
            for (int i = 0; i < 40; i++) {
                try (var wire = new Wire(server.port())) {
                    wire.send("POST /read HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
                    assertEquals("5", wire.reply().body());
                    assertTrue(wire.ends());
                }
            }
        });
    }

    @Test
    void aBodyOverTheLimitIs413WhetherSizedOrChunked() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\nx");
            var reply = wire.reply();
            assertEquals(413, reply.status());
            assertTrue(reply.body().contains("PAYLOAD_TOO_LARGE"), reply.body());
        }
        try (var echo = HardenedServer.builder("small")
                        .limits(Limits.API.withBodyBytes(10))
                        .routes(rules -> rules.post(
                                "/echo",
                                (request, response) -> response.send(
                                        request.content().inputStream().readAllBytes())))
                        .start();
                var wire = new Wire(echo.port())) {
            wire.send(
                    "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nF\r\nhellohellohello\r\n0\r\n\r\n");
            assertEquals(413, wire.reply().status());
            assertTrue(wire.ends());
        }
    }
}
