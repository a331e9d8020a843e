package gateway.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import gateway.database.PostgresForTests;

/** Two nodes on one PostgreSQL: how long nothing is sent after the one that serves the account is killed. */
final class FailoverBench {
    private static final int FAILOVERS = 10;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private FailoverBench() {}

    static void run(Figures figures, Path folder) throws Exception {
        var settings = new HashMap<>(Bench.SETTINGS);
        settings.put("DB_URI", PostgresForTests.uri(PostgresForTests.running().fresh()));
        settings.put("WHATSAPP_SEND_WAIT", "300ms");
        var took = new ArrayList<Double>();
        var owner = node(folder, 0, settings);
        Bench.pair(owner.uri());
        for (int i = 1; i <= FAILOVERS; i++) {
            var other = node(folder, i, settings);
            untilSent(other);
            // At any moment between two renewals of the lease.
            Thread.sleep(ThreadLocalRandom.current().nextInt(1_000));
            owner.kill();
            took.add(untilSent(other));
            owner = other;
        }
        owner.close();
        figures.add(
                "failover_p50_ms",
                Figures.median(took),
                "owner killed to a message sent by the other node; of " + FAILOVERS);
        figures.add(
                "failover_p99_ms",
                took.stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
                "the longest of the same");
    }

    private static Server node(Path folder, int number, Map<String, String> settings) throws Exception {
        return Server.gateway(Files.createDirectory(folder.resolve("node-" + number)), settings);
    }

    /** Milliseconds until a message that this node accepts has gone out, whichever node sends it. */
    private static double untilSent(Server node) throws Exception {
        long began = System.nanoTime();
        try (var client = new Client(node.uri(), InetAddress.getLoopbackAddress())) {
            for (int i = 0; System.nanoTime() - began < PATIENCE_NANOS; i++) {
                var body = "{\"phone\":\"62812345%05d\",\"message\":\"failing over\"}".formatted(10001 + i % 999);
                if (client.answer(Client.request("POST", "/send/message", Bench.AUTHORIZED, body))
                        .contains("Message sent to")) {
                    return (System.nanoTime() - began) / 1e6;
                }
            }
        }
        throw new IOException("nothing was sent for a minute");
    }
}
