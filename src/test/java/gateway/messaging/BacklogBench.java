package gateway.messaging;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;

import gateway.store.Database;
import gateway.store.Store;

/** A great many messages that wait, and how long the sender's reading takes among them. */
public final class BacklogBench {
    private static final int PIECE = 10_000;
    private static final int READINGS = 2_000;

    private BacklogBench() {}

    /** The 99th percentile of 2,000 readings of 256 messages at places all over the backlog, in milliseconds. */
    public static double readP99(Path database, int backlog) {
        try (var store = Store.open(new Database.Sqlite(database))) {
            var rows = new OutboxRows(
                    "default",
                    store,
                    new Outbox(store, InstantSource.system(), Duration.ZERO),
                    InstantSource.system(),
                    new gateway.process.Workers());
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
            return nanos[READINGS * 99 / 100] / 1e6;
        }
    }

    /** Puts so many messages for the first account into the outbox, due in an hour, over 50,000 chats. */
    public static void fill(Path database, int rows) {
        long due = System.currentTimeMillis() + Duration.ofHours(1).toMillis();
        try (var store = Store.open(new Database.Sqlite(database))) {
            store.write(tx ->
                    tx.insert("INSERT INTO device (id, created_at) VALUES ('default', 1) ON CONFLICT (id) DO NOTHING"));
            for (int from = 0; from < rows; from += PIECE) {
                int first = from;
                store.write(tx -> tx.insert("""
                        WITH RECURSIVE n (i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                        INSERT INTO outbox (device, chat, message_id, content, due_at, accepted_at)
                        SELECT 'default', (6281234500000 + i % 50000) || '@s.whatsapp.net', 'M' || i,
                               '{"kind":"text","body":"The order is on its way."}', ?, 1 FROM n""", first, first + PIECE - 1, due));
            }
        }
    }
}
