package gateway.outbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.webhook.WebhookGiven;

public class GuardedClientTest {
    private static final Duration SOON = Duration.ofMillis(1_500);
    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private final AtomicInteger accepted = new AtomicInteger();
    private ServerSocket server;

    /** Speaks raw bytes, as honest and other servers do. */
    private interface Script {
        void run(Socket socket) throws Exception;
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aByteEveryNowAndThenDoesNotOutliveTheDeadline() throws Exception {
        var late = late(socket -> drip(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", 20));
        assertTrue(late.getMessage().contains("within"), late.getMessage());
    }

    @Test
    void aHeadThatNeverEndsDoesNotOutliveTheDeadline() throws Exception {
        late(socket -> drip(socket, "HTTP/1.1 200 OK\r\nX-Slow: ", 20));
    }

    @Test
    void aSilentServerDoesNotOutliveTheDeadline() throws Exception {
        late(socket -> Thread.sleep(30_000));
    }

    @Test
    void aServerThatReadsNothingDoesNotOutliveTheDeadline() throws Exception {
        int port = serve(socket -> Thread.sleep(30_000));
        long start = System.nanoTime();
        try (var client = client()) {
            assertThrows(Unanswered.class, () -> client.post(target(port), Map.of(), new byte[64 << 20], SOON));
        }
        assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\r\n",
                "HTTP/2 200\r\n\r\n",
                "HTTP/1.1 2x0 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe",
                "HTTP/1.1 200",
                ""
            })
    void aMalformedOrBrokenAnswerIsNone(String bytes) throws Exception {
        int port = serve(socket -> write(socket, bytes));
        try (var client = client()) {
            assertThrows(Unanswered.class, () -> client.post(target(port), Map.of(), BODY, SOON));
        }
    }

    @Test
    void aHeadLargerThanItsLimitIsRefused() throws Exception {
        int port = serve(socket -> write(socket, "HTTP/1.1 200 OK\r\nX: " + "y".repeat(20_000) + "\r\n\r\n"));
        try (var client = client()) {
            assertTrue(assertThrows(Unanswered.class, () -> client.post(target(port), Map.of(), BODY, SOON))
                    .getMessage()
                    .contains("16384"));
        }
    }

    @Test
    void ofAnEndlessAnswerOnlyTheBeginningIsReadAndKept() throws Exception {
        int port = serve(socket -> {
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n");
            while (true) {
                write(socket, "x".repeat(1_000));
            }
        });
        try (var client = client()) {
            var answer = client.post(target(port), Map.of(), BODY, Duration.ofSeconds(10));
            assertEquals(200, answer.status());
            assertEquals(4_096, answer.body().length);
        }
    }

    @Test
    void chunkedAndInterimAnswersAreUnderstoodAndTheConnectionServesAgain() throws Exception {
        int port = serve(socket -> {
            for (int i = 0; i < 2; i++) {
                readRequest(socket);
                write(
                        socket,
                        "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: x\r\n\r\n");
            }
        });
        try (var client = client()) {
            for (int i = 0; i < 2; i++) {
                assertEquals(
                        "abcde",
                        new String(
                                client.post(target(port), Map.of(), BODY, SOON).body(), StandardCharsets.UTF_8));
            }
        }
        assertEquals(1, accepted.get());
    }

    @Test
    void aConnectionThatWasClosedWhileIdleIsReplacedAtOnce() throws Exception {
        int port = serve(socket -> {
            readRequest(socket);
            write(socket, "HTTP/1.1 204 No Content\r\n\r\n");
        });
        try (var client = client()) {
            assertEquals(204, client.post(target(port), Map.of(), BODY, SOON).status());
            assertEquals(204, client.post(target(port), Map.of(), BODY, SOON).status());
        }
        assertEquals(2, accepted.get());
    }

    @Test
    void aDownloadLargerThanItsLimitLeavesNoFile() throws Exception {
        int port = serve(
                socket -> write(socket, "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n" + "x".repeat(2_000)));
        var file = directory.resolve("media");
        try (var client = client()) {
            assertThrows(Unanswered.class, () -> client.fetch("http://127.0.0.1:" + port + "/", 1_999, SOON, file));
            assertFalse(Files.exists(file));
            assertEquals("image/png", client.fetch("http://127.0.0.1:" + port + "/", 2_000, SOON, file));
            assertEquals(2_000, Files.size(file));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
    }

    @Test
    void aDownloadIsNotRedirectedAndNotSentInward() throws Exception {
        int port = serve(socket ->
                write(socket, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n"));
        try (var client = client()) {
            assertThrows(
                    Unanswered.class,
                    () -> client.fetch("http://127.0.0.1:" + port + "/", 10, SOON, directory.resolve("a")));
            assertThrows(
                    RefusedAddress.class, () -> client.fetch("http://10.0.0.1/", 10, SOON, directory.resolve("b")));
        }
    }

    @Test
    void aNameThatResolvesInwardIsNotDownloadedFrom() throws Exception {
        try (var client = new GuardedClient(
                new AddressGuard(AddressRules.strict(), new SystemResolver()), GuardedClientTest::defaultTls)) {
            assertThrows(
                    RefusedAddress.class, () -> client.fetch("https://localhost/", 10, SOON, directory.resolve("a")));
        }
    }

    @Test
    void aDownloadThatDripsLeavesNoFile() throws Exception {
        int port = serve(socket -> drip(socket, "HTTP/1.1 200 OK\r\n\r\n", 20));
        try (var client = client()) {
            assertThrows(
                    Unanswered.class,
                    () -> client.fetch("http://127.0.0.1:" + port + "/", 1_000_000, SOON, directory.resolve("a")));
            assertFalse(Files.exists(directory.resolve("a")));
        }
    }

    private Unanswered late(Script script) throws Exception {
        int port = serve(script);
        long start = System.nanoTime();
        try (var client = client()) {
            var late = assertThrows(Unanswered.class, () -> client.post(target(port), Map.of(), BODY, SOON));
            assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(5));
            return late;
        }
    }

    private int serve(Script script) throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    var socket = server.accept();
                    accepted.incrementAndGet();
                    Thread.ofVirtual().start(() -> play(script, socket));
                } catch (IOException e) {
                    return;
                }
            }
        });
        return server.getLocalPort();
    }

    private static void play(Script script, Socket socket) {
        try (socket) {
            script.run(socket);
        } catch (Exception e) {
            System.getLogger("test").log(System.Logger.Level.DEBUG, "the client hung up", e);
        }
    }

    private static void drip(Socket socket, String head, int everyMillis) throws Exception {
        write(socket, head);
        while (true) {
            Thread.sleep(everyMillis);
            write(socket, "x");
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void readRequest(Socket socket) throws IOException {
        var seen = new StringBuilder();
        while (!seen.toString().endsWith("\r\n\r\n{}")) {
            int b = socket.getInputStream().read();
            if (b < 0) {
                throw new IOException("ended");
            }
            seen.append((char) b);
        }
    }

    private static GuardedClient client() throws Exception {
        return new GuardedClient(guard(), GuardedClientTest::defaultTls);
    }

    private static AddressGuard guard() {
        return new AddressGuard(WebhookGiven.LOOPBACK, host -> {
            throw new java.net.UnknownHostException(host);
        });
    }

    private static Target target(int port) {
        return guard().target("http://127.0.0.1:" + port + "/");
    }

    public static SSLContext defaultTls() {
        try {
            return SSLContext.getDefault();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
