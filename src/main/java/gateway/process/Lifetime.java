package gateway.process;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import gateway.config.Settings;

/** One run of a server: from its start until the process is told to stop and everything is closed. */
public final class Lifetime {
    private static final long MAX_STOP_SECONDS = 60;

    private Lifetime() {}

    /**
     * Starts, waits for SIGTERM or SIGINT, stops.
     *
     * @param start opens the parts and tells the service manager that they serve
     * @return the exit code: 0 after an orderly stop
     * @throws RuntimeException when it could not start; what was opened is closed again
     */
    @SuppressWarnings("try") // close() is called in the block, because the shutdown hook waits for it
    public static int of(Settings settings, Function<Resources, SystemdNotify> start) {
        Logging.configure(settings.logLevel());
        try (var parts = new Resources()) {
            var stop = new CountDownLatch(1);
            var stopped = new CountDownLatch(1);
            var hook = new Thread(
                    () -> {
                        stop.countDown();
                        await(stopped);
                    },
                    "shutdown");
            if (!hooked(hook)) {
                return 0;
            }
            try {
                var manager = start.apply(parts);
                stop.await();
                manager.stopping();
                parts.close();
            } finally {
                stopped.countDown();
            }
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    /** False when the process was told to stop before it began: nothing is open yet. */
    private static boolean hooked(Thread hook) {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            return true;
        } catch (IllegalStateException stopping) {
            return false;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(MAX_STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
