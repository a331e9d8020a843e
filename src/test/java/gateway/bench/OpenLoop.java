package gateway.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * Requests at a fixed rate, whether or not earlier ones were answered, timed from the moment each was due: what
 * somebody who waits sees, and what a closed loop hides.
 */
public final class OpenLoop {
    /** Requests that may be under way at once. */
    private static final int CONNECTIONS = 64;

    private OpenLoop() {}

    /**
     * What came of it.
     *
     * @param p50Millis median
     * @param p99Millis 99th percentile
     * @param good how many per cent were answered 200
     */
    public record Result(double p50Millis, double p99Millis, double good) {}

    static Result run(URI server, IntFunction<byte[]> requests, int perSecond, int seconds)
            throws InterruptedException {
        return run(server, InetAddress.getLoopbackAddress(), requests, perSecond, seconds);
    }

    /** @param from the address the requests come from; any of 127.0.0.0/8 */
    public static Result run(URI server, InetAddress from, IntFunction<byte[]> requests, int perSecond, int seconds)
            throws InterruptedException {
        int count = perSecond * seconds;
        var nanos = new long[count];
        var good = new AtomicInteger();
        var next = new AtomicInteger();
        long begin = System.nanoTime() + 100_000_000;
        var threads = new Thread[CONNECTIONS];
        for (int c = 0; c < CONNECTIONS; c++) {
            threads[c] = Thread.ofPlatform().start(() -> {
                try (var client = new Client(server, from)) {
                    for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                        long due = begin + i * 1_000_000_000L / perSecond;
                        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                            LockSupport.parkNanos(left);
                        }
                        if (exchange(client, requests.apply(i)) == 200) {
                            good.incrementAndGet();
                        }
                        nanos[i] = System.nanoTime() - due;
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        for (var thread : threads) {
            thread.join();
        }
        Arrays.sort(nanos);
        return new Result(nanos[count / 2] / 1e6, nanos[count * 99 / 100] / 1e6, 100.0 * good.get() / count);
    }

    private static int exchange(Client client, byte[] request) {
        try {
            return client.exchange(request);
        } catch (IOException lost) {
            return 0;
        }
    }
}
