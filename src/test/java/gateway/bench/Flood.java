package gateway.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Bad logins from many addresses at a fixed rate, until closed. */
final class Flood implements AutoCloseable {
    /** Of each address: a login that waits for its turn to be hashed holds its connection up. */
    private static final int CONNECTIONS = 16;

    private final Thread[] threads;
    private final AtomicInteger answered = new AtomicInteger();
    private volatile boolean stopped;

    /** @param addresses how many of 127.0.1.x they come from */
    Flood(URI server, int addresses, int perSecond) throws IOException {
        threads = new Thread[addresses * CONNECTIONS];
        long pause = 1_000_000_000L * threads.length / perSecond;
        long begin = System.nanoTime();
        for (int i = 0; i < threads.length; i++) {
            var from = InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) (i % addresses + 1)});
            long offset = pause * i / threads.length;
            threads[i] = Thread.ofVirtual().start(() -> attack(new Client(server, from), begin + offset, pause));
        }
    }

    private void attack(Client client, long begin, long pause) {
        for (long i = 0; !stopped; i++) {
            for (long left = begin + i * pause - System.nanoTime();
                    left > 0 && !stopped;
                    left = begin + i * pause - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            var guess = Base64.getEncoder().encodeToString(("bench:guess-number-" + i).getBytes());
            try {
                client.exchange(Client.request("GET", "/app/status", Map.of("Authorization", "Basic " + guess), ""));
                answered.incrementAndGet();
            } catch (IOException refused) {
                // The next guess makes a new connection.
            }
        }
    }

    /** Guesses that were answered so far. */
    int answered() {
        return answered.get();
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        for (var thread : threads) {
            thread.join();
        }
    }
}
