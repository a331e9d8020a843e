package gateway.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

import gateway.webhook.BenchRoom;

/** Webhooks from durable event to receiver and back, sender and receiver sharing the machine. */
final class WebhookBench {
    private static final int EVENTS = 20_000;
    private static final int SECONDS = 10;

    private WebhookBench() {}

    static void run(Figures figures) throws Exception {
        throughput(EVENTS / 4);
        figures.add("webhook_eps", throughput(EVENTS), "events a second, stored, delivered and marked on disk");
        paced(1, false, 500, SECONDS / 2);
        figures.add(
                "webhook_p99_ms_at_500",
                paced(1, false, 500, SECONDS),
                "from event to receiver, 99th percentile, 500 a second");
        double calm = paced(10, false, 50, SECONDS);
        figures.add(
                "webhook_hanging_ratio",
                paced(10, true, 50, SECONDS) / calm,
                "p99 of nine endpoints when the tenth hangs, over when it does not");
    }

    /** A claim of 64 while so many wait; milliseconds, 99th percentile. */
    static double claimP99(int backlog) throws Exception {
        try (var room = new BenchRoom(Files.createTempDirectory("bench"), List.of())) {
            return room.claimP99(backlog);
        }
    }

    private static double throughput(int events) throws Exception {
        try (var sink = new Sink(events);
                var room = new BenchRoom(Files.createTempDirectory("bench"), List.of(sink.url()))) {
            long start = System.nanoTime();
            var pending = new Semaphore(512);
            for (int i = 0; i < events; i++) {
                pending.acquire();
                room.happen(i).whenComplete((done, failure) -> pending.release());
            }
            while (room.delivered() < events) {
                Thread.sleep(5);
            }
            return events / ((System.nanoTime() - start) / 1e9);
        }
    }

    /** p99 in milliseconds over all endpoints that answer. */
    private static double paced(int endpoints, boolean oneHangs, int perSecond, int seconds) throws Exception {
        int events = perSecond * seconds;
        var sinks = new ArrayList<Sink>();
        var urls = new ArrayList<String>();
        try (var silent = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress())) {
            if (oneHangs) {
                urls.add("http://127.0.0.1:" + silent.getLocalPort() + "/");
            }
            while (urls.size() < endpoints) {
                sinks.add(new Sink(events));
                urls.add(sinks.getLast().url());
            }
            try (var room = new BenchRoom(Files.createTempDirectory("bench"), urls)) {
                long begin = System.nanoTime() + 200_000_000;
                for (int i = 0; i < events; i++) {
                    long due = begin + i * 1_000_000_000L / perSecond;
                    LockSupport.parkNanos(due - System.nanoTime());
                    for (var sink : sinks) {
                        sink.due.set(i, due);
                    }
                    room.happen(i);
                }
                long patience = System.nanoTime() + 30_000_000_000L;
                while (sinks.stream().anyMatch(sink -> sink.arrived.get() < events) && System.nanoTime() < patience) {
                    Thread.sleep(20);
                }
            }
            var all = sinks.stream()
                    .flatMapToLong(sink -> Arrays.stream(sink.took()))
                    .sorted()
                    .toArray();
            if (all.length < events * sinks.size()) {
                throw new IllegalStateException("only " + all.length + " of " + events * sinks.size() + " arrived");
            }
            return all[(int) (all.length * 0.99)] / 1e6;
        } finally {
            for (var sink : sinks) {
                sink.close();
            }
        }
    }

    /** The leanest receiver that still speaks HTTP, so that the machine's cores go to what is measured. */
    private static final class Sink implements AutoCloseable {
        private static final byte[] OK =
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

        private final ServerSocket server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        private final AtomicLongArray due;
        private final AtomicLongArray took;
        private final AtomicInteger arrived = new AtomicInteger();

        Sink(int events) throws IOException {
            due = new AtomicLongArray(events);
            took = new AtomicLongArray(events);
            Thread.ofVirtual().start(() -> {
                while (!server.isClosed()) {
                    try {
                        var socket = server.accept();
                        Thread.ofVirtual().start(() -> serve(socket));
                    } catch (IOException e) {
                        return;
                    }
                }
            });
        }

        String url() {
            return "http://127.0.0.1:" + server.getLocalPort() + "/";
        }

        private void serve(Socket socket) {
            try (socket) {
                socket.setTcpNoDelay(true);
                var in = new BufferedInputStream(socket.getInputStream());
                var out = socket.getOutputStream();
                for (int length = head(in); length >= 0; length = head(in)) {
                    var body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
                    int at = body.indexOf("\"id\":\"m") + 7;
                    int number = Integer.parseInt(body.substring(at, body.indexOf('"', at)));
                    if (took.compareAndSet(number, 0, Math.max(1, System.nanoTime() - due.get(number)))) {
                        arrived.incrementAndGet();
                    }
                    out.write(OK);
                }
            } catch (IOException e) {
                System.getLogger("bench").log(System.Logger.Level.DEBUG, "connection ended", e);
            }
        }

        /** The body's length; -1 at the end. */
        private static int head(InputStream in) throws IOException {
            int length = 0;
            var line = new StringBuilder();
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b != '\n') {
                    line.append((char) b);
                    continue;
                }
                if (line.length() == 1) {
                    return length;
                }
                if (line.toString().startsWith("Content-Length: ")) {
                    length = Integer.parseInt(line.substring(16, line.length() - 1));
                }
                line.setLength(0);
            }
            return -1;
        }

        long[] took() {
            var values = new long[arrived.get()];
            for (int i = 0, n = 0; i < took.length() && n < values.length; i++) {
                if (took.get(i) > 0) {
                    values[n++] = took.get(i);
                }
            }
            return values;
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
