package gateway.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

class HeartbeatTest {
    private static final Duration PERIOD = Duration.ofMillis(5);

    private final AtomicBoolean lives = new AtomicBoolean();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger beats = new AtomicInteger();

    @Test
    void aGatewayThatHangsIsNotVouchedFor() {
        try (var heartbeat = heartbeat()) {
            await().until(() -> asked.get() > 5);
            assertEquals(0, beats.get());
        }
    }

    @Test
    void oneThatServesIsVouchedForAgainAndAgain() {
        lives.set(true);
        try (var heartbeat = heartbeat()) {
            await().until(() -> beats.get() > 5);
        }
    }

    @Test
    void oneThatRecoversIsVouchedForAgain() {
        try (var heartbeat = heartbeat()) {
            await().until(() -> asked.get() > 2);
            lives.set(true);
            await().until(() -> beats.get() > 0);
        }
    }

    private Heartbeat heartbeat() {
        return new Heartbeat(
                PERIOD,
                () -> {
                    asked.incrementAndGet();
                    return lives.get();
                },
                beats::incrementAndGet,
                new gateway.process.Workers());
    }
}
