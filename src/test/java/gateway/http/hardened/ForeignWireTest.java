package gateway.http.hardened;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.http.Problem;

/** What other programs' HTTP looks like on the wire: each form that the RFCs allow is served. */
class ForeignWireTest {
    private static final String LONG = "x".repeat(40_000);
    private static HardenedServer server;

    @BeforeAll
    static void start() {
        server = HardenedServer.builder("test")
                .routes(rules -> rules.get("/text", (request, response) -> response.send("hello"))
                        .get(
                                "/query",
                                (request, response) ->
                                        response.send(request.query().first("q").orElse("")))
                        .get("/pieces", ForeignWireTest::pieces)
                        .get("/refused", (request, response) -> {
                            throw Problem.notFound("Not here.");
                        })
                        .post("/refused", (request, response) -> {
                            throw Problem.notFound("Not here.");
                        })
                        .get("/read", ForeignWireTest::echo)
                        .post("/echo", ForeignWireTest::echo))
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void echo(ServerRequest request, ServerResponse response) throws IOException {
        response.send(new String(request.content().inputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    private static void pieces(ServerRequest request, ServerResponse response) throws IOException {
        try (var out = response.outputStream()) {
            for (int i = 0; i < 4; i++) {
                out.write(LONG.substring(i * 10_000, (i + 1) * 10_000).getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
        }
    }

    private static String head(String path) {
        return "HEAD " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    /** Only heads until the one GET at the end, which shows that the connection was kept in step. */
    @Test
    void headIsServedWhereverGetIsWithoutABodyAndTheConnectionGoesOn() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send(head("/text")
                    + head("/pieces")
                    + head("/refused")
                    + head("/nowhere")
                    + head("/echo")
                    + get("/text").replace("Host: a", "Host: a\r\nConnection: close"));
            var all = wire.rest();
            var replies = all.split("(?=HTTP/1\\.1 )");
            assertEquals(6, replies.length, all);
            assertTrue(replies[0].startsWith("HTTP/1.1 200") && replies[0].contains("Content-Length: 5\r\n"), all);
            assertTrue(replies[1].startsWith("HTTP/1.1 200"), all);
            assertTrue(replies[2].startsWith("HTTP/1.1 404"), all);
            assertTrue(replies[3].startsWith("HTTP/1.1 404"), all);
            assertTrue(replies[4].startsWith("HTTP/1.1 405"), all);
            for (int i = 0; i < 5; i++) {
                assertTrue(replies[i].endsWith("\r\n\r\n"), replies[i]);
            }
            assertTrue(replies[5].endsWith("\r\n\r\nhello"), all);
        }
    }

    /** What a reply to HEAD leaves out is its own body, and nothing that is written before or after it. */
    @Test
    void headWithABodyLeavesTheConnectionInStep() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("HEAD /text HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nGET /");
            wire.send("HEAD /text HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nGET\r\n0\r\n\r\n");
            wire.send(get("/query?q=a") + head("/text") + "rubbish\r\n\r\n");
            var replies = wire.rest().split("(?=HTTP/1\\.1 )");
            var all = String.join("|", replies);
            assertEquals(5, replies.length, all);
            assertTrue(replies[0].startsWith("HTTP/1.1 200") && replies[0].endsWith("\r\n\r\n"), all);
            assertTrue(replies[1].startsWith("HTTP/1.1 200") && replies[1].endsWith("\r\n\r\n"), all);
            assertTrue(replies[2].endsWith("\r\n\r\na"), all);
            assertTrue(replies[3].startsWith("HTTP/1.1 200") && replies[3].endsWith("\r\n\r\n"), all);
            assertTrue(replies[4].startsWith("HTTP/1.1 400") && replies[4].contains("BAD_REQUEST"), all);
        }
    }

    @Test
    void headThatAsksForAHundredIsAnswered() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("HEAD /read HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n"
                    + "Connection: close\r\n\r\nhello");
            var all = wire.rest();
            assertTrue(all.contains("HTTP/1.1 200"), all);
        }
    }

    @Test
    void aReplyToHeadHasNoBodyAlsoWhereTheRequestIsRefusedAtOnce() throws IOException {
        try (var wire = new Wire(server.port())) {
            var all = wire.send("HEAD /text HTTP/3.0\r\nHost: a\r\n\r\n").rest();
            assertTrue(all.startsWith("HTTP/1.1 505") && all.endsWith("\r\n\r\n"), all);
        }
    }

    /** Programs differ in where such a line ends, which hides a request from one of them. */
    @ParameterizedTest
    @ValueSource(strings = {"5;a\nb", "5;a\rb", "5;\n", "5;a\tb", "5\u000b"})
    void aControlCharacterInAChunksSizeLineIsRefused(String size) throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + size
                    + "\r\nhello\r\n0\r\n\r\n");
            assertTrue(wire.rest().startsWith("HTTP/1.1 400"));
        }
    }

    @Test
    void anOldClientIsServedAndItsBodyHasNoChunks() throws IOException {
        for (String path : new String[] {"/text", "/pieces"}) {
            try (var wire = new Wire(server.port())) {
                wire.send("GET " + path + " HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
                var reply = wire.rest();
                assertTrue(reply.startsWith("HTTP/1.1 200"), reply.substring(0, 40));
                assertFalse(reply.toLowerCase(java.util.Locale.ROOT).contains("transfer-encoding"));
                assertTrue(reply.toLowerCase(java.util.Locale.ROOT).contains("connection: close"));
                assertEquals(path.equals("/text") ? "hello" : LONG, reply.substring(reply.indexOf("\r\n\r\n") + 4));
            }
        }
        try (var wire = new Wire(server.port())) {
            wire.send("POST /echo HTTP/1.0\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
            assertTrue(wire.rest().endsWith("\r\n\r\nhello"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CLOSE", "close, x", "Keep-Alive, Close", "close"})
    void aCloseIsUnderstoodAndSaid(String connection) throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("GET /text HTTP/1.1\r\nHost: a\r\nConnection: " + connection + "\r\n\r\n");
            var reply = wire.reply();
            assertEquals(200, reply.status());
            assertEquals("close", reply.header("Connection").orElse("").toLowerCase(java.util.Locale.ROOT));
            assertTrue(wire.ends());
        }
    }

    @Test
    void aRefusalInPlaceOfAContinueSaysThatItCloses() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("POST /refused HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            var reply = wire.reply();
            assertEquals(404, reply.status());
            assertEquals("close", reply.header("Connection").orElse("").toLowerCase(java.util.Locale.ROOT));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0;c\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5 ; name=\"quoted value\"\r\nhello\r\n0\r\n\r\n",
                "Content-Length: 5\r\nContent-Encoding: identity\r\n\r\nhello",
                "Content-Length: 5\r\nContent-Encoding: Identity\r\n\r\nhello",
                "Content-Length: 5\r\n\r\nhello",
            })
    void aBodyIsTakenInEverySpelling(String rest) throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("POST /echo HTTP/1.1\r\nHost: a\r\n" + rest + "\r\n\r\n" + get("/text"));
            var reply = wire.reply();
            assertEquals(200, reply.status(), reply.body());
            assertEquals("hello", reply.body());
            // The empty lines between the two are passed over.
            assertEquals(200, wire.reply().status());
        }
    }

    @Test
    void aContinueIsSaidToAnExpectationInAnyCase() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n");
            assertEquals(100, wire.reply().status());
            wire.send("hello");
            assertEquals("hello", wire.reply().body());
        }
    }

    @Test
    void headersThatAreTooLargeAreCalledThat() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("GET /text HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(70_000) + "\r\n\r\n");
            var reply = wire.reply();
            assertEquals(431, reply.status(), reply.body());
        }
    }

    @Test
    void aCompressedBodyIsRefusedWithWhatIsTaken() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello");
            var reply = wire.reply();
            assertEquals(415, reply.status());
            assertEquals("identity", reply.header("Accept-Encoding").orElse(""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/text/", "/text/?a=b", "/text?a=/"})
    void aSlashAtTheEndOfAPathChangesNothing(String path) throws IOException {
        try (var wire = new Wire(server.port())) {
            assertEquals("hello", wire.send(get(path)).reply().body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-01-02T03:04:05Z", "https://example.org/a?b", "a@b!$'()*,;:", "-._~"})
    void aQueryMayHoldWhatRfc3986Allows(String text) throws IOException {
        try (var wire = new Wire(server.port())) {
            var reply = wire.send(get("/query?q=" + text)).reply();
            assertEquals(200, reply.status(), reply.body());
            assertEquals(text, reply.body());
        }
    }
}
