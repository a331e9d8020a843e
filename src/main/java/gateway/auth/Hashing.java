package gateway.auth;

import java.lang.ref.SoftReference;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * The only place where slow hashes are computed: one after another on a thread of their own, so that a flood of logins
 * takes one core at most, the memory of one hash, and none of the threads that carry the other requests (OWASP ASVS
 * 15.2.2).
 */
final class Hashing implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 250;
    /** Who comes behind so many would only wait to be refused. */
    private static final int MAX_WAITING = 64;

    private final Semaphore turn = new Semaphore(1, true);
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("password-hash").factory());
    /**
     * Kept from one hash to the next: 12 MiB of garbage for each would keep the collector busier than the hashing
     * itself.
     */
    private SoftReference<Argon2.Memory> memory = new SoftReference<>(null);

    private final LongAdder work = new LongAdder();

    /** True while nobody more is taken into the line. */
    boolean full() {
        return turn.getQueueLength() >= MAX_WAITING;
    }

    /** The work's result, or empty when too many wait already. */
    <T> Optional<T> run(Function<Argon2.Memory, T> work) {
        if (full()) {
            return Optional.empty();
        }
        try {
            if (!turn.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try {
            return Optional.of(CompletableFuture.supplyAsync(() -> work.apply(memory()), thread)
                    .join());
        } catch (CompletionException e) {
            throw new IllegalStateException("A password could not be hashed", e.getCause());
        } finally {
            turn.release();
        }
    }

    /** Hashing asked for so far, in {@link Argon2#cost}. */
    long work() {
        return work.sum();
    }

    /** Only called on the one thread. Given back when nothing was hashed for a while and memory is wanted elsewhere. */
    private Argon2.Memory memory() {
        Argon2.Memory kept = memory.get();
        if (kept == null) {
            kept = new Argon2.Memory(work);
            memory = new SoftReference<>(kept);
        }
        return kept;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
