package gateway.webhook;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import gateway.outbound.RefusedAddress;
import gateway.outbound.Unanswered;
import gateway.process.Seldom;
import gateway.process.Worker;
import gateway.process.WorkerKind;
import gateway.process.Workers;
import gateway.store.FailPoint;
import gateway.store.StoreUnavailable;

/**
 * One endpoint's deliveries. Each endpoint has its own thread, window, connections and breaker, so one that hangs holds
 * up nobody else; at most {@link #WINDOW} of its rows are in memory, the rest waits in the database. Deliveries of one
 * chat are posted one after another, those of different chats side by side.
 */
final class EndpointQueue {
    static final int WINDOW = 64;
    /** Posts under way at once. */
    static final int CONCURRENCY = 16;
    /** Claims are made when this much of the window is free, so that a busy queue claims in batches. */
    private static final int WORTH_CLAIMING = WINDOW / 4;
    /** How often an idle queue looks by itself: for rows that another process died with. */
    private static final long IDLE_MILLIS = 15_000;
    /** How often the queue looks while deliveries wait for their chat: another process may hold the chat. */
    private static final long CHAT_MILLIS = 250;

    private static final System.Logger LOG = System.getLogger(EndpointQueue.class.getName());

    private final DeliveryClaims claims;
    private final Completions completions;
    private final EndpointHealth health;
    private final DeliveryRetries calendar;
    private final Courier courier;
    private final InstantSource clock;
    private final WebhookMetrics metrics;
    private final Breaker breaker = new Breaker();
    private final Semaphore signal = new Semaphore(0);
    private final Semaphore posts = new Semaphore(CONCURRENCY, true);
    private final AtomicInteger held = new AtomicInteger();
    private final ExecutorService attempts = Executors.newVirtualThreadPerTaskExecutor();
    private final Seldom log = new Seldom(EndpointQueue.class);
    private final Worker worker;
    private final Thread thread;
    private volatile Endpoint endpoint;
    private volatile boolean hungry;
    private volatile boolean stopped;

    EndpointQueue(Endpoint endpoint, Health health, Parts parts) {
        this.endpoint = endpoint;
        this.health = new EndpointHealth(parts.healths, health, parts.clock);
        this.claims = parts.claims;
        this.completions = parts.completions;
        this.calendar = parts.calendar;
        this.courier = parts.courier;
        this.clock = parts.clock;
        this.metrics = parts.metrics;
        this.worker = parts.workers.add(WorkerKind.WEBHOOK_DELIVERER);
        this.thread = Thread.ofVirtual().name("webhook-" + endpoint.id()).start(worker.supervised(this::loop));
    }

    /** What all queues of a process share, and the courier that is this queue's own. */
    record Parts(
            DeliveryClaims claims,
            Completions completions,
            HealthTable healths,
            DeliveryRetries calendar,
            Courier courier,
            InstantSource clock,
            WebhookMetrics metrics,
            Workers workers) {}

    /** Takes a new state of the same endpoint, such as a rotated secret. */
    void update(Endpoint changed, Health changedHealth) {
        endpoint = changed;
        health.update(changedHealth);
        courier.sweep();
    }

    /** There may be something to do. */
    void wake() {
        if (signal.availablePermits() == 0) {
            signal.release();
        }
    }

    private void loop() throws InterruptedException {
        while (!stopped) {
            long wait = turn();
            if (wait > 0) {
                signal.tryAcquire(wait, TimeUnit.MILLISECONDS);
            }
            signal.drainPermits();
        }
    }

    /** Claims what may be claimed. Returns after how many milliseconds to look again unless woken. */
    private long turn() {
        long now = clock.millis();
        long rest = breaker.rest(now);
        if (rest > 0) {
            return Math.min(rest, IDLE_MILLIS);
        }
        hungry = true;
        if (!worthClaiming()) {
            return IDLE_MILLIS;
        }
        int room = breaker.probing() ? 1 : WINDOW - held.get();
        worker.begin();
        try {
            var claim = claims.claim(endpoint.id(), room, now);
            held.addAndGet(claim.size());
            claim.chats().forEach(chat -> attempts.execute(() -> run(chat)));
            hungry = claim.passedOver();
            worker.done();
            if (claim.more()) {
                return 0;
            }
            long pause = claim.next().isEmpty()
                    ? IDLE_MILLIS
                    : Math.clamp(claim.next().getAsLong() - now, 1, IDLE_MILLIS);
            return claim.passedOver() ? Math.min(pause, CHAT_MILLIS) : pause;
        } catch (RuntimeException e) {
            // Whatever the database says, the queue outlives it.
            worker.failed();
            log.log(Level.WARNING, "webhook deliveries of " + endpoint.id() + " cannot be claimed; trying again", e);
            return 1_000;
        }
    }

    private boolean worthClaiming() {
        return breaker.probing() ? held.get() == 0 : WINDOW - held.get() >= WORTH_CLAIMING;
    }

    /** Attempts deliveries of one chat one after another. One that fails is tried again later, behind the others. */
    private void run(List<Delivery> chat) {
        var left = new AtomicInteger(chat.size());
        chat.forEach(delivery -> attempt(delivery, () -> finished(left.decrementAndGet() == 0)));
    }

    private void attempt(Delivery delivery, Runnable finished) {
        boolean posting = false;
        try {
            posts.acquire();
            posting = true;
            long begun = clock.millis();
            // Too old a claim may be another's by the time the answer comes. It comes due again by itself.
            if (stopped || begun > delivery.claimedUntil() - 2 * Courier.TOTAL.toMillis()) {
                finished.run();
                return;
            }
            var outcome = post(delivery, begun);
            FailPoint.reach("after-delivery");
            completions.add(outcome, finished);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            finished.run();
        } catch (Throwable e) {
            // Counted as an attempt like any other, so that its calendar ends.
            log.log(
                    Level.ERROR,
                    "webhook delivery " + delivery.event() + " to " + endpoint + " failed within the gateway",
                    e);
            completions.add(
                    new Outcome(
                            delivery,
                            endpoint.id(),
                            clock.millis(),
                            0,
                            0,
                            "the gateway could not make the request; see its log",
                            "",
                            next(delivery, 0, "")),
                    finished);
        } finally {
            if (posting) {
                posts.release();
            }
        }
    }

    private Outcome post(Delivery delivery, long begun) {
        var to = endpoint;
        long start = System.nanoTime();
        int status = 0;
        var error = "";
        var response = "";
        var retryAfter = "";
        boolean accepted = false;
        try {
            var result = courier.attempt(to, delivery, health.acceptedSecret());
            status = result.answer().status();
            retryAfter = result.answer().retryAfter();
            // PostgreSQL's text holds everything but the zero character.
            response = new String(result.answer().body(), StandardCharsets.UTF_8).replace('\0', '\ufffd');
            accepted = result.answer().accepted();
            if (accepted) {
                health.learn(to, result.secret());
            } else {
                error = "the receiver answered " + status;
            }
        } catch (Unanswered e) {
            error = e.getMessage();
        } catch (RefusedAddress e) {
            error = e.getMessage();
        } catch (RuntimeException e) {
            error = "the gateway could not make the request; see its log";
            LOG.log(Level.ERROR, "webhook " + delivery.event() + " to " + to + " failed within the gateway", e);
        }
        long nanos = System.nanoTime() - start;
        var next = accepted ? new Outcome.Next.Done() : next(delivery, status, retryAfter);
        breaker.note(!accepted, clock.millis());
        try {
            health.note(to, accepted, status, begun).ifPresent(why -> stopClaiming(to, why));
        } catch (StoreUnavailable e) {
            // The outcome counts all the same; its endpoint's health is noted at the next one.
            log.log(Level.WARNING, "the health of webhook endpoint " + to.id() + " could not be noted", e);
        }
        var outcome = new Outcome(
                delivery, to.id(), begun, TimeUnit.NANOSECONDS.toMillis(nanos), status, error, response, next);
        metrics.attempt(to.id(), outcome.word(), nanos);
        LOG.log(
                next instanceof Outcome.Next.Dead ? Level.WARNING : Level.DEBUG,
                () -> "webhook " + delivery.event() + " to " + to
                        + " attempt " + (delivery.attempts() + 1) + ": " + outcome.word() + " status "
                        + outcome.status() + " in "
                        + outcome.millis() + " ms");
        return outcome;
    }

    private Outcome.Next next(Delivery delivery, int status, String retryAfter) {
        var pause = calendar.pause(delivery.attempts() + 1, retryAfter, clock.millis());
        return status == 410 || pause.isEmpty()
                ? new Outcome.Next.Dead()
                : new Outcome.Next.Again(clock.millis() + pause.getAsLong());
    }

    private void stopClaiming(Endpoint to, String why) {
        stopped = true;
        LOG.log(Level.WARNING, "webhook endpoint " + to + " was disabled: " + why);
    }

    /** @param chat whether the chat has no other delivery in memory, so that more of it may be claimed */
    private void finished(boolean chat) {
        held.decrementAndGet();
        if (chat && hungry && worthClaiming()) {
            wake();
        }
    }

    /** Whether it gave the endpoint up, or was told to stop. */
    boolean stopped() {
        return stopped;
    }

    /** Begins nothing more. */
    void stop() {
        stopped = true;
        wake();
    }

    /** Waits for what is under way, {@code millis} at most, and closes the connections. */
    void finish(long millis) throws InterruptedException {
        thread.join(Math.max(1, millis));
        attempts.shutdown();
        attempts.awaitTermination(Math.max(1, millis), TimeUnit.MILLISECONDS);
        courier.close();
        worker.close();
    }
}
