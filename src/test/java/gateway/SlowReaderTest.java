package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that take their answers at a kilobyte a second, against the whole program with its own heap. */
class SlowReaderTest {
    private static final String CHAT = "6281234567890";
    private static final int SLOW = 60;
    private static final int BYTES = 256;
    private static final Duration BETWEEN = Duration.ofMillis(250);
    /** Reads of those who read as one should. */
    private static final int OTHERS = 200;

    @TempDir
    Path folder;

    @Test
    void readersOfAKilobyteASecondHoldUpNobodyAndTakeNoMoreThanTheirShare() throws Exception {
        try (var program = Program.rest(folder, Map.of())) {
            GreedyRequestTest.fill(program);
            var path = "/chat/" + CHAT + "@s.whatsapp.net/messages?limit=100";
            assertEquals(200, program.get(path).statusCode());
            double budget = GreedyRequestTest.metric(program, "whatsapp_memory_budget_bytes");
            var taken = new AtomicLong();
            var slow = new ArrayList<Socket>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var readers = new ArrayList<Future<?>>();
                try {
                    for (int i = 0; i < SLOW; i++) {
                        var socket = GreedyRequestTest.slowReader(program, path);
                        slow.add(socket);
                        readers.add(threads.submit(() -> slowly(socket, taken)));
                    }
                    // A reply waits for its reader: what it holds is reserved.
                    await().until(() -> GreedyRequestTest.used(program) > budget / 2);
                    for (int i = 0; i < OTHERS; i++) {
                        assertEquals(200, program.get("/chats?limit=25").statusCode(), "read " + i);
                        assertEquals(200, program.get(path.replace("100", "1")).statusCode(), "read " + i);
                        assertTrue(GreedyRequestTest.used(program) <= budget);
                    }
                    assertTrue(resident(program) < 300_000, resident(program) + " kB are resident");
                    assertTrue(taken.get() > 0, "the slow ones read");
                } finally {
                    for (var socket : slow) {
                        socket.close();
                    }
                }
                for (var reader : readers) {
                    reader.get();
                }
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> GreedyRequestTest.used(program) == 0);
            assertEquals(200, program.get(path).statusCode());
        }
    }

    private static Void slowly(Socket socket, AtomicLong taken) throws InterruptedException {
        try {
            for (int read = 1; read > 0; ) {
                read = socket.getInputStream().readNBytes(BYTES).length;
                taken.addAndGet(read);
                Thread.sleep(BETWEEN);
            }
        } catch (IOException closed) {
            // By the test, at its end.
        }
        return null;
    }

    private static long resident(Program program) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + program.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
