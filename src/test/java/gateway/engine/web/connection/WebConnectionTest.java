package gateway.engine.web.connection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.helidon.http.HeaderNames;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.node.NodeEncoder;
import gateway.engine.web.noise.CertificateChain;
import gateway.engine.web.signal.CurvePair;

@Timeout(30)
class WebConnectionTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration BRIEF = Duration.ofMillis(50);
    private static final Timing CALM = new Timing(SOON, SOON, SOON, Duration.ofMinutes(5), Duration.ofMinutes(20));
    private static final CurvePair NOISE = CurvePair.draw(new Random(3));
    private static final byte[] PAYLOAD = {1, 2, 3};

    private final LoopbackServer server = new LoopbackServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void bothSidesKnowEachOtherAfterTheHandshake() throws Exception {
        try (WebConnection connection = open(CALM, new byte[] {8, 8, 8, 5})) {
            server.await();
            assertEquals(NOISE.known(), server.client.noise());
            assertArrayEquals(PAYLOAD, server.client.payload());
            assertArrayEquals(new byte[] {'E', 'D', 0, 1, 0, 0, 4, 8, 8, 8, 5, 'W', 'A', 6, 3}, server.intro);
            assertEquals(
                    "https://web.whatsapp.com",
                    server.headers.get(HeaderNames.ORIGIN).get());
            assertEquals(
                    "Mozilla/5.0", server.headers.get(HeaderNames.USER_AGENT).get());
            assertEquals(Optional.empty(), connection.end());
        }
    }

    @Test
    void aServerUnderAnotherRootGetsNothingOfTheAccount() {
        ServerAddress endpoint =
                new ServerAddress(server.endpoint().address(), CertificateChain.WHATSAPP_ROOT, Optional.empty());
        ConnectionEnded ended = assertThrows(
                ConnectionEnded.class, () -> WebConnection.open(CLIENT, endpoint, CALM, hello(new byte[0])));
        assertTrue(assertInstanceOf(End.Untrusted.class, ended.end()).why().contains("intermediate-signature"));
        assertNull(server.client);
    }

    @Test
    void aHandshakeThatIsNoneIsRefused() {
        server.hello = answer -> new byte[] {1, 2, 3};
        assertInstanceOf(
                End.Untrusted.class,
                assertThrows(ConnectionEnded.class, () -> open(CALM, new byte[0]))
                        .end());
    }

    @Test
    void aServerThatIsNotThereOrSilentIsLost() {
        ServerAddress nobody =
                new ServerAddress(URI.create("ws://127.0.0.1:1/ws/chat"), server.responder.root(), Optional.empty());
        assertInstanceOf(
                End.Lost.class,
                assertThrows(ConnectionEnded.class, () -> WebConnection.open(CLIENT, nobody, CALM, hello(new byte[0])))
                        .end());
        ServerAddress other = new ServerAddress(
                URI.create(server.endpoint().address() + "/other"), server.responder.root(), Optional.empty());
        assertInstanceOf(
                End.Lost.class,
                assertThrows(ConnectionEnded.class, () -> WebConnection.open(CLIENT, other, CALM, hello(new byte[0])))
                        .end());
        server.hello = answer -> new byte[0];
        server.pieces = 2;
        Timing hasty = new Timing(Duration.ofMillis(300), SOON, SOON, SOON, SOON);
        assertThrows(ConnectionEnded.class, () -> open(hasty, new byte[0]));
    }

    @Test
    void stanzasKeepTheirOrderHoweverTheyAreCut() throws Exception {
        try (WebConnection connection = open(CALM, new byte[0])) {
            server.await();
            ByteArrayOutputStream merged = new ByteArrayOutputStream();
            for (int i = 0; i < 500; i++) {
                merged.writeBytes(
                        server.sealed(NodeEncoder.encode(Node.of("receipt").with("id", i))));
            }
            server.pieces = 37;
            server.raw(merged.toByteArray());
            for (int i = 0; i < 500; i++) {
                assertEquals(
                        Integer.toString(i), connection.next(SOON).orElseThrow().required("id"));
            }
            assertEquals(Optional.empty(), connection.next(BRIEF));
        }
    }

    @Test
    void answersFindTheirRequestsInAnyOrder() throws Exception {
        try (WebConnection connection = open(CALM, new byte[0])) {
            server.await();
            CompletableFuture<Node> first = asking(connection, "first");
            Node one = server.next();
            CompletableFuture<Node> second = asking(connection, "second");
            Node two = server.next();
            server.send(Node.of("notification").with("id", one.required("id")));
            server.send(result(two));
            server.send(result(one));
            assertEquals(two.required("id"), second.get(10, TimeUnit.SECONDS).required("id"));
            assertEquals(one.required("id"), first.get(10, TimeUnit.SECONDS).required("id"));
            assertTrue(connection.next(SOON).orElseThrow().is("notification"));
        }
    }

    @Test
    void anErrorIsTheAnswersCode() throws Exception {
        server.answering = asked -> Optional.of(Node.of("iq")
                .with("id", asked.attribute("id").orElseThrow())
                .with("type", "error")
                .holding(Node.of("error").with("code", 429).with("text", "rate-overlimit")));
        try (WebConnection connection = open(CALM, new byte[0])) {
            server.await();
            RequestRefused refused = assertThrows(RequestRefused.class, () -> connection.request(Node.of("iq")));
            assertEquals(429, refused.code());
            assertEquals("429 rate-overlimit", refused.getMessage());
        }
    }

    @Test
    void anAnswerThatComesTooLateIsDroppedAndAnAcknowledgementIsNot() throws Exception {
        try (WebConnection connection = open(CALM, new byte[0])) {
            server.await();
            assertThrows(TimeoutException.class, () -> connection.request(Node.of("iq"), BRIEF));
            server.send(result(server.next()));
            byte[] message = NodeEncoder.encode(Node.of("message").with("id", "3EB0"));
            assertThrows(TimeoutException.class, () -> connection.exchange("3EB0", message, BRIEF));
            server.send(Node.of("ack").with("class", "message").with("id", "3EB0"));
            assertTrue(connection.next(SOON).orElseThrow().is("ack"));
        }
    }

    @Test
    void aMessagesAcknowledgementIsItsAnswer() throws Exception {
        server.answering = sent -> Optional.of(Node.of("ack")
                .with("class", "message")
                .with("error", 463)
                .with("id", sent.attribute("id").orElseThrow()));
        try (WebConnection connection = open(CALM, new byte[0])) {
            server.await();
            byte[] message = NodeEncoder.encode(Node.of("message").with("id", "3EB0"));
            assertEquals("463", connection.exchange("3EB0", message, SOON).required("error"));
        }
    }

    @Test
    void theEndReachesEverybodyWhoWaits() throws Exception {
        try (WebConnection connection = open(CALM, new byte[0])) {
            server.await();
            CompletableFuture<Node> asked = asking(connection, "x");
            server.next();
            server.send(Node.of("receipt").with("id", "last"));
            server.send(Node.of("stream:error").with("code", 515));
            assertTrue(connection.next(SOON).orElseThrow().has("id", "last"));
            ConnectionEnded ended = assertThrows(ConnectionEnded.class, () -> connection.next(SOON));
            assertEquals(new End.Restart(), ended.end());
            assertThrows(Exception.class, () -> asked.get(10, TimeUnit.SECONDS));
            assertThrows(ConnectionEnded.class, () -> connection.send(Node.of("iq")));
            assertEquals(Optional.of(new End.Restart()), connection.end());
        }
    }

    @Test
    void aFrameThatDoesNotOpenEndsTheConnection() throws Exception {
        try (WebConnection connection = open(CALM, new byte[0])) {
            byte[] frame = server.await().sealed(NodeEncoder.encode(Node.of("ib")));
            frame[frame.length - 1] ^= 1;
            server.raw(frame);
            End end = assertThrows(ConnectionEnded.class, () -> connection.next(SOON))
                    .end();
            assertEquals(new End.Lost("a frame does not open"), end);
        }
    }

    @Test
    void aFrameWithoutMeasureEndsTheConnection() throws Exception {
        try (WebConnection connection = open(CALM, new byte[0])) {
            server.await().raw(new byte[] {-1, -1, -1, 0});
            End end = assertThrows(ConnectionEnded.class, () -> connection.next(SOON))
                    .end();
            assertEquals(new End.Lost("a frame of 16777215 bytes is announced"), end);
        }
    }

    @Test
    void aLargeStanzaArrives() throws Exception {
        try (WebConnection connection = open(CALM, new byte[0])) {
            server.await().send(Node.of("receipt").with("id", "large").holding(new byte[3 << 20]));
            assertEquals(3 << 20, connection.next(SOON).orElseThrow().bytes().length);
        }
    }

    @Test
    void aStanzaThatIsNoneIsDroppedAlone() throws Exception {
        try (WebConnection connection = open(CALM, new byte[0])) {
            server.await();
            server.raw(server.sealed(new byte[] {0, 1, 2, 3}));
            server.raw(server.sealed(new byte[0]));
            server.send(Node.of("receipt").with("id", "after"));
            assertTrue(connection.next(SOON).orElseThrow().has("id", "after"));
        }
    }

    @Test
    void aServersPingIsAnswered() throws Exception {
        try (WebConnection connection = open(CALM, new byte[0])) {
            server.await();
            server.send(Node.of("iq")
                    .with("type", "get")
                    .with("xmlns", "urn:xmpp:ping")
                    .with("id", "p1")
                    .with("from", DeviceJid.SERVER));
            Node answer = server.next();
            assertTrue(answer.has("id", "p1") && answer.has("type", "result"));
            assertEquals(Optional.empty(), connection.next(BRIEF));
        }
    }

    @Test
    void aServerThatHangsUpIsLost() throws Exception {
        try (WebConnection connection = open(CALM, new byte[0])) {
            server.await().hangUp();
            End end = assertThrows(ConnectionEnded.class, () -> connection.next(SOON))
                    .end();
            assertEquals(new End.Lost("the server has closed the socket (1001)"), end);
        }
    }

    @Test
    void whoeverClosesIsToldSo() throws Exception {
        WebConnection connection = open(CALM, new byte[0]);
        server.await();
        CompletableFuture<Node> asked = asking(connection, "x");
        server.next();
        connection.close();
        connection.close();
        assertEquals(Optional.of(new End.Closed()), connection.end());
        assertThrows(Exception.class, () -> asked.get(10, TimeUnit.SECONDS));
        assertThrows(ConnectionEnded.class, () -> connection.next(SOON));
    }

    private WebConnection open(Timing timing, byte[] routing) throws Exception {
        return WebConnection.open(CLIENT, server.endpoint(), timing, hello(routing));
    }

    private static Hello hello(byte[] routing) {
        return new Hello(NOISE, routing, () -> PAYLOAD, new Random(5), InstantSource.system());
    }

    private static CompletableFuture<Node> asking(WebConnection connection, String namespace) {
        CompletableFuture<Node> answer = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(
                        connection.request(Node.of("iq").with("type", "get").with("xmlns", namespace)));
            } catch (Exception e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    private static Node result(Node asked) {
        return Node.of("iq")
                .with("type", "result")
                .with("id", asked.attribute("id").orElseThrow());
    }
}
