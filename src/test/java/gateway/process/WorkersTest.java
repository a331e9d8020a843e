package gateway.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

class WorkersTest {
    private static final WorkerKind KIND = WorkerKind.WEBHOOK_COMPLETIONS;

    private final AtomicLong now = new AtomicLong();
    private final Workers workers = new Workers(now::get);

    private void pass(long seconds) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void oneThatHasWorkAndDoesNotGetOnIsStuckAfterTenSeconds() {
        var worker = workers.add(KIND);
        pass(100);
        assertEquals(List.of(), workers.stuck(), "it had nothing to do");
        worker.begin();
        pass(9);
        assertEquals(List.of(), workers.stuck());
        pass(1);
        assertEquals(List.of(KIND), workers.stuck());
        worker.moved();
        assertEquals(List.of(), workers.stuck());
        pass(10);
        worker.done();
        assertEquals(Duration.ZERO, workers.stalled(KIND));
    }

    @Test
    void oneThatFailsAgainAndAgainDoesNotGetOn() {
        var worker = workers.add(KIND);
        for (int i = 0; i < 10; i++) {
            worker.begin();
            pass(1);
            worker.failed();
        }
        assertEquals(List.of(KIND), workers.stuck());
        worker.begin();
        worker.done();
        assertEquals(List.of(), workers.stuck());
        worker.begin();
        worker.failed();
        worker.rest();
        pass(20);
        assertEquals(List.of(), workers.stuck(), "what failed is no longer there");
    }

    @Test
    void aKindIsAsStuckAsTheWorstOfItUntilThatOneIsGone() {
        workers.add(KIND).begin();
        pass(5);
        var other = workers.add(KIND);
        other.begin();
        pass(5);
        assertEquals(Duration.ofSeconds(10), workers.stalled(KIND));
        var third = workers.add(WorkerKind.LEASES);
        third.begin();
        pass(10);
        assertTrue(workers.isStuck(WorkerKind.LEASES));
        third.close();
        assertFalse(workers.isStuck(WorkerKind.LEASES));
    }

    @Test
    void aLoopThatDiesIsBegunAgainAndCounted() throws Exception {
        var ran = new AtomicInteger();
        var worker = workers.add(KIND);
        var thread = Thread.ofVirtual().start(worker.supervised(() -> {
            if (ran.incrementAndGet() == 1) {
                throw new StackOverflowError("an error, and no exception");
            }
            worker.begin();
            worker.done();
        }));
        await().until(() -> ran.get() == 2);
        assertTrue(thread.join(Duration.ofSeconds(5)), "one that returns has ended in order");
        assertEquals(1, workers.restarts(KIND));
        assertEquals(Duration.ZERO, workers.stalled(KIND));
    }

    @Test
    void anInterruptedLoopEndsAndAnAttemptThatFailsIsNoProgress() {
        var worker = workers.add(KIND);
        var thread = Thread.ofVirtual().start(worker.supervised(() -> Thread.sleep(100_000)));
        thread.interrupt();
        await().until(() -> !thread.isAlive());
        assertEquals(0, workers.restarts(KIND));
        assertFalse(worker.attempt(() -> {
            throw new AssertionError("an error");
        }));
        pass(10);
        assertTrue(workers.isStuck(KIND));
        assertTrue(worker.attempt(() -> {}));
        assertFalse(workers.isStuck(KIND));
    }
}
