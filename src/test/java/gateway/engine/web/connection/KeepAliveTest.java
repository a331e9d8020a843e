package gateway.engine.web.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import gateway.engine.web.node.Node;
import gateway.engine.web.signal.CurvePair;

/** The signs of life of a connection, and a server that gives none. */
@Timeout(30)
class KeepAliveTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final CurvePair NOISE = CurvePair.draw(new Random(3));

    private final LoopbackServer server = new LoopbackServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private WebConnection open(Duration silence) throws Exception {
        return WebConnection.open(
                CLIENT,
                server.endpoint(),
                new Timing(SOON, SOON, SOON, Duration.ofMillis(40), silence),
                new Hello(NOISE, new byte[0], () -> new byte[] {1, 2, 3}, new Random(5), InstantSource.system()));
    }

    private static Node result(Node asked) {
        return Node.of("iq")
                .with("type", "result")
                .with("id", asked.attribute("id").orElseThrow());
    }

    @Test
    void signsOfLifeAreSentAndSilenceIsAnEnd() throws Exception {
        server.answering = ping -> Optional.of(result(ping));
        try (WebConnection connection = open(Duration.ofSeconds(2))) {
            server.await();
            for (int i = 0; i < 5; i++) {
                assertTrue(server.next().has("xmlns", "w:p"));
            }
            assertEquals(Optional.empty(), connection.end());
            server.answering = ping -> Optional.empty();
            End end = assertThrows(ConnectionEnded.class, () -> connection.next(SOON))
                    .end();
            assertEquals(new End.Lost("nothing came for 2 s"), end);
        }
    }

    @Test
    void aServerThatSpeaksAndAnswersNothingIsLost() throws Exception {
        server.answering = ping -> Optional.of(Node.of("chatstate"));
        try (WebConnection connection = open(Duration.ofSeconds(1))) {
            End end = assertThrows(ConnectionEnded.class, () -> {
                        while (true) {
                            assertTrue(connection.next(SOON).isPresent());
                        }
                    })
                    .end();
            assertEquals(new End.Lost("nothing was answered for 1 s"), end);
        }
    }
}
