package gateway.wiring;

import java.time.Duration;

import gateway.process.SystemdNotify;

/**
 * How long a start waits for what is absent: under a service manager, which is told what is waited for, 90 s with
 * growing pauses; for a person at a terminal not at all. A start that takes so long is not counted as the fifth within
 * five minutes (StartLimitBurst of the units), so an outage never leaves the service down.
 */
final class StartPatience {
    private static final Duration MAX = Duration.ofSeconds(90);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(10);
    /** A pause and the slowest attempt: four requests to a secret store, or a database that does not answer. */
    private static final Duration UNTIL_NEXT_WORD = Duration.ofSeconds(60);

    private final SystemdNotify manager;
    private final long began = System.nanoTime();
    private Duration pause = FIRST_PAUSE;

    StartPatience(SystemdNotify manager) {
        this.manager = manager;
    }

    /**
     * Says what is absent and pauses.
     *
     * @return false when the time is over, or nobody supervises this start
     */
    boolean waitsFor(String absent) {
        if (!manager.isThere() || System.nanoTime() - began > MAX.toNanos()) {
            return false;
        }
        manager.waiting("Waiting: " + absent.lines().findFirst().orElse(""), UNTIL_NEXT_WORD);
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause.multipliedBy(2);
        return true;
    }
}
