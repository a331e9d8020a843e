package gateway.crash;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.Program;

/**
 * A kill leaves what the kernel holds, so no kill shows whether a reply waits for the disk. The system calls do:
 * between reading a request and writing its 2xx there must be an fdatasync that has come back.
 */
class SyncProofTest {
    @TempDir
    Path folder;

    @Test
    void aServerThatDoesNotWaitForTheDiskIsFoundOut() throws Exception {
        assertFalse(synced(rawInsert("OFF")), "synchronous=OFF must not pass");
    }

    @Test
    void theSameServerPassesWhenItWaits() throws Exception {
        assertTrue(synced(rawInsert("FULL")));
    }

    @Test
    void theGatewayAnswersAfterTheDiskHasTheMessage() throws Exception {
        var trace = folder.resolve("trace");
        try (var program = Program.rest(folder, Map.of("WHATSAPP_SEND_WAIT", "0s"))) {
            program.get("/app/login");
            program.post("/sandbox/pair", "{}");
            var strace = attach(program.pid(), trace);
            assertEquals(
                    200,
                    program.post("/send/message", "{\"phone\":\"6281234567890\",\"message\":\"a\"}")
                            .statusCode());
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> Files.readString(trace).contains("HTTP/1.1 200"));
            strace.destroy();
            strace.waitFor();
        }
        assertTrue(synced(Files.readAllLines(trace)));
    }

    private List<String> rawInsert(String synchronous) throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "gateway.bench.RawInsertServer",
                        String.valueOf(port),
                        synchronous)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("raw.log").toFile())
                .start();
        var trace = folder.resolve("trace");
        try (var client = HttpClient.newHttpClient()) {
            var base = URI.create("http://127.0.0.1:" + port);
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> client.send(
                                            HttpRequest.newBuilder(base.resolve("/readyz"))
                                                    .build(),
                                            BodyHandlers.ofString())
                                    .statusCode()
                            == 200);
            var strace = attach(server.pid(), trace);
            client.send(
                    HttpRequest.newBuilder(base.resolve("/"))
                            .POST(HttpRequest.BodyPublishers.ofString("{}"))
                            .build(),
                    BodyHandlers.ofString());
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> Files.readString(trace).contains("HTTP/1.1 200"));
            strace.destroy();
            strace.waitFor();
        } finally {
            server.destroyForcibly();
        }
        return Files.readAllLines(trace);
    }

    private static Process attach(long pid, Path trace) throws Exception {
        var strace = new ProcessBuilder(
                        "strace",
                        "-f",
                        "-p",
                        String.valueOf(pid),
                        "-s",
                        "64",
                        "-o",
                        trace.toString(),
                        "-e",
                        "trace=read,recvfrom,write,sendto,fdatasync,fsync")
                .redirectErrorStream(true)
                .start();
        var said = strace.inputReader();
        assertTrue(said.readLine().contains("attached"));
        Thread.ofVirtual().start(() -> said.lines().forEach(line -> {}));
        return strace;
    }

    /** Whether a sync came back between the POST being read and the next 200 being written. */
    private static boolean synced(List<String> trace) {
        var between = new ArrayList<String>();
        boolean reading = false;
        for (var line : trace) {
            if (line.contains("\"POST /")) {
                reading = true;
            } else if (reading && line.contains("HTTP/1.1 200")) {
                return between.stream()
                        .anyMatch(call -> call.matches(".*(fdatasync|fsync)(\\(\\d+\\)| resumed>\\)).*= 0"));
            } else if (reading) {
                between.add(line);
            }
        }
        throw new IllegalStateException("the trace shows no request and its reply: " + trace.size() + " lines");
    }
}
