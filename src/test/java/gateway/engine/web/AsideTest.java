package gateway.engine.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.engine.web.pairing.DeviceCredentials;
import gateway.twin.web.Twin;

@Timeout(30)
class AsideTest {
    private final DeviceCredentials first = DeviceCredentials.draw(new Random(1));
    private final DeviceCredentials second = DeviceCredentials.draw(new Random(2));
    private final LinkedBlockingQueue<DeviceCredentials> seen = new LinkedBlockingQueue<>();
    private final CountDownLatch woken = new CountDownLatch(1);
    private Twin twin;
    private LinkedDevice device;

    @BeforeEach
    void start() throws Exception {
        twin = new Twin(0);
        device = new LinkedDevice(twin).register();
    }

    @AfterEach
    void stop() throws Exception {
        device.close();
        twin.close();
    }

    /** An old connection may end long after the new one has woken the work. */
    @ParameterizedTest
    @ValueSource(classes = {IOException.class, IllegalStateException.class, StackOverflowError.class})
    void aRunThatFailsIsFollowedByTheOneThatWasAskedForMeanwhile(Class<? extends Throwable> fault) throws Exception {
        var aside = new Aside("test", "the test", (own, connection) -> {
            seen.add(own);
            if (own == first) {
                woken.await();
                fail(fault);
            }
        });
        aside.wake(first, device.connection());
        assertEquals(first, seen.poll(10, TimeUnit.SECONDS));
        aside.wake(second, device.connection());
        woken.countDown();
        assertEquals(second, seen.poll(10, TimeUnit.SECONDS));
        assertNull(seen.poll(100, TimeUnit.MILLISECONDS));
        aside.wake(second, device.connection());
        assertEquals(second, seen.poll(10, TimeUnit.SECONDS));
    }

    private static void fail(Class<? extends Throwable> fault) throws IOException {
        if (fault == IOException.class) {
            throw new IOException("the old connection ended");
        }
        if (fault == StackOverflowError.class) {
            throw new StackOverflowError();
        }
        throw new IllegalStateException("a fault");
    }
}
