package gateway.webhook;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import gateway.store.Store;
import gateway.store.StoreUnavailable;

/**
 * Writes outcomes down in batches: while one batch is being written the next gathers, so the busier it is the fewer
 * statements a delivery costs. A lane's window stays occupied until its outcomes are on disk.
 */
final class Completions implements AutoCloseable {
    private static final int BATCH = 256;

    private final Store store;
    private final DeliveryQueue queue;
    private final LinkedBlockingQueue<Entry> waiting = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    private record Entry(Outcome outcome, Runnable durable) {
    }

    Completions(Store store, DeliveryQueue queue) {
        this.store = store;
        this.queue = queue;
        this.thread = Thread.ofVirtual().name("webhook-completions").start(this::loop);
    }

    /** Takes an outcome; {@code durable} runs when it is on disk. */
    void add(Outcome outcome, Runnable durable) {
        waiting.add(new Entry(outcome, durable));
    }

    private void loop() {
        var batch = new ArrayList<Entry>(BATCH);
        try {
            while (!closed || !waiting.isEmpty()) {
                var first = waiting.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    waiting.drainTo(batch, BATCH - 1);
                    settle(batch);
                    batch.clear();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Keeps trying while the database is away. When it stays away, the rows are delivered again: twice is allowed, never is not. */
    private void settle(List<Entry> batch) throws InterruptedException {
        var outcomes = batch.stream().map(Entry::outcome).toList();
        while (true) {
            try {
                store.write(tx -> {
                    queue.settle(tx, outcomes);
                    return null;
                });
                break;
            } catch (StoreUnavailable e) {
                System.getLogger(Completions.class.getName()).log(System.Logger.Level.WARNING,
                        "the outcomes of " + outcomes.size() + " webhook deliveries could not be stored; trying again", e);
                if (closed) {
                    break;
                }
                Thread.sleep(1_000);
            }
        }
        batch.forEach(entry -> entry.durable.run());
    }

    /** Writes what is there and stops. */
    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join(TimeUnit.SECONDS.toMillis(5));
    }
}
