package gateway.bench;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
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
        try (var sink = new LeanSink("\"id\":\"m", events);
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
        var sinks = new ArrayList<LeanSink>();
        var urls = new ArrayList<String>();
        try (var silent = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress())) {
            if (oneHangs) {
                urls.add("http://127.0.0.1:" + silent.getLocalPort() + "/");
            }
            while (urls.size() < endpoints) {
                sinks.add(new LeanSink("\"id\":\"m", events));
                urls.add(sinks.getLast().url());
            }
            try (var room = new BenchRoom(Files.createTempDirectory("bench"), urls)) {
                long begin = System.nanoTime() + 200_000_000;
                for (int i = 0; i < events; i++) {
                    long due = begin + i * 1_000_000_000L / perSecond;
                    LockSupport.parkNanos(due - System.nanoTime());
                    for (var sink : sinks) {
                        sink.due(i, due);
                    }
                    room.happen(i);
                }
                long patience = System.nanoTime() + 30_000_000_000L;
                while (sinks.stream().anyMatch(sink -> sink.arrived() < events) && System.nanoTime() < patience) {
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
}
