package gateway.store;

/**
 * The database refuses this one statement for what is in it, such as a reference to a row that is gone; nothing of it
 * was kept. Trying again does not help, and every other row may well be written. {@link StoreUnavailable} is the
 * passing kind.
 */
public final class RowFault extends RuntimeException {
    private final boolean constraint;

    RowFault(boolean constraint, Throwable cause) {
        super(sentence(cause), cause);
        this.constraint = constraint;
    }

    /** Whether another row stands against it, or one that it needs is missing. */
    public boolean constraint() {
        return constraint;
    }

    /** The first line of the database's own words: the others may show the row's values. */
    private static String sentence(Throwable failure) {
        var deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest.getMessage() == null
                ? deepest.getClass().getSimpleName()
                : deepest.getMessage().lines().findFirst().orElse("");
    }
}
