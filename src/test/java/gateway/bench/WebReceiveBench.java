package gateway.bench;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Messages that come in, from the phones of a twin to a receiver of webhooks. A message counts when its webhook is
 * marked as delivered in the database. Each chat's messages are to arrive in their order.
 */
final class WebReceiveBench implements AutoCloseable {
    private static final String MARK = "stanza ";
    private static final int MESSAGES = 20_000;
    private static final int PER_SECOND = 200;
    private static final int PACED_SECONDS = 10;
    private static final int SENDERS = 4;
    private static final long PATIENCE_NANOS = 120_000_000_000L;
    /** {@code DeliveryState.DELIVERED}. */
    private static final String DELIVERED = "SELECT count(*) FROM delivery WHERE state = 1";

    private final Path database;
    private final int chats;
    private final LeanSink sink;
    private final AtomicIntegerArray last;
    private final AtomicInteger disordered = new AtomicInteger();

    /** @param place the folder of the gateway */
    WebReceiveBench(Path place, int chats) throws Exception {
        this.database = place.resolve("storages/whatsapp.db");
        this.chats = chats;
        this.last = new AtomicIntegerArray(chats);
        this.sink = new LeanSink(MARK, 3 * MESSAGES + PER_SECOND * PACED_SECONDS, this::arrived);
    }

    /** What makes a gateway tell this receiver. */
    Map<String, String> settings() {
        return Map.of(
                "WHATSAPP_WEBHOOK",
                sink.url(),
                "WHATSAPP_WEBHOOK_EVENTS",
                "message",
                "WHATSAPP_WEBHOOK_SECRET",
                "bench-5f1c9d2be07a4c63",
                "WHATSAPP_WEBHOOK_ALLOW_HTTP",
                "true",
                "WHATSAPP_WEBHOOK_ALLOW_CIDRS",
                "127.0.0.0/8");
    }

    /** The numbers of a round's chat follow one another. */
    private void arrived(int number) {
        if (number < 2 * MESSAGES) {
            int chat = number % MESSAGES / (MESSAGES / chats);
            if (last.getAndSet(chat, number) > number) {
                disordered.incrementAndGet();
            }
        }
    }

    /**
     * Measures.
     *
     * @param peers whose phone writes in a chat, {@code owns} the account to which it writes
     */
    void run(Figures figures, Server gateway, BenchTwin twin, IntFunction<String> peers, IntFunction<String> owns)
            throws Exception {
        round(0, twin, peers, owns);
        long before = gateway.cpuMicros();
        long twinBefore = twin.cpuNanos();
        double seconds = round(MESSAGES, twin, peers, owns);
        figures.add(
                "web_receive_rps", MESSAGES / seconds, "messages a second, from stanza to webhook marked as delivered");
        figures.add(
                "web_receive_cpu_us",
                (gateway.cpuMicros() - before) / (double) MESSAGES,
                "processor time of the gateway for each of them");
        figures.add(
                "web_receive_twin_cpu_us",
                (twin.cpuNanos() - twinBefore) / 1e3 / MESSAGES,
                "processor time of the twin for each of them");
        figures.add(
                "web_receive_disordered", disordered.get(), "webhooks that came before an earlier one of their chat");
        paced(figures, twin, peers, owns);
    }

    /** As fast as it goes; how many seconds. */
    private double round(int first, BenchTwin twin, IntFunction<String> peers, IntFunction<String> owns)
            throws Exception {
        int each = MESSAGES / chats;
        long delivered = delivered();
        long begin = System.nanoTime();
        var threads = IntStream.range(0, SENDERS)
                .mapToObj(sender -> Thread.ofPlatform().start(() -> {
                    for (int chat = sender; chat < chats; chat += SENDERS) {
                        twin.control()
                                .send(peers.apply(chat), owns.apply(chat), MARK.strip(), first + chat * each, each);
                    }
                }))
                .toList();
        for (var thread : threads) {
            thread.join();
        }
        while (delivered() < delivered + MESSAGES) {
            if (System.nanoTime() - begin > PATIENCE_NANOS) {
                throw new IllegalStateException((delivered() - delivered) + " of " + MESSAGES + " were delivered");
            }
            Thread.sleep(20);
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private long delivered() throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:file:" + database + "?mode=ro");
                var statement = connection.createStatement();
                var rows = statement.executeQuery(DELIVERED)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void paced(Figures figures, BenchTwin twin, IntFunction<String> peers, IntFunction<String> owns)
            throws Exception {
        int before = sink.arrived();
        int count = PER_SECOND * PACED_SECONDS;
        var next = new AtomicInteger();
        long begin = System.nanoTime() + 200_000_000;
        var threads = IntStream.range(0, SENDERS)
                .mapToObj(sender -> Thread.ofPlatform().start(() -> {
                    for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                        long due = begin + i * 1_000_000_000L / PER_SECOND;
                        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                            LockSupport.parkNanos(left);
                        }
                        sink.due(2 * MESSAGES + i, due);
                        twin.control().send(peers.apply(i % chats), owns.apply(i % chats), MARK + (2 * MESSAGES + i));
                    }
                }))
                .toList();
        for (var thread : threads) {
            thread.join();
        }
        for (long end = System.nanoTime() + PATIENCE_NANOS; sink.arrived() < before + count; Thread.sleep(20)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException((sink.arrived() - before) + " of " + count + " arrived");
            }
        }
        var took = sink.took(2 * MESSAGES);
        Arrays.sort(took);
        figures.add(
                "web_receive_p99_ms",
                took[took.length * 99 / 100] / 1e6,
                "from the phone's sending to the webhook's receiver at 200 a second, 99th percentile");
    }

    @Override
    public void close() throws Exception {
        sink.close();
    }
}
