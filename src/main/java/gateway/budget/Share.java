package gateway.budget;

import java.time.Duration;

/**
 * The memory that one request has taken so far. The first {@link #FREE} bytes are free, so that a small request never asks
 * the budget. Used by the thread of the request alone, and closed when the reply is written.
 */
public final class Share implements AutoCloseable {
    /** Bytes that a request may take without a reservation. */
    public static final int FREE = 64 * 1024;
    /** The share of the request that this thread handles. */
    private static final ScopedValue<Share> CURRENT = ScopedValue.newInstance();
    /** The share of a thread that handles no request: takes nothing from any budget. */
    private static final Share NOBODY = new Share(null);
    /** Reserved at once, so that a request which grows asks seldom. */
    private static final int STEP = 256 * 1024;
    /** A request that holds nothing may wait this long; one that holds some must not, because all could wait for each other. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final MemoryBudget budget;
    private long taken;
    private int held;

    Share(MemoryBudget budget) {
        this.budget = budget;
    }

    /** The share of the request that this thread handles; on any other thread one that is not limited. */
    public static Share current() {
        return CURRENT.orElse(NOBODY);
    }

    /** Runs the work with this share as the current one. */
    public void during(Runnable work) {
        ScopedValue.where(CURRENT, this).run(work);
    }

    /**
     * Takes memory until the request ends.
     *
     * @throws BudgetSpent when the budget has no more
     */
    public void take(long bytes) {
        if (budget == null) {
            return;
        }
        taken += bytes;
        if (taken <= FREE || taken <= held * 1024L) {
            return;
        }
        int wanted = MemoryBudget.units((taken + STEP - 1) / STEP * STEP) - held;
        budget.acquire(wanted, held == 0 ? PATIENCE : Duration.ZERO);
        held += wanted;
    }

    /** Takes memory for the rows of a list before the list is written, {@code each} bytes for a row. */
    public void takeRows(int rows, int each) {
        take((long) rows * each);
    }

    /** Counts a client that was given up. */
    void slowReader() {
        if (budget != null) {
            budget.slowReader();
        }
    }

    @Override
    public void close() {
        if (held > 0) {
            budget.release(held);
            held = 0;
        }
    }
}
