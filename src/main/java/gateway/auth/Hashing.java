package gateway.auth;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The only place where slow hashes are computed: on few threads of their own, so that a flood of logins takes a bounded
 * share of the machine and none of the threads that carry the other requests (OWASP ASVS 15.2.2).
 */
final class Hashing implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 250;
    /** Who comes behind so many would only wait to be refused. */
    private static final int MOST_WAITING = 64;

    private final Semaphore permits;
    private final ExecutorService threads;

    /** @param most hashes at once; 2 at most, and half of the cores */
    Hashing(int most) {
        this.permits = new Semaphore(most, true);
        this.threads = Executors.newFixedThreadPool(most, Thread.ofPlatform().daemon().name("password-hash-", 0).factory());
    }

    static Hashing forThisMachine() {
        return new Hashing(Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 2));
    }

    /** The work's result, or empty when too many wait already. */
    <T> Optional<T> run(Callable<T> work) {
        if (permits.getQueueLength() >= MOST_WAITING) {
            return Optional.empty();
        }
        try {
            if (!permits.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try {
            return Optional.of(CompletableFuture.supplyAsync(() -> call(work), threads).join());
        } catch (CompletionException e) {
            throw new IllegalStateException("A password could not be hashed", e.getCause());
        } finally {
            permits.release();
        }
    }

    private static <T> T call(Callable<T> work) {
        try {
            return work.call();
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
