package gateway.store;

import org.jspecify.annotations.Nullable;

/**
 * A place where a crash is of interest. Nothing in production: the tests start the program with
 * {@code -Dgateway.failpoint=<name>:<n>}, and it dies like a machine without power when it comes by for the n-th time.
 */
public final class FailPoint {
    private static final @Nullable String NAME;
    private static final java.util.concurrent.atomic.AtomicLong LEFT;

    static {
        var wanted = System.getProperty("gateway.failpoint", "").split(":");
        NAME = wanted.length == 2 ? wanted[0] : null;
        LEFT = new java.util.concurrent.atomic.AtomicLong(NAME == null ? 0 : Long.parseLong(wanted[1]));
    }

    private FailPoint() {}

    /** Goes on, or ends the process without a word. */
    public static void reach(String name) {
        if (NAME != null && NAME.equals(name) && LEFT.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(137);
        }
    }
}
