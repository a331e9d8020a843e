package gateway.budget;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The memory that all requests together may take for pictures, large replies and large bodies. Well below the heap, so
 * that the requests which the budget does not count always find room.
 */
public final class MemoryBudget {
    /** One permit stands for this many bytes. */
    private static final int UNIT = 1024;

    /**
     * Large requests that are worked on at once, so that they leave at least one carrier of virtual threads to small
     * ones.
     */
    private static final int LARGE_AT_ONCE = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private final Semaphore permits;
    private final Semaphore large = new Semaphore(LARGE_AT_ONCE, true);
    /** Searches that run at once: each can hold a connection and a carrier for as long as a read may take. */
    private final Semaphore searches = new Semaphore(LARGE_AT_ONCE, true);

    private final int units;
    private final BooleanSupplier pressed;
    private final BudgetMetrics metrics;

    /**
     * @param bytes   all that may be reserved at once, 1 MiB or more
     * @param pressed whether the heap is so full that nothing more may be reserved
     */
    public MemoryBudget(long bytes, BooleanSupplier pressed, BudgetMetrics metrics) {
        if (bytes < 1 << 20) {
            throw new IllegalArgumentException("A memory budget needs at least 1 MiB");
        }
        this.units = (int) Math.min(Integer.MAX_VALUE, bytes / UNIT);
        this.permits = new Semaphore(units, true);
        this.pressed = pressed;
        this.metrics = metrics;
    }

    /**
     * Three eighths of the largest heap: 48 MB of 128 MB. What else lives needs some 30 MB, and the collector room to
     * work.
     */
    public static long shareOfHeap() {
        return Runtime.getRuntime().maxMemory() / 8 * 3;
    }

    /** Memory that is reserved until closed. */
    public final class Reservation implements AutoCloseable {
        private int held;

        private Reservation(int held) {
            this.held = held;
        }

        /** Gives the memory back; a second call does nothing. */
        @Override
        public void close() {
            permits.release(held);
            held = 0;
        }
    }

    /**
     * Reserves memory.
     *
     * @param patience how long to wait for others to give theirs back; zero = not at all
     * @throws BudgetSpent when the memory is not to be had
     */
    public Reservation reserve(long bytes, Duration patience) {
        int wanted = units(bytes);
        acquire(wanted, patience);
        return new Reservation(wanted);
    }

    /** The account of one request, empty at first. */
    public Share share() {
        return new Share(this);
    }

    /** Bytes that may be reserved at once. */
    public long size() {
        return (long) units * UNIT;
    }

    /** Bytes that are reserved at this moment. */
    public long used() {
        return (long) (units - permits.availablePermits()) * UNIT;
    }

    static int units(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, (bytes + UNIT - 1) / UNIT);
    }

    void acquire(int wanted, Duration patience) {
        if (pressed.getAsBoolean()) {
            throw refuse(BudgetSpent.Cause.HEAP);
        }
        if (wanted > units || !acquired(wanted, patience)) {
            throw refuse(BudgetSpent.Cause.MEMORY);
        }
    }

    private boolean acquired(int wanted, Duration patience) {
        try {
            return permits.tryAcquire(wanted, patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Waits for the turn of a large request; closing ends it. */
    Turn enter(Duration patience) {
        return turn(large, patience);
    }

    /** Waits for the turn of a search. Large requests have turns of their own, so that no search holds them up. */
    Turn search(Duration patience) {
        return turn(searches, patience);
    }

    /** A turn that goes on until it is ended, once. */
    @FunctionalInterface
    interface Turn {
        void end();
    }

    private Turn turn(Semaphore turns, Duration patience) {
        try {
            if (turns.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return turns::release;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw refuse(BudgetSpent.Cause.QUEUE);
    }

    void release(int held) {
        permits.release(held);
    }

    BudgetSpent refuse(BudgetSpent.Cause what) {
        metrics.refused(what);
        return new BudgetSpent(what);
    }

    void slowReader() {
        metrics.slowReader();
    }
}
