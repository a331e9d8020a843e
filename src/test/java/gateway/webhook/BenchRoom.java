package gateway.webhook;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import gateway.engine.Event;
import gateway.store.Database;
import gateway.store.Store;

/** The webhook room as the server runs it, for measuring. */
public final class BenchRoom implements AutoCloseable {
    private final Store store;
    private final Webhooks webhooks;

    public BenchRoom(Path directory, List<String> urls) {
        store = Store.open(new Database.Sqlite(directory.resolve("whatsapp.db")));
        store.write(
                tx -> tx.insert("INSERT INTO device (id, created_at) VALUES ('main', 1) ON CONFLICT (id) DO NOTHING"));
        webhooks = new Webhooks(
                WebhookGiven.parts(directory, store, InstantSource.system(), Optional.empty()),
                IntStream.range(0, urls.size())
                        .mapToObj(i -> WebhookGiven.endpoint("e" + i, urls.get(i)))
                        .toList());
    }

    /** Stores an event durably and sets it going; what came of the storing is reported by the future alone. */
    public java.util.concurrent.CompletableFuture<Void> happen(int number) {
        Event event = WebhookGiven.message("m" + number, "a message of ordinary length, neither long nor short");
        var notice = webhooks.notice(WebhookGiven.ACCOUNT, event);
        return store.writeLater(tx -> {
                    webhooks.enqueue(tx, notice);
                    return null;
                })
                .thenAccept(done -> webhooks.wakeAll());
    }

    /**
     * How long a claim takes while {@code rows} wait, 99th percentile of 200 claims in milliseconds. No endpoint
     * delivers meanwhile.
     */
    public double claimP99(int rows) {
        store.write(tx -> {
            tx.insert("INSERT INTO event (id, device, type, happened_at) VALUES ('backlog', 'main', 'message', 1)");
            return tx.insert(
                    "INSERT INTO delivery (event, endpoint, body, due_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                            + "FROM n WHERE i < " + rows
                            + ") SELECT 'backlog', 'down', '{\"message\":{\"text\":\"waiting\"}}', i FROM n");
        });
        var claims = new DeliveryClaims(store, "bench");
        var took = new long[200];
        for (int i = -20; i < took.length; i++) {
            long start = System.nanoTime();
            claims.claim("down", EndpointQueue.WINDOW, InstantSource.system().millis());
            took[Math.max(0, i)] = System.nanoTime() - start;
            store.write(tx ->
                    tx.update("UPDATE delivery SET state = 1, finished_at = 1 WHERE state = 0 AND claimed_by = 'bench' "
                            + "AND claimed_by <> ''"));
        }
        java.util.Arrays.sort(took);
        return took[(int) (took.length * 0.99)] / 1e6;
    }

    public long delivered() {
        return store.number("SELECT count(*) FROM delivery WHERE state = 1");
    }

    @Override
    public void close() {
        webhooks.close();
        store.close();
    }
}
