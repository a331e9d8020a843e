package gateway.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

class RateLimitTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);
    private final RateLimit<String> limit = new RateLimit<>(new RateLimit.Rate(10, 20), nanos::get);

    private int allowedOf(int requests) {
        int allowed = 0;
        for (int i = 0; i < requests; i++) {
            allowed += limit.take("a").allowed() ? 1 : 0;
        }
        return allowed;
    }

    @Test
    void theBurstAndOneMoreGoThroughAtOnceAsWithNginx() {
        assertEquals(21, allowedOf(100));
        assertFalse(limit.take("a").allowed());
    }

    @Test
    void afterwardsTenASecondGoThroughEvenAcrossAnOverflowOfTheClock() {
        allowedOf(100);
        for (int second = 0; second < 10; second++) {
            nanos.addAndGet(1_000_000_000L);
            assertEquals(10, allowedOf(100));
        }
    }

    @Test
    void keysDoNotShare() {
        allowedOf(100);
        assertTrue(limit.take("b").allowed());
    }

    @Test
    void theAnswerSaysHowManyFollowAndWhenToComeBack() {
        assertEquals(20, limit.take("a").remaining());
        allowedOf(20);
        var refused = limit.take("a");
        assertEquals(0, refused.remaining());
        assertEquals(21, refused.limit());
        assertEquals(1, refused.retry());
        assertEquals(3, refused.reset());
    }

    @Test
    void noRateIsNoLimit() {
        var open = new RateLimit<String>(new RateLimit.Rate(0, 0));
        for (int i = 0; i < 1000; i++) {
            assertTrue(open.take("a").allowed());
        }
    }

    @Test
    void anImpossibleRateIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new RateLimit.Rate(-1, 0));
    }
}
