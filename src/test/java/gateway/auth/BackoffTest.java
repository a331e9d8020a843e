package gateway.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.time.Duration;

import org.junit.jupiter.api.Test;

class BackoffTest {
    private final MovingClock clock = new MovingClock();
    private final Backoff backoff = new Backoff(clock, 50);

    private static InetAddress at(String address) {
        return Network.address(address).orElseThrow();
    }

    private void fail(String address, int times) {
        for (int i = 0; i < times; i++) {
            backoff.failed(at(address));
        }
    }

    @Test
    void nineFailuresAreTypos() {
        fail("192.0.2.1", 9);
        assertEquals(0, backoff.secondsLeft(at("192.0.2.1")));
    }

    @Test
    void failuresSpreadOverMoreThanFiveMinutesDoNotAddUp() {
        for (int i = 0; i < 30; i++) {
            assertFalse(backoff.failed(at("192.0.2.1")));
            clock.pass(Duration.ofSeconds(40));
        }
    }

    @Test
    void theWaitDoublesFromThirtySecondsToFifteenMinutes() {
        fail("192.0.2.1", 9);
        long[] expected = {30, 60, 120, 240, 480, 900, 900};
        for (long seconds : expected) {
            assertTrue(backoff.failed(at("192.0.2.1")));
            assertEquals(seconds, backoff.secondsLeft(at("192.0.2.1")));
            clock.pass(Duration.ofSeconds(seconds));
            assertEquals(0, backoff.secondsLeft(at("192.0.2.1")));
        }
    }

    @Test
    void aQuietQuarterOfAnHourIsForgiven() {
        fail("192.0.2.1", 10);
        clock.pass(Duration.ofSeconds(30).plus(Duration.ofMinutes(15)).plusMillis(1));
        fail("192.0.2.1", 9);
        assertEquals(0, backoff.secondsLeft(at("192.0.2.1")));
    }

    @Test
    void anIpv6CustomerIsOneAndAnIpv4NeighbourIsAnother() {
        for (int i = 0; i < 10; i++) {
            backoff.failed(at("2001:db8:1:2::" + i));
        }
        assertEquals(30, backoff.secondsLeft(at("2001:db8:1:2:ffff::1")));
        assertEquals(0, backoff.secondsLeft(at("2001:db8:1:3::1")));
        fail("192.0.2.1", 10);
        assertEquals(0, backoff.secondsLeft(at("192.0.2.2")));
    }

    @Test
    void theMemoryOfAddressesIsBounded() {
        for (int i = 0; i < 10_000; i++) {
            backoff.failed(at("10.1." + i / 250 + "." + i % 250));
        }
        assertEquals(50, backoff.remembered());
    }
}
