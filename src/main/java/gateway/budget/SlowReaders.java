package gateway.budget;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * A watch over the clients that are being sent large replies. A client that takes nothing for ten seconds, or less than
 * a least rate on average, is given up: the thread that writes is interrupted, which closes the socket of a virtual
 * thread (JEP 444), and the memory of the reply comes back.
 */
public final class SlowReaders {
    /** Longest time in which a client may take nothing. Also the time before the rate counts. */
    static final Duration STALL = Duration.ofSeconds(10);
    /** Bytes per second that a client must take on average: 256 kbit/s. */
    static final long MIN_RATE = 32 * 1024;

    private static final long PERIOD_MILLIS = 250;

    private static final Set<Paced> OPEN = ConcurrentHashMap.newKeySet();
    private static @Nullable Thread thread;

    private SlowReaders() {}

    /**
     * The same stream, whose client is given up when it is too slow. Written to and closed by the calling thread alone,
     * which is a virtual one.
     *
     * @param bytes how many will be written
     */
    public static OutputStream paced(OutputStream client, long bytes) {
        var paced = new Paced(client, bytes);
        OPEN.add(paced);
        start();
        return paced;
    }

    private static synchronized void start() {
        if (thread == null) {
            // A platform thread: it must come round even when every carrier of the virtual threads is busy.
            thread = Thread.ofPlatform().daemon().name("slow-readers").start(SlowReaders::run);
        }
    }

    private static void run() {
        try {
            while (true) {
                Thread.sleep(PERIOD_MILLIS);
                long now = System.nanoTime();
                OPEN.forEach(reply -> reply.cutWhenLate(now));
            }
        } catch (InterruptedException e) {
            stopped();
        }
    }

    private static synchronized void stopped() {
        thread = null;
    }

    /** One large reply on its way. */
    private static final class Paced extends FilterOutputStream {
        private final Thread writer = Thread.currentThread();
        private final Share share = Share.current();
        private final long deadline;
        private volatile long progress = System.nanoTime();
        private boolean ended;
        private boolean cut;

        Paced(OutputStream client, long bytes) {
            super(client);
            this.deadline = progress + STALL.toNanos() + bytes * 1_000_000_000L / MIN_RATE;
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
            progress = System.nanoTime();
        }

        @Override
        public void close() throws IOException {
            try {
                out.close();
            } finally {
                OPEN.remove(this);
                end();
            }
        }

        private synchronized void cutWhenLate(long now) {
            if (!ended && !cut && (now - deadline > 0 || now - progress > STALL.toNanos())) {
                cut = true;
                share.slowReader();
                writer.interrupt();
            }
        }

        /** From now on the thread is not interrupted; an interrupt that came too late is forgotten. */
        private synchronized void end() {
            ended = true;
            if (cut) {
                Thread.interrupted();
            }
        }
    }
}
