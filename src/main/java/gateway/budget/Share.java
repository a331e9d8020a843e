package gateway.budget;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The memory that one request has taken so far. The first {@link #FREE} bytes are free, so that a small request never
 * asks the budget. Used by the thread of the request alone, and closed when the reply is written.
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
    /** Longest wait for memory, of a request that holds nothing yet: holders that wait could wait for each other. */
    private static final Duration PATIENCE = Duration.ofMillis(500);
    /** Longest wait for the turn of a large request. */
    private static final Duration TURN = Duration.ofSeconds(2);

    private final @Nullable MemoryBudget budget;
    private long taken;
    private int held;
    private MemoryBudget.@Nullable Turn turn;

    Share(@Nullable MemoryBudget budget) {
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
     * Waits for the turn of a request that will read and write much. Called before anything is held that others wait
     * for, such as a connection to the database. The turn ends with {@link #built}.
     *
     * @throws BudgetSpent when the turn does not come in time
     */
    public void enter() {
        if (budget == null || turn != null) {
            return;
        }
        turn = budget.enter(TURN);
        reserve(STEP, PATIENCE);
    }

    /**
     * As {@link #enter}, for a request that looks through much and shows little of it: the turn of a search.
     *
     * @throws BudgetSpent when the turn does not come in time
     */
    public void search() {
        if (budget == null || turn != null) {
            return;
        }
        turn = budget.search(TURN);
        reserve(STEP, PATIENCE);
    }

    /** Ends the turn: from now on the request only waits for its client. */
    public void built() {
        var mine = turn;
        if (mine != null) {
            turn = null;
            mine.end();
        }
    }

    /**
     * Takes memory until the request ends, or waits for it a moment.
     *
     * @throws BudgetSpent when the budget has no more
     */
    public void await(long bytes) {
        take(bytes, held == 0 ? PATIENCE : Duration.ZERO);
    }

    /**
     * Takes memory until the request ends.
     *
     * @throws BudgetSpent when the budget has no more
     */
    public void take(long bytes) {
        take(bytes, Duration.ZERO);
    }

    private void take(long bytes, Duration patience) {
        if (budget != null) {
            taken += bytes;
            reserve(taken, patience);
        }
    }

    private void reserve(long total, Duration patience) {
        if (total <= FREE || total <= held * 1024L) {
            return;
        }
        int wanted = MemoryBudget.units((total + STEP - 1) / STEP * STEP) - held;
        Objects.requireNonNull(budget).acquire(wanted, patience);
        held += wanted;
    }

    /** Counts a client that was given up. */
    void slowReader() {
        if (budget != null) {
            budget.slowReader();
        }
    }

    @Override
    public void close() {
        built();
        if (held > 0) {
            Objects.requireNonNull(budget).release(held);
            held = 0;
        }
    }
}
