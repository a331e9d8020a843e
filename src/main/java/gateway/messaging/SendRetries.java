package gateway.messaging;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** When a message that WhatsApp could not take for a passing reason is offered again. */
final class SendRetries {
    private static final long[] SECONDS = {1, 5, 30, 120, 600, 1_800, 3_600, 7_200};
    /** Share by which a delay varies, so that messages which failed together do not come back together. */
    private static final double JITTER = 0.2;

    private SendRetries() {}

    /** Milliseconds until the next attempt after this many; −1 when there is none. */
    static long delay(int attempts) {
        if (attempts > SECONDS.length) {
            return -1;
        }
        var factor = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        return (long) (TimeUnit.SECONDS.toMillis(SECONDS[attempts - 1]) * factor);
    }
}
