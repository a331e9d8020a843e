package gateway.engine.web.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import gateway.engine.web.node.Node;
import gateway.engine.web.signal.CurvePair;

@Timeout(30)
class SafeWatchTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Timing CALM = new Timing(SOON, SOON, SOON, Duration.ofMinutes(5), Duration.ofMinutes(20));

    private static final Hello HELLO = new Hello(
            CurvePair.draw(new Random(3)),
            new byte[0],
            () -> new byte[] {1, 2, 3},
            new Random(5),
            InstantSource.system());

    /** A trace in which every call fails. */
    private static final class Faulty implements StanzaWatch {
        @Override
        public boolean isOn() {
            return true;
        }

        @Override
        public void cameIn(Node stanza) {
            throw new IllegalStateException("the trace is full");
        }

        @Override
        public void wentOut(Node stanza) {
            throw new IllegalStateException("the trace is full");
        }
    }

    @Test
    void aTraceThatFailsNeitherFailsASendNorEndsTheConnection() throws Exception {
        try (LoopbackServer server = new LoopbackServer();
                WebConnection connection =
                        WebConnection.open(HttpClient.newHttpClient(), server.endpoint(), CALM, HELLO, new Faulty())) {
            server.await();
            connection.send(Node.of("message").with("id", "1"));
            assertEquals("1", server.next().required("id"));
            server.send(Node.of("receipt").with("id", "2"));
            assertEquals("2", connection.next(SOON).orElseThrow().required("id"));
            assertEquals(Optional.empty(), connection.end());
            // Bytes that no trace can read.
            connection.sendPlain(new byte[] {0});
        }
    }
}
