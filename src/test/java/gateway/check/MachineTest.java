package gateway.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import gateway.check.Evidence.OldTls;
import gateway.check.Evidence.Request;

/** The real machine: files, programs and listeners, and what becomes of each when it is not as expected. */
@Timeout(60)
class MachineTest {
    @TempDir
    Path folder;

    private final Machine machine = withoutGateway();

    /** This machine, without settings, log and database of a gateway. */
    static Machine withoutGateway() {
        return new Machine(
                () -> {
                    throw new Unseen("no settings here");
                },
                () -> {
                    throw new Unseen("no log here");
                },
                sql -> List.of(),
                item -> Optional.empty(),
                InstantSource.system());
    }

    @Test
    void anAbsentFileIsAbsentAndADirectoryIsNoText() throws Exception {
        assertEquals(Optional.empty(), machine.file(folder.resolve("none")));
        assertEquals(Optional.empty(), machine.text(folder.resolve("none/below")));
        assertEquals(List.of(), machine.list(folder.resolve("none")));
        assertThrows(Unseen.class, () -> machine.text(folder));
        assertThrows(Unseen.class, () -> machine.sha256(folder.resolve("none")));
        var file = Files.writeString(folder.resolve("a"), "abc");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        var facts = machine.file(file).orElseThrow();
        assertEquals("0640 file 3", facts.octal() + " " + facts.kind() + " " + facts.size());
        assertFalse(facts.isOpenToOthers());
        assertFalse(facts.isOwnersOnly());
        assertEquals("abc", machine.text(file).orElseThrow());
        assertArrayEquals("ab".getBytes(StandardCharsets.UTF_8), machine.head(file, 2));
        assertEquals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", machine.sha256(file));
        assertEquals(List.of(file), machine.list(folder));
    }

    @Test
    void aHugeFileIsNotRead() throws Exception {
        var huge = Files.write(folder.resolve("huge"), new byte[(1 << 20) + 1]);
        assertTrue(assertThrows(Unseen.class, () -> machine.text(huge))
                .getMessage()
                .contains("1 MiB"));
    }

    @Test
    void aPipeAndADeviceAreNotReadBecauseTheyMayNeverEnd() throws Exception {
        var pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        for (var path : List.of(pipe, Path.of("/dev/zero"), Files.createSymbolicLink(folder.resolve("a"), pipe))) {
            var calls = List.<Executable>of(
                    () -> machine.text(path), () -> machine.head(path, 9), () -> machine.sha256(path));
            for (var call : calls) {
                var unseen = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertThrows(Unseen.class, call));
                assertTrue(String.valueOf(unseen.getMessage()).contains("not a regular file"), unseen.getMessage());
            }
        }
    }

    @Test
    void aProgramThatPrintsTooMuchIsUnseen() throws Exception {
        assertTrue(assertThrows(Unseen.class, () -> machine.run("head", "-c", "1048577", "/dev/zero"))
                .getMessage()
                .contains("more than 1 MiB"));
    }

    @Test
    void aReplyThatIsCutShortOrTooLongIsUnseen() throws Exception {
        var chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        for (var answer : List.of(
                chunked + "5\r\nwhole\r\n",
                chunked + "9\r\nwhole",
                chunked + "no size",
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort")) {
            try (var server = new Answering(answer.getBytes(StandardCharsets.UTF_8))) {
                var unseen = assertThrows(
                        Unseen.class, () -> machine.http(new Request(server.port(), false, "localhost", "/")));
                assertTrue(String.valueOf(unseen.getMessage()).contains("cut short"), unseen.getMessage());
            }
        }
        var endless = "HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(1 << 20);
        try (var server = new Answering(endless.getBytes(StandardCharsets.UTF_8))) {
            var unseen =
                    assertThrows(Unseen.class, () -> machine.http(new Request(server.port(), false, "localhost", "/")));
            assertTrue(String.valueOf(unseen.getMessage()).contains("more than 1 MiB"), unseen.getMessage());
        }
    }

    @Test
    void aProgramIsRunWithItsExitCodeAndWithoutThisEnvironment() {
        assertEquals(1, machine.run("false").exit());
        var environment = machine.run("env").text();
        assertTrue(environment.contains("LC_ALL=C.UTF-8"), environment);
        assertFalse(environment.contains("HOME="), environment);
        assertTrue(assertThrows(Unseen.class, () -> machine.run("no-such-program"))
                .getMessage()
                .contains("no-such-program"));
    }

    @Test
    void aProgramThatDoesNotEndIsEnded() {
        long begin = System.nanoTime();
        assertTrue(assertThrows(Unseen.class, () -> machine.run("sleep", "30"))
                .getMessage()
                .contains("did not end"));
        assertTrue(System.nanoTime() - begin < 20_000_000_000L);
    }

    @Test
    void aReplyIsReadWithItsHeadersAndWithoutItsChunks() throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
        server.createContext("/", exchange -> {
            var body = "a long text\n".repeat(2_000).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders()
                    .add("X-Seen", exchange.getRequestHeaders().getFirst("Host"));
            exchange.sendResponseHeaders(401, 0);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            int port = server.getAddress().getPort();
            var reply = machine.http(new Request(port, false, "localhost", "/x"));
            assertEquals(401, reply.status());
            assertEquals("localhost", reply.headers().get("x-seen"));
            assertEquals("a long text\n".repeat(2_000), reply.body());
            assertThrows(Unseen.class, () -> machine.tls(port, "localhost", "TLSv1.3"));
        } finally {
            server.stop(0);
        }
    }

    /** As nginx does after it has refused a body. */
    @Test
    void aReplyIsWholeByItsLengthThoughTheConnectionStays() throws Exception {
        try (var lingering = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (var client = lingering.accept()) {
                    client.getOutputStream()
                            .write("HTTP/1.1 413 Too Large\r\ncontent-LENGTH: 2\r\nX: y\r\n\r\n{}"
                                    .getBytes(StandardCharsets.UTF_8));
                    client.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                } catch (IOException e) {
                    // the test has ended
                }
            });
            var reply = machine.http(new Request(lingering.getLocalPort(), false, "localhost", "/"));
            assertEquals(413, reply.status());
            assertEquals("{}", reply.body());
        }
    }

    @Test
    void whatDoesNotListenOrSpeakIsUnseen() throws Exception {
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        assertTrue(assertThrows(Unseen.class, () -> machine.http(new Request(free, false, "localhost", "/")))
                .getMessage()
                .contains("nothing listens"));
        assertThrows(Unseen.class, () -> machine.acceptsOldTls(free, "localhost", OldTls.TLS_1_0));
        try (var mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            int port = mute.getLocalPort();
            assertTrue(assertThrows(Unseen.class, () -> machine.http(new Request(port, false, "localhost", "/")))
                    .getMessage()
                    .contains("in time"));
            assertThrows(Unseen.class, () -> machine.acceptsOldTls(port, "localhost", OldTls.TLS_1_1));
        }
        try (var odd = new Answering("SSH-2.0-x\r\n".getBytes(StandardCharsets.UTF_8))) {
            assertTrue(assertThrows(Unseen.class, () -> machine.http(new Request(odd.port(), false, "localhost", "/")))
                    .getMessage()
                    .contains("does not speak HTTP"));
        }
    }

    /** The first bytes of a ServerHello with TLS 1.0, as RFC 2246 writes it; then of an alert. */
    @Test
    void aServerHelloWithTheOldVersionIsAnAcceptanceAndAnAlertIsNone() throws Exception {
        var hello = new byte[] {22, 3, 1, 0, 80, 2, 0, 0, 76, 3, 1, 0, 0};
        try (var old = new Answering(hello)) {
            assertTrue(machine.acceptsOldTls(old.port(), "gw.example", OldTls.TLS_1_0));
        }
        try (var old = new Answering(hello)) {
            assertFalse(machine.acceptsOldTls(old.port(), "gw.example", OldTls.TLS_1_1));
        }
        try (var strict = new Answering(new byte[] {21, 3, 1, 0, 2, 2, 70})) {
            assertFalse(machine.acceptsOldTls(strict.port(), "gw.example", OldTls.TLS_1_0));
        }
    }

    /** RFC 8446, 6.2: a fatal alert with unrecognized_name. */
    @Test
    void onlyAnAlertIsARefusalOfAHandshake() throws Exception {
        try (var strict = new Answering(new byte[] {21, 3, 3, 0, 2, 2, 112})) {
            assertThrows(Refused.class, () -> machine.http(new Request(strict.port(), true, "unknown.invalid", "/")));
        }
        for (var answer : List.of(new byte[0], "HTTP/1.1 400 Bad".getBytes(StandardCharsets.UTF_8))) {
            try (var odd = new Answering(answer)) {
                var unseen = assertThrows(
                        Unseen.class, () -> machine.http(new Request(odd.port(), true, "unknown.invalid", "/")));
                assertEquals(Unseen.class, unseen.getClass());
            }
        }
    }

    /** Answers one connection with the same bytes whatever it says, and ends it. */
    private static final class Answering implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());

        Answering(byte[] answer) throws IOException {
            Thread.ofVirtual().start(() -> {
                try (Socket client = socket.accept()) {
                    client.getInputStream().read(new byte[4_096]);
                    client.getOutputStream().write(answer);
                } catch (IOException e) {
                    // the test has ended
                }
            });
        }

        int port() {
            return socket.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
