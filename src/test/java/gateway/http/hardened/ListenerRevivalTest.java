package gateway.http.hardened;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The process runs out of file descriptors, which ends Helidon's acceptor for good. */
class ListenerRevivalTest {
    /** Whether the server said that its listener was revived. */
    private final CountDownLatch revived = new CountDownLatch(1);

    @Test
    void theListenerAnswersAgainAfterTheDescriptorsWereUsedUp() throws Exception {
        var process = start("overcommit");
        try {
            int port = port(process);
            // Here classes come from folders, so that loading one takes a descriptor: all that a request needs must be
            // there.
            assertEquals(200, status(port));
            // A busy machine takes the connections so slowly that a flood may end before the descriptors are used up.
            for (int i = 0; i < 20 && revived.getCount() > 0; i++) {
                flood(port, 500);
                revived.await(2, TimeUnit.SECONDS);
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(200))
                    .ignoreExceptions()
                    .until(() -> status(port) == 200);
            assertTrue(revivals(process) > 0, "the listener never died, so nothing was proven");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void withTheLimitOnConnectionsTheDescriptorsAreNeverUsedUp() throws Exception {
        var process = start("bounded");
        try {
            int port = port(process);
            List<Socket> held = hold(port, 120);
            for (Socket socket : held) {
                socket.close();
            }
            Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> status(port) == 200);
            assertEquals(0, revivals(process));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** A quarter of the descriptors is the listener's, and of that no address has more than it leaves to others. */
    @Test
    void moreConnectionsThanDescriptorsKeepNobodyOut() throws Exception {
        var process = start("bounded", 1024);
        var attackers = new ArrayList<Socket>();
        try {
            int port = port(process);
            var from = InetAddress.getByName("127.0.1.1");
            for (int i = 0; i < 1200; i++) {
                attackers.add(new Socket(InetAddress.getLoopbackAddress(), port, from, 0));
                if (i % 100 == 0) {
                    assertEquals(200, status(port));
                }
            }
            for (int i = 0; i < 50; i++) {
                assertEquals(200, status(port));
            }
            assertEquals(0, revivals(process));
        } finally {
            for (Socket socket : attackers) {
                socket.close();
            }
            process.destroyForcibly().waitFor();
        }
    }

    private static Process start(String mode) throws IOException {
        return start(mode, 220);
    }

    private static Process start(String mode, int descriptors) throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow();
        return new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -n " + descriptors + "; exec \"$0\" \"$@\"",
                        java,
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StarvedServer.class.getName(),
                        mode)
                .redirectErrorStream(true)
                .start();
    }

    private int port(Process process) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(process.getInputStream()));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith("port ")) {
                drain(reader);
                return Integer.parseInt(line.substring(5));
            }
        }
        throw new IOException("The server did not start");
    }

    private void drain(BufferedReader reader) {
        Thread.ofVirtual().start(() -> reader.lines().filter("revived"::equals).forEach(line -> revived.countDown()));
    }

    private static List<Socket> hold(int port, int connections) {
        List<Socket> held = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            try {
                held.add(new Socket(InetAddress.getLoopbackAddress(), port));
            } catch (IOException e) {
                break;
            }
        }
        return held;
    }

    private static void flood(int port, int connections) throws IOException {
        for (Socket socket : hold(port, connections)) {
            socket.close();
        }
    }

    private static int status(int port) throws IOException {
        try (var wire = new Wire(port)) {
            return wire.send("GET /ok HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .reply()
                    .status();
        }
    }

    /** The starved server ends itself with the number of revivals when asked. */
    private static int revivals(Process process) throws Exception {
        process.getOutputStream().close();
        return process.waitFor();
    }
}
