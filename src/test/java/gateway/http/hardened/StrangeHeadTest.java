package gateway.http.hardened;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads of requests that no client sends: each a fault of its sender's, and none is worth a line in the log. */
class StrangeHeadTest {
    private static final Logger LOG = Logger.getLogger(ErrorReplies.class.getName());
    private static final List<LogRecord> LINES = java.util.Collections.synchronizedList(new ArrayList<>());
    private static final Handler LISTENER = new Handler() {
        @Override
        public void publish(LogRecord line) {
            LINES.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private static HardenedServer server;

    @BeforeAll
    static void start() {
        LOG.addHandler(LISTENER);
        server = HardenedServer.builder("test")
                .routes(rules -> rules.get("/", (request, response) -> response.send("in")))
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
        LOG.removeHandler(LISTENER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"G@T", "GE\0", "(", "G\u007fT", "\u00e9", "GET\t", "\"GET\""})
    void aMethodThatIsNoTokenIsRefusedAsOne(String method) throws Exception {
        LINES.clear();
        try (var wire = new Wire(server.port())) {
            var reply = wire.send(method + " / HTTP/1.1\r\nHost: a\r\n\r\n").reply();
            assertTrue(reply.status() == 400 || reply.status() == 405, method + ": " + reply.status());
            assertEquals(
                    "application/json; charset=utf-8",
                    reply.header("Content-Type").orElseThrow());
        }
        assertEquals(List.of(), LINES);
    }

    @Test
    void whatFollowsARequestAtOnceIsRefusedAlike() throws Exception {
        LINES.clear();
        try (var wire = new Wire(server.port())) {
            wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nG@T / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, wire.reply().status());
            assertEquals(400, wire.reply().status());
            assertTrue(wire.ends());
        }
        assertEquals(List.of(), LINES);
    }

    @Test
    void aHeadThatIsCutIsRefusedOrClosedWithoutALine() throws Exception {
        LINES.clear();
        var head = "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n";
        for (int length = 1; length <= head.length(); length++) {
            try (var wire = new Wire(server.port())) {
                wire.send(head.substring(0, length)).leaveOff();
                var rest = wire.rest();
                assertTrue(rest.isEmpty() || rest.startsWith("HTTP/1.1 400 "), length + ": " + rest);
            }
        }
        assertEquals(List.of(), LINES);
    }
}
