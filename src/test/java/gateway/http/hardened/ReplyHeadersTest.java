package gateway.http.hardened;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;

import io.helidon.http.WritableHeaders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.http.Envelope;
import gateway.http.Exchange;
import gateway.http.Problem;

class ReplyHeadersTest {
    private static HardenedServer server;

    @BeforeAll
    static void start() {
        server = HardenedServer.builder("test")
                .routes(rules -> rules.get("/ok", (request, response) -> Envelope.success(response, "Fine", null))
                        .get(
                                "/empty",
                                (request, response) -> response.status(204).send())
                        .get("/server", (request, response) -> {
                            response.header("Server", "gateway/1.0");
                            response.send("ok");
                        })
                        .get("/fail", (request, response) -> {
                            throw new IllegalStateException("no");
                        })
                        .get("/refused", (request, response) -> {
                            throw Problem.tooMany("Slow down.", 7);
                        }))
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"/ok,200", "/empty,204", "/fail,500", "/refused,429", "/nothing,404", "/server,200", "/%zz,400"})
    void everyStatusCarriesTheSecurityHeaders(String path, int status) throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
            check(wire.reply(), status);
        }
    }

    @ParameterizedTest
    @CsvSource({"TRACE,405", "POST,405"})
    void soDoRefusedMethods(String method, int status) throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send(method + " /ok HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            check(wire.reply(), status);
        }
    }

    private static void check(Wire.Reply reply, int status) {
        assertEquals(status, reply.status());
        assertEquals("no-store", reply.header("Cache-Control").orElseThrow());
        assertEquals("nosniff", reply.header("X-Content-Type-Options").orElseThrow());
        assertEquals("DENY", reply.header("X-Frame-Options").orElseThrow());
        assertTrue(reply.header("Content-Security-Policy").isPresent());
        assertTrue(reply.header("X-Request-Id").isPresent());
        assertTrue(reply.header("Server").isEmpty());
        if (status >= 400) {
            assertEquals(Envelope.JSON_TYPE.get(), reply.header("Content-Type").orElseThrow());
            assertTrue(reply.body().startsWith("{\"code\":\""), reply.body());
        }
    }

    @Test
    void aSoundRequestIdIsKept() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("GET /ok HTTP/1.1\r\nHost: a\r\nX-Request-Id: order-12345\r\n\r\n");
            assertEquals("order-12345", wire.reply().header("X-Request-Id").orElseThrow());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "has space in it", "semi;colon-12345", "\"quoted-12345\""})
    void anUnsoundRequestIdIsReplaced(String id) throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("GET /ok HTTP/1.1\r\nHost: a\r\nX-Request-Id: " + id + "\r\n\r\n");
            String given = wire.reply().header("X-Request-Id").orElseThrow();
            assertNotEquals(id, given);
            assertTrue(given.matches("[0-9a-f]{32}"), given);
        }
    }

    @Test
    void aWaitIsSaidInRetryAfter() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("GET /refused HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals("7", wire.reply().header("Retry-After").orElseThrow());
        }
    }

    /**
     * Of a refusal that Helidon makes itself the listener hears only when it is written; it goes through here before.
     */
    @ParameterizedTest
    @ValueSource(strings = {"a\r\nSet-Cookie: b", "a\nb", "a\0b", "a\177b"})
    void whatEndsALineIsNotTakenIntoAnyReply(String value) {
        var exchange = new Exchange(InetAddress.getLoopbackAddress(), null);
        exchange.header("Vary", value);
        assertThrows(IllegalArgumentException.class, () -> ReplyHeaders.add(WritableHeaders.create(), exchange));
    }

    @Test
    void noHeaderOfOneRequestLeaksIntoTheNext() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("GET /refused HTTP/1.1\r\nHost: a\r\n\r\nGET /ok HTTP/1.1\r\nHost: a\r\n\r\n");
            String first = wire.reply().header("X-Request-Id").orElseThrow();
            var second = wire.reply();
            assertFalse(second.header("Retry-After").isPresent());
            assertNotEquals(first, second.header("X-Request-Id").orElseThrow());
        }
    }
}
