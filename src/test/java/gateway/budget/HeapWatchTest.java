package gateway.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

/** A heap that stays nearly full refuses large requests, until it is no longer full; and is given back after a load. */
class HeapWatchTest {
    private static final long MIB = 1 << 20;

    /** A heap that does as the test says. */
    private static final class Said implements HeapWatch.Heap {
        private boolean full;
        private long size = 100 * MIB;
        private long cpu;
        private int collections;

        @Override
        public boolean full() {
            return full;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public long cpuNanos() {
            return cpu;
        }

        @Override
        public void collect() {
            collections++;
        }
    }

    private final Said heap = new Said();
    private final HeapWatch watch = new HeapWatch(heap);

    private void looks(int times, long cpuEach) {
        for (int i = 0; i < times; i++) {
            heap.cpu += cpuEach;
            watch.look();
        }
    }

    @Test
    void whileTheHeapIsFullLargeRequestsAreRefusedAndSoonAfterwardsNot() {
        var budget = new MemoryBudget(64 * MIB, watch, BudgetMetrics.NONE);
        looks(1, 0);
        budget.reserve(MIB, Duration.ZERO).close();
        heap.full = true;
        looks(1, 0);
        assertEquals(
                BudgetSpent.Cause.HEAP,
                assertThrows(BudgetSpent.class, () -> budget.reserve(MIB, Duration.ZERO))
                        .what());
        heap.full = false;
        looks(1, 0);
        budget.reserve(MIB, Duration.ZERO).close();
        assertEquals(0, budget.used());
    }

    @Test
    void aFullHeapIsCollectedEveryFiveSecondsBecauseRefusedRequestsMakeNoGarbage() {
        heap.full = true;
        looks(4, 0);
        assertEquals(0, heap.collections);
        looks(11, 0);
        assertEquals(3, heap.collections);
    }

    @Test
    void afterALoadTheHeapIsGivenBackOnce() {
        looks(5, 900_000_000L);
        looks(9, 10_000_000L);
        assertEquals(0, heap.collections, "a pause between requests is no end of a load");
        looks(50, 10_000_000L);
        assertEquals(4, heap.collections);
        looks(1, 900_000_000L);
        looks(10, 10_000_000L);
        assertEquals(8, heap.collections, "after the next load again");
    }

    @Test
    void aSmallHeapIsLeftAlone() {
        heap.size = 30 * MIB;
        looks(50, 0);
        assertEquals(0, heap.collections);
    }

    /** With a heap of its own, in a process of its own. */
    @Test
    void theHeapOfAProcessIsSeenToBeFullAndSeenToBeFreeAgain() throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx48m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Filler.class.getName())
                .redirectErrorStream(true)
                .start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "ends");
            assertEquals("false true false", new String(process.getInputStream().readAllBytes()).strip());
        } finally {
            process.destroyForcibly();
        }
        assertFalse(process.isAlive());
    }

    /** Fills the old generation of 32 MiB with 30, and empties it. */
    static final class Filler {
        public static void main(String[] arguments) throws InterruptedException {
            var watch = new HeapWatch();
            watch.look();
            boolean before = watch.getAsBoolean();
            var pieces = new byte[30][];
            for (int i = 0; i < pieces.length; i++) {
                pieces[i] = new byte[(int) MIB - 64];
            }
            System.gc();
            for (int i = 0; i < 1_000 && !watch.getAsBoolean(); i++) {
                watch.look();
                Thread.sleep(5);
            }
            boolean full = watch.getAsBoolean();
            java.util.Arrays.fill(pieces, null);
            // The JVM tells of a collection's result from a thread of its own.
            for (int i = 0; i < 6 || i < 1_000 && watch.getAsBoolean(); i++) {
                watch.look();
                Thread.sleep(5);
            }
            System.out.println(before + " " + full + " " + watch.getAsBoolean());
        }
    }
}
