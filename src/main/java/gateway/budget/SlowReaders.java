package gateway.budget;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A watch over the clients that are being sent large replies. A client must take what it is sent at a least rate; else the
 * thread that writes is interrupted, which closes the socket of a virtual thread (JEP 444), and its memory comes back.
 */
public final class SlowReaders {
    /** Bytes per second that a client must take on average, once {@link #GRACE} has passed: 256 kbit/s. */
    static final long MIN_RATE = 32 * 1024;
    static final Duration GRACE = Duration.ofSeconds(10);
    private static final long PERIOD_MILLIS = 250;

    private static final SlowReaders ALL = new SlowReaders();

    private final Set<Writing> open = ConcurrentHashMap.newKeySet();
    private Thread thread;

    private SlowReaders() {
    }

    /** Something that writes to a client. */
    @FunctionalInterface
    public interface Write {
        void run() throws IOException;
    }

    /**
     * Writes to a client on this thread, a virtual one, and gives the client up when the client is too slow.
     *
     * @param bytes how many will be written
     * @throws IOException when the client left or was given up
     */
    public static void watched(long bytes, Write write) throws IOException {
        var writing = new Writing(Thread.currentThread(),
                System.nanoTime() + GRACE.toNanos() + bytes * 1_000_000_000L / MIN_RATE);
        ALL.add(writing);
        try {
            write.run();
        } finally {
            ALL.open.remove(writing);
            writing.end();
        }
    }

    private void add(Writing writing) {
        open.add(writing);
        synchronized (this) {
            if (thread == null) {
                // A platform thread: it must come round even when every carrier of the virtual threads is busy.
                thread = Thread.ofPlatform().daemon().name("slow-readers").start(this::run);
            }
        }
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(PERIOD_MILLIS);
                long now = System.nanoTime();
                open.forEach(writing -> writing.cutWhenLate(now));
            }
        } catch (InterruptedException e) {
            synchronized (this) {
                thread = null;
            }
        }
    }

    /** One large reply on its way. */
    private static final class Writing {
        private final Thread writer;
        private final long deadline;
        private final Share share = Share.current();
        private boolean ended;
        private boolean cut;

        Writing(Thread writer, long deadline) {
            this.writer = writer;
            this.deadline = deadline;
        }

        synchronized void cutWhenLate(long now) {
            if (!ended && !cut && now - deadline > 0) {
                cut = true;
                share.slowReader();
                writer.interrupt();
            }
        }

        /** From now on the thread is not interrupted; an interrupt that came too late is forgotten. */
        synchronized void end() {
            ended = true;
            if (cut) {
                Thread.interrupted();
            }
        }
    }
}
