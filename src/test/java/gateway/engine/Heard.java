package gateway.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import gateway.store.Store;
import gateway.store.Work;

/** Takes what an engine tells, on the real store; can refuse a message once, or take its time for one. */
final class Heard implements Events {
    private final Store store;
    private final Store away;
    private final List<Event> all = new ArrayList<>();
    private final CountDownLatch holding = new CountDownLatch(1);
    private volatile CompletableFuture<Void> hold = CompletableFuture.completedFuture(null);
    private volatile boolean refusing;
    private volatile boolean refused;

    /** @param away a database that does not answer */
    Heard(Store store, Store away) {
        this.store = store;
        this.away = away;
    }

    @Override
    public void accept(List<Event> events, Work<?> beside) {
        if (events.stream().anyMatch(Event.Message.class::isInstance)) {
            if (refusing) {
                refusing = false;
                refused = true;
                away.write(tx -> 0);
            }
            if (!hold.isDone()) {
                holding.countDown();
                hold.join();
            }
        }
        store.write(tx -> beside.run(tx));
        synchronized (this) {
            all.addAll(events);
        }
    }

    /** The next message is not stored. */
    void refuseOnce() {
        refusing = true;
    }

    boolean refused() {
        return refused;
    }

    /** The next message is stored only when this is completed. */
    CompletableFuture<Void> hold() {
        hold = new CompletableFuture<>();
        return hold;
    }

    /** Waits until a message is held. */
    boolean isHolding() throws InterruptedException {
        return holding.await(40, TimeUnit.SECONDS);
    }

    synchronized int count() {
        return all.size();
    }

    /** What people wrote. */
    synchronized List<String> words() {
        return all.stream()
                .filter(Event.Message.class::isInstance)
                .map(event -> ((Event.Message) event).content().body())
                .toList();
    }
}
