package gateway.budget;

/** A refusal because the process has no memory or no processor time to spare; the client may ask again in a moment. */
public final class BudgetSpent extends RuntimeException {
    /** What was short; {@code label} is its name in metrics. */
    public enum Cause {
        /** The memory budget is reserved by others. */
        MEMORY("memory"),
        /** The heap stays nearly full after collections. */
        HEAP("heap"),
        /** Too much CPU-bound work waits. */
        QUEUE("queue"),
        /** The CPU-bound work did not end in time. */
        TIME("time");

        private final String label;

        Cause(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /** Seconds after which the client should ask again. */
    public static final long RETRY_SECONDS = 2;

    private final Cause what;

    BudgetSpent(Cause what) {
        // No stack trace: a flood of refusals must stay cheap.
        super("The budget of the process is spent: " + what.label(), null, false, false);
        this.what = what;
    }

    public Cause what() {
        return what;
    }
}
