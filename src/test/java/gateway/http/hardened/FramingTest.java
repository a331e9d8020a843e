package gateway.http.hardened;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests whose end could be seen in two places (OWASP ASVS 4.2.1), sent straight to the listener. */
class FramingTest {
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final AtomicInteger smuggled = new AtomicInteger();
    private static HardenedServer server;

    @BeforeAll
    static void start() {
        server = HardenedServer.builder("test")
                .routes(rules -> rules.post("/echo", FramingTest::echo).get("/smuggled", (request, response) -> {
                    smuggled.incrementAndGet();
                    response.send("in");
                }))
                .start();
    }

    private static void echo(ServerRequest request, ServerResponse response) throws IOException {
        response.send(
                new String(request.content().inputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 0",
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 0\r\nContent-Length: 0",
                "Content-Length: 5, 5",
                "Content-Length: +5",
                "Content-Length: -5",
                "Content-Length: 0x5",
                "Content-Length: 5 5",
                "Content-Length: ",
                "Content-Length: 9999999999999999999",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding : chunked",
                "Content-Length : 5",
                "Transfer-Encoding:\u000bchunked",
                "X: a\r\n Transfer-Encoding: chunked",
                "Host: b\r\nContent-Length: 0",
                "Upgrade: websocket\r\nTransfer-Encoding: xchunked",
            })
    void anAmbiguousEndIsRefusedAndNothingBehindItIsRead(String headers) throws IOException {
        int before = smuggled.get();
        try (var wire = new Wire(server.port())) {
            wire.send("POST /echo HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n\r\n0\r\n\r\n" + SMUGGLED);
            assertEquals(400, wire.reply().status());
            assertTrue(wire.ends());
        }
        assertEquals(before, smuggled.get());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\nhello\r\n0\r\n\r\n",
                "-5\r\nhello\r\n0\r\n\r\n",
                "00000005;a=b\r\nhello\r\n0\r\n\r\n",
                "5\r\nhelloXX0\r\n\r\n",
                "5\r\nhello\r\n0\r\nTrailer: x\r\n\r\n",
                "FFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n",
                "+5\r\nhello\r\n0\r\n\r\n",
                "\r\n0\r\n\r\n",
                "00000000000000005\r\nhello\r\n0\r\n\r\n"
            })
    void aBrokenChunkIsRefusedAndNothingBehindItIsRead(String body) throws IOException {
        int before = smuggled.get();
        try (var wire = new Wire(server.port())) {
            wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body + SMUGGLED);
            var reply = wire.reply();
            assertEquals(400, reply.status(), reply.body());
            assertTrue(wire.ends());
        }
        assertEquals(before, smuggled.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/0.9", "PRI * HTTP/2.0"})
    void anotherVersionIsToldSoAtOnce(String line) throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send(line + "\r\nHost: a\r\n\r\n");
            var reply = wire.reply();
            assertEquals(505, reply.status());
            assertTrue(reply.body().contains("\"HTTP_VERSION_NOT_SUPPORTED\""), reply.body());
            assertTrue(wire.ends());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\0\1\2\r\n\r\n", "GET\r\n\r\n", "GET  HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001\u0002\0\r\n\r\n"})
    void rubbishIsRefused(String bytes) throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send(bytes);
            assertEquals(400, wire.reply().status());
            assertTrue(wire.ends());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/smuggled;x",
                "/smuggled;",
                "/;a=b/smuggled",
                "/a/..;/smuggled",
                "/a;b/../smuggled",
                "/a/%2e%2e/smuggled",
                "/a/%2E./smuggled",
                "/%2e/smuggled",
                "/smuggled/%2e%2e",
                "/../smuggled",
                "/smuggled%00"
            })
    void anAddressThatAnEdgeReadsOtherwiseIsRefusedByTheEnvelope(String path) throws IOException {
        int before = smuggled.get();
        try (var wire = new Wire(server.port())) {
            wire.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
            var reply = wire.reply();
            assertEquals(400, reply.status());
            assertTrue(
                    reply.body().startsWith("{\"code\":\"BAD_REQUEST\",\"message\":\"The address has "), reply.body());
            assertTrue(wire.ends());
        }
        assertEquals(before, smuggled.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Device-Id", "Idempotency-Key"})
    void aNameThatIsGivenTwiceIsRefusedByItsHeader(String header) throws IOException {
        int before = smuggled.get();
        try (var wire = new Wire(server.port())) {
            wire.send("GET /smuggled HTTP/1.1\r\nHost: a\r\n" + header + ": one\r\n"
                    + header.toLowerCase(java.util.Locale.ROOT) + ": two\r\n\r\n");
            var reply = wire.reply();
            assertEquals(400, reply.status());
            assertTrue(reply.body().contains(header + ": must be given once."), reply.body());
        }
        assertEquals(before, smuggled.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/smuggled%3Bx", "/smuggled%3bx", "/%3B/smuggled"})
    void anEncodedSemicolonBelongsToItsSegment(String path) throws IOException {
        int before = smuggled.get();
        try (var wire = new Wire(server.port())) {
            wire.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(404, wire.reply().status());
        }
        assertEquals(before, smuggled.get());
    }

    @Test
    void aHostIsNeededExactlyOnce() throws IOException {
        for (String hosts : new String[] {"", "Host: a\r\nHost: a\r\n"}) {
            try (var wire = new Wire(server.port())) {
                wire.send("GET /smuggled HTTP/1.1\r\n" + hosts + "\r\n");
                assertEquals(400, wire.reply().status());
                assertTrue(wire.ends());
            }
        }
    }

    @Test
    void aCompressedBodyIsRefusedUnread() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello");
            assertEquals(415, wire.reply().status());
        }
    }

    @Test
    void anUnknownExpectationIsRefused() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 5\r\n\r\nhello");
            assertEquals(417, wire.reply().status());
        }
    }

    @Test
    void soundRequestsShareAConnection() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send(
                    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
                            + "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nho\r\n3\r\nhum\r\n0\r\n\r\n");
            assertEquals("hello", wire.reply().body());
            assertEquals("hohum", wire.reply().body());
        }
    }
}
