package gateway.webhook;

import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import gateway.process.Seldom;
import gateway.process.Worker;
import gateway.process.WorkerKind;
import gateway.process.Workers;
import gateway.store.Store;
import gateway.store.StoreUnavailable;
import gateway.store.Tx;

/**
 * Writes outcomes down in batches: while one batch is being written the next gathers, so the busier it is the fewer
 * statements a delivery costs. A queue's window stays occupied until its outcomes are on disk. An outage is waited out;
 * a fault of one row is found by halving the batch, and after {@link #MAX_TRIES} that row alone is set aside.
 */
@SuppressWarnings("try") // close() waits for the writing thread, so it may throw InterruptedException
final class Completions implements AutoCloseable {
    static final int MAX_TRIES = 3;
    private static final int BATCH = 256;
    private static final long OUTAGE_MILLIS = 1_000;
    private static final long LOOK_MILLIS = 200;

    private final Store store;
    private final DeliveryQueue queue;
    private final InstantSource clock;
    private final LinkedBlockingQueue<Entry> waiting = new LinkedBlockingQueue<>();
    /** Has a permit when there is something new to look at. */
    private final Semaphore news = new Semaphore(0);
    /** What is being written; kept over a new beginning of the loop. */
    private final List<Entry> batch = new ArrayList<>(BATCH);

    private final Seldom log = new Seldom(Completions.class);
    private final Worker worker;
    private final Thread thread;
    private volatile boolean closed;

    /** @param tries how often its row alone could not be written */
    private record Entry(Outcome outcome, Runnable durable, int tries) {
        Entry again() {
            return new Entry(outcome, durable, tries + 1);
        }
    }

    Completions(Store store, DeliveryQueue queue, InstantSource clock, Workers workers) {
        this.store = store;
        this.queue = queue;
        this.clock = clock;
        this.worker = workers.add(WorkerKind.WEBHOOK_COMPLETIONS);
        this.thread = Thread.ofVirtual().name("webhook-completions").start(worker.supervised(this::loop));
    }

    /** Takes an outcome; {@code durable} runs when it is on disk. */
    void add(Outcome outcome, Runnable durable) {
        waiting.add(new Entry(outcome, durable, 0));
        news.release();
    }

    private void loop() throws InterruptedException {
        while (!closed || !waiting.isEmpty() || !batch.isEmpty()) {
            if (batch.isEmpty()) {
                news.drainPermits();
                waiting.drainTo(batch, BATCH);
                if (batch.isEmpty()) {
                    if (!closed) {
                        news.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                    }
                    continue;
                }
            }
            worker.begin();
            settle(List.copyOf(batch));
            batch.clear();
            worker.done();
        }
    }

    private void settle(List<Entry> part) throws InterruptedException {
        var outcomes = part.stream().map(Entry::outcome).toList();
        var fault = written(outcomes.size(), tx -> queue.settle(tx, outcomes));
        if (fault.isEmpty()) {
            part.forEach(entry -> entry.durable.run());
            worker.moved();
        } else if (part.size() > 1) {
            int half = part.size() / 2;
            settle(part.subList(0, half));
            settle(part.subList(half, part.size()));
        } else {
            faulty(part.getFirst(), fault.get());
        }
    }

    /** Tries the row again behind the others; one that cannot be written even so is set aside. */
    private void faulty(Entry entry, RuntimeException fault) throws InterruptedException {
        if (entry.tries + 1 < MAX_TRIES && !closed) {
            waiting.add(entry.again());
            return;
        }
        var why = "its outcome cannot be stored: " + fault.getMessage();
        log.log(Level.ERROR, "webhook delivery " + entry.outcome.delivery().event() + " is set aside: " + why);
        written(1, tx -> queue.aside(tx, entry.outcome, why, clock.millis()))
                .ifPresent(again -> log.log(
                        Level.ERROR,
                        "webhook delivery " + entry.outcome.delivery().event() + " cannot even be set aside",
                        again));
        entry.durable.run();
    }

    /**
     * Keeps trying while the database is away. When it stays away until the end, the rows are delivered again: twice is
     * allowed, never is not.
     *
     * @return what is wrong with these rows; empty when they are written
     */
    private Optional<RuntimeException> written(int count, Consumer<Tx> work) throws InterruptedException {
        while (true) {
            try {
                store.write(tx -> {
                    work.accept(tx);
                    return null;
                });
                return Optional.empty();
            } catch (StoreUnavailable e) {
                log.log(
                        Level.WARNING,
                        "the outcomes of " + count + " webhook deliveries could not be stored; trying again",
                        e);
                if (closed) {
                    return Optional.empty();
                }
                Thread.sleep(OUTAGE_MILLIS);
            } catch (RuntimeException e) {
                return Optional.of(e);
            }
        }
    }

    /** Writes what is there and stops. */
    @Override
    public void close() throws InterruptedException {
        closed = true;
        news.release();
        thread.join(TimeUnit.SECONDS.toMillis(5));
        worker.close();
    }
}
