package gateway.messaging;

import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;

import gateway.store.Database;
import gateway.store.Store;

/**
 * How long the sender's reading takes while a great many messages wait. Prints one line of JSON: {@code claim_p99_ms_at_1m},
 * the 99th percentile of 2,000 readings of 256 messages at places all over the backlog. Argument: rows (1000000).
 */
public final class BacklogBench {
    private static final int PIECE = 10_000;
    private static final int READINGS = 2_000;

    private BacklogBench() {
    }

    public static void main(String[] args) throws Exception {
        int backlog = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        var folder = Files.createTempDirectory("backlog");
        try (var store = Store.open(new Database.Sqlite(folder.resolve("whatsapp.db")))) {
            fill(store, backlog);
            var rows = new OutboxRows("default", store, new Outbox(store, InstantSource.system(), Duration.ZERO), InstantSource.system());
            var nanos = new long[READINGS];
            for (int i = -READINGS; i < READINGS; i++) {
                long after = (Math.abs(i) * 2_654_435_761L) % Math.max(1, backlog - 256);
                long began = System.nanoTime();
                rows.after(after, 256);
                if (i >= 0) {
                    nanos[i] = System.nanoTime() - began;
                }
            }
            Arrays.sort(nanos);
            System.out.printf(Locale.ROOT, "{\"claim_p99_ms_at_1m\": %.2f}%n", nanos[READINGS * 99 / 100] / 1e6);
        }
    }

    private static void fill(Store store, int rows) {
        store.write(tx -> tx.insert("INSERT INTO device (id, created_at) VALUES ('default', 1)"));
        for (int from = 0; from < rows; from += PIECE) {
            int first = from;
            store.write(tx -> tx.insert("""
                    WITH RECURSIVE n (i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                    INSERT INTO outbox (device, chat, message_id, content, due_at, accepted_at)
                    SELECT 'default', (6281234500000 + i % 50000) || '@s.whatsapp.net', 'M' || i,
                           '{"kind":"text","body":"The order is on its way."}', 1, 1 FROM n""", first, first + PIECE - 1));
        }
    }
}
