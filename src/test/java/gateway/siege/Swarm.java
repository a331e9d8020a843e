package gateway.siege;

import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.locks.LockSupport;

/** Many attackers at once, each a virtual thread that repeats its turn until the deadline. */
final class Swarm {
    /** After a turn that failed: a refused connection must not become a busy loop of the attacker's own. */
    private static final long AFTER_FAILURE_NANOS = 50_000_000;

    private Swarm() {}

    /** One attacker's turn, {@code index} counting the attackers from 0. */
    @FunctionalInterface
    interface Turn {
        void take(int index) throws IOException;
    }

    static void run(int attackers, long deadline, Turn turn) throws InterruptedException {
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < attackers; i++) {
            int index = i;
            threads.add(Thread.ofVirtual().start(() -> {
                while (System.nanoTime() < deadline) {
                    try {
                        turn.take(index);
                    } catch (IOException refused) {
                        LockSupport.parkNanos(AFTER_FAILURE_NANOS);
                    }
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }
    }

    /** Waits, but not beyond the deadline. */
    static void pause(long millis, long deadline) {
        LockSupport.parkNanos(Math.max(0, Math.min(millis * 1_000_000, deadline - System.nanoTime())));
    }
}
