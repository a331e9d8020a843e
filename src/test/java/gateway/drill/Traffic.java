package gateway.drill;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients at a fixed rate, with the credentials they were last told: of the requests four in five look at the status as
 * a user, one in five sends a message with the API token; beside them, events come in. Each request that is not
 * answered by 200 is a failure.
 */
final class Traffic implements AutoCloseable {
    private static final int LINES = 16;

    private final URI server;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong number = new AtomicLong();
    final AtomicLong answered = new AtomicLong();
    final Queue<String> failures = new ConcurrentLinkedQueue<>();
    /** The texts of the events that the gateway took. */
    final Set<String> events = ConcurrentHashMap.newKeySet();

    private volatile String user;
    private volatile String token;
    private volatile boolean stopped;

    /** A second of work for one line. */
    private interface Request {
        void send(KeptLine line) throws IOException;
    }

    Traffic(URI server, String user, String token) {
        this.server = server;
        this.user = basic(user);
        this.token = "Bearer " + token;
    }

    static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    }

    void start(int requestsPerSecond, int eventsPerSecond) {
        for (int i = 0; i < LINES; i++) {
            boolean sends = i % 5 == 4;
            run(
                    requestsPerSecond / (double) LINES,
                    line -> count(
                            sends
                                    ? line.send(
                                            "POST",
                                            "/send/message",
                                            token,
                                            "{\"phone\":\"62812345%05d\",\"message\":\"drill\"}"
                                                    .formatted(10_001 + number.incrementAndGet() % 1_000))
                                    : line.send("GET", "/app/status", user, "")));
        }
        for (int i = 0; i < 4; i++) {
            run(eventsPerSecond / 4.0, line -> {
                var text = "event-" + number.incrementAndGet() + "-";
                if (count(line.send(
                        "POST",
                        "/sandbox/inbound",
                        user,
                        "{\"from\":\"62812345%05d\",\"message\":\"%s\"}"
                                .formatted(10_001 + number.get() % 1_000, text)))) {
                    events.add(text);
                }
            });
        }
    }

    private boolean count(int status) {
        if (status == 200) {
            answered.incrementAndGet();
            return true;
        }
        failures.add("status " + status);
        return false;
    }

    /** Sends by the clock, so that a slow answer is made up for and not forgotten. */
    private void run(double perSecond, Request request) {
        threads.add(Thread.ofVirtual().start(() -> {
            try (var line = new KeptLine(server)) {
                long begun = System.nanoTime();
                for (long n = 0; !stopped; n++) {
                    long due = begun + (long) (n * 1e9 / perSecond);
                    while (System.nanoTime() < due) {
                        LockSupport.parkNanos(due - System.nanoTime());
                    }
                    request.send(line);
                }
            } catch (IOException e) {
                failures.add(e.toString());
            }
        }));
    }

    void userIs(String fresh) {
        user = basic(fresh);
    }

    void tokenIs(String fresh) {
        token = "Bearer " + fresh;
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        for (var thread : threads) {
            thread.join();
        }
    }
}
