package gateway.process;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Tells the service manager, in its rhythm, that the gateway lives; says nothing while it does not, so that a gateway
 * which hangs is replaced (systemd.service(5), WatchdogSec).
 */
public final class Heartbeat implements AutoCloseable {
    private final Thread thread;

    /**
     * Beats at once, then after each period.
     *
     * @param lives whether the gateway serves; must answer soon, because a beat that comes late is a beat missed
     */
    public Heartbeat(Duration period, BooleanSupplier lives, Runnable beat, Workers workers) {
        // A platform thread: when the virtual threads' carriers are all taken, that is for the check to find out, not
        // to share.
        thread = Thread.ofPlatform()
                .daemon()
                .name("heartbeat")
                .start(workers.add(WorkerKind.HEARTBEAT).supervised(() -> {
                    while (true) {
                        if (lives.getAsBoolean()) {
                            beat.run();
                        }
                        Thread.sleep(period);
                    }
                }));
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
