package gateway;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Tells the service manager that the process is alive, as long as it is: a hung one falls silent and is restarted. */
final class Watchdog implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Watchdog.class.getName());

    private final Thread thread;

    /**
     * Makes it, not yet started.
     *
     * @param period how often to tell
     * @param healthy the gateway's own port is listened on, and its database takes writes
     */
    Watchdog(Duration period, Runnable tell, BooleanSupplier healthy) {
        thread = Thread.ofPlatform().name("watchdog").daemon(true).unstarted(() -> watch(period, tell, healthy));
    }

    void start() {
        thread.start();
    }

    private static void watch(Duration period, Runnable tell, BooleanSupplier healthy) {
        try {
            while (true) {
                Thread.sleep(period);
                if (healthy.getAsBoolean()) {
                    tell.run();
                } else {
                    LOG.log(Level.ERROR, "not healthy: the service manager is not told that all is well");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
