package gateway.budget;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;

/** Memory and processor time that is reserved, refused and always given back. */
class MemoryBudgetTest {
    private final List<BudgetSpent.Cause> refused = new ArrayList<>();
    private final AtomicBoolean pressed = new AtomicBoolean();
    private final MemoryBudget budget = new MemoryBudget(4 << 20, pressed::get, new BudgetMetrics() {
        @Override
        public synchronized void refused(BudgetSpent.Cause what) {
            refused.add(what);
        }
    });

    @Test
    void whatIsReservedIsMissingUntilItIsGivenBack() {
        try (var first = budget.reserve(3 << 20, Duration.ZERO)) {
            assertEquals(3 << 20, budget.used());
            assertEquals(
                    BudgetSpent.Cause.MEMORY,
                    assertThrows(BudgetSpent.class, () -> budget.reserve(2 << 20, Duration.ZERO))
                            .what());
            first.close();
            assertEquals(0, budget.used());
        }
        assertEquals(0, budget.used(), "closing twice gives nothing back twice");
        budget.reserve(4 << 20, Duration.ZERO).close();
        assertEquals(List.of(BudgetSpent.Cause.MEMORY), refused);
    }

    @Test
    void aSmallRequestNeverAsks() {
        try (var all = budget.reserve(4 << 20, Duration.ZERO);
                var share = budget.share()) {
            share.take(Share.FREE);
            assertThrows(BudgetSpent.class, () -> share.take(1));
        }
        assertEquals(0, budget.used());
    }

    @Test
    void aShareGrowsAndIsGivenBackWhole() {
        try (var share = budget.share()) {
            share.during(() -> {
                for (int i = 0; i < 2_000; i++) {
                    Share.current().take(1_024);
                }
            });
            assertEquals(2 << 20, budget.used());
        }
        assertEquals(0, budget.used());
        Share.current().take(1L << 40);
    }

    @Test
    void aPressedHeapGivesNothing() {
        pressed.set(true);
        assertEquals(
                BudgetSpent.Cause.HEAP,
                assertThrows(BudgetSpent.class, () -> budget.reserve(1, Duration.ZERO))
                        .what());
        pressed.set(false);
        budget.reserve(1, Duration.ZERO).close();
    }

    @Test
    void aShareWaitsAMomentForOthersToFinish() throws Exception {
        var held = budget.reserve(4 << 20, Duration.ZERO);
        var late = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            held.close();
        });
        try (var share = budget.share()) {
            share.await(1 << 20);
            assertEquals(1 << 20, budget.used());
        }
        late.join();
    }

    @Test
    void workBeyondTheQueueOrTheTimeIsRefusedAndTheMemoryComesBack() throws Exception {
        var begun = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        try (var bench = new Workbench(budget, 1, 1, Duration.ofSeconds(1))) {
            // The first thread takes its time to start.
            await().ignoreExceptionsInstanceOf(BudgetSpent.class).until(() -> bench.run(1, () -> true));
            var late = Thread.ofVirtual()
                    .start(() -> assertEquals(
                            BudgetSpent.Cause.TIME,
                            assertThrows(
                                            BudgetSpent.class,
                                            () -> bench.run(1 << 20, () -> {
                                                begun.countDown();
                                                try {
                                                    Thread.sleep(60_000);
                                                } catch (InterruptedException e) {
                                                    interrupted.countDown();
                                                    throw e;
                                                }
                                                return 1;
                                            }))
                                    .what()));
            assertTrue(begun.await(10, TimeUnit.SECONDS));
            assertEquals(1 << 20, budget.used());
            var waiting = Thread.ofVirtual()
                    .start(() -> assertThrows(
                            BudgetSpent.class,
                            () -> bench.run(1, () -> {
                                Thread.sleep(60_000);
                                return 2;
                            })));
            await().pollInterval(Duration.ofMillis(5))
                    .untilAsserted(() -> assertEquals(
                            BudgetSpent.Cause.QUEUE,
                            assertThrows(BudgetSpent.class, () -> bench.run(1, () -> 3))
                                    .what()));
            late.join();
            waiting.join();
            assertTrue(interrupted.await(10, TimeUnit.SECONDS));
            await().until(() -> budget.used() == 0);
            assertEquals(4, bench.run(1 << 20, () -> 4));
            assertThrows(
                    java.io.IOException.class,
                    () -> bench.run(1, () -> {
                        throw new java.io.IOException("its own");
                    }));
        }
        assertTrue(
                refused.contains(BudgetSpent.Cause.TIME) && refused.contains(BudgetSpent.Cause.QUEUE),
                refused.toString());
    }
}
