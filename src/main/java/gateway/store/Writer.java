package gateway.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.helidon.dbclient.DbClient;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that changes the database. Units of work that wait at the same time share one transaction and so one
 * fsync; each caller goes on only when its own group is on disk. Nothing waits for company: what comes while a group is
 * written is the next one.
 */
final class Writer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Writer.class.getName());
    /** Bounds the time the last in a group waits for the first. */
    private static final int GROUP = 256;
    /** Waiting units. Beyond this the callers wait to get in, and with them their connections: back pressure. */
    private static final int QUEUE = 4_096;

    /** A group that takes longer is followed by a smaller one: what comes first in the next must not wait for ever. */
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final int MIN = 16;

    /** Only makes the thread come round. */
    private static final Unit<Void> WAKE = new Unit<>(tx -> null, result -> {});

    private final BlockingQueue<Unit<?>> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Queue<Unit<?>> urgent = new ConcurrentLinkedQueue<>();
    private final DbClient client;
    private final Thread thread;
    private volatile boolean closed;
    /** Written by the thread alone. */
    private volatile long commits;

    private volatile long lastTurn = System.nanoTime();

    Writer(DbClient client) {
        this.client = client;
        this.thread = Thread.ofPlatform().name("store-writer").daemon(true).start(this::loop);
    }

    /** The result of a unit of work, once its group is on disk; throws what the unit failed by. */
    static <T> T joined(CompletableFuture<T> done) {
        try {
            return done.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** @param first is told the result by the writing thread, before anybody else and in the order of the units */
    <T> CompletableFuture<T> submit(Work<T> work, Consumer<T> first) {
        var unit = new Unit<>(work, first);
        try {
            while (!closed && !queue.offer(unit, 100, TimeUnit.MILLISECONDS)) {
                Thread.onSpinWait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            unit.done.completeExceptionally(new StoreUnavailable("interrupted while waiting for the database", e));
        }
        if (closed) {
            unit.done.completeExceptionally(new StoreUnavailable("the database is closed", null));
        }
        return unit.done;
    }

    /** As {@link #submit}, ahead of all that waits: for what the rest depends on. */
    <T> CompletableFuture<T> submitFirst(Work<T> work) {
        var unit = new Unit<>(work, result -> {});
        urgent.add(unit);
        // While the queue is full the thread is awake.
        queue.offer(WAKE);
        if (closed) {
            unit.done.completeExceptionally(new StoreUnavailable("the database is closed", null));
        }
        return unit.done;
    }

    long commits() {
        return commits;
    }

    /** How long ago the thread last came round, in nanoseconds; a watchdog's question. */
    long idleNanos() {
        return System.nanoTime() - lastTurn;
    }

    private void loop() {
        var group = new ArrayList<Unit<?>>(GROUP);
        int most = GROUP;
        while (!closed || !queue.isEmpty()) {
            try {
                lastTurn = System.nanoTime();
                var first = queue.poll(500, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                for (var unit = urgent.poll(); unit != null; unit = urgent.poll()) {
                    group.add(unit);
                }
                group.add(first);
                queue.drainTo(group, most - group.size());
                group.removeIf(unit -> unit == WAKE);
                if (group.isEmpty()) {
                    continue;
                }
                long began = System.nanoTime();
                commit(group);
                long took = System.nanoTime() - began;
                most = took > LONG_NANOS
                        ? Math.max(MIN, most / 2)
                        : took < LONG_NANOS / 4 ? Math.min(GROUP, most * 2) : most;
            } catch (InterruptedException e) {
                closed = true;
            } catch (Throwable e) {
                // Whoever waits is told; the thread itself goes on, because nothing is written without it.
                LOG.log(System.Logger.Level.ERROR, "the writing thread met what it does not know", e);
                group.forEach(unit -> unit.fail(e));
            } finally {
                group.clear();
            }
        }
    }

    /**
     * Commits the group whole; when units fail, those fail alone and the others are run again without them. When the
     * database itself fails, all fail at once: every further attempt would only wait for the same time-out.
     */
    private void commit(List<Unit<?>> group) {
        var failed = attempt(group);
        if (failed == null || group.size() == 1) {
            return;
        }
        var rest = new ArrayList<>(group);
        rest.remove(failed);
        var second = attempt(rest);
        if (second != null) {
            rest.remove(second);
            rest.forEach(unit -> attempt(List.of(unit)));
        }
    }

    /**
     * Runs the units in one transaction. Returns the one that failed, after undoing all, or null when all are answered.
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone writes the number of commits
    private @Nullable Unit<?> attempt(List<Unit<?>> units) {
        if (units.isEmpty()) {
            return null;
        }
        Tx tx = null;
        Unit<?> current = null;
        try {
            tx = Tx.begin(client);
            for (var unit : units) {
                current = unit;
                unit.run(tx);
            }
        } catch (Throwable failure) {
            undo(tx);
            if (current == null || StoreUnavailable.isOutage(failure)) {
                units.forEach(unit -> unit.fail(failure));
                return null;
            }
            current.fail(failure);
            return current;
        }
        try {
            FailPoint.reach("before-commit");
            tx.commit();
            commits++;
            FailPoint.reach("after-commit");
        } catch (RuntimeException e) {
            // A constraint that is checked at the end is of one of the units; which, only each by itself can tell.
            var told = StoreUnavailable.told(e);
            if (told instanceof RowFault && units.size() > 1) {
                undo(tx);
                units.forEach(unit -> attempt(List.of(unit)));
                return null;
            }
            units.forEach(unit -> unit.done.completeExceptionally(told));
            return null;
        }
        units.forEach(Unit::succeed);
        return null;
    }

    private static void undo(@Nullable Tx tx) {
        if (tx == null) {
            return;
        }
        try {
            tx.undo();
        } catch (RuntimeException e) {
            // The server undoes what a lost connection began; nothing is kept either way.
            LOG.log(System.Logger.Level.DEBUG, "rollback failed", e);
        }
    }

    /** Finishes what is queued, then stops. */
    @Override
    public void close() {
        closed = true;
        // While the queue is full the thread is awake.
        queue.offer(WAKE);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var unavailable = new StoreUnavailable("the database is closed", null);
        urgent.forEach(unit -> unit.done.completeExceptionally(unavailable));
        queue.forEach(unit -> unit.done.completeExceptionally(unavailable));
    }

    private static final class Unit<T> {
        private final Work<T> work;
        private final Consumer<T> first;
        private final CompletableFuture<T> done = new CompletableFuture<>();
        private @Nullable T result;

        Unit(Work<T> work, Consumer<T> first) {
            this.work = work;
            this.first = first;
        }

        void run(Tx tx) {
            result = work.run(tx);
        }

        void succeed() {
            try {
                first.accept(result);
            } catch (Throwable e) {
                // The write is on disk: nobody in the group may hear that it failed.
                LOG.log(System.Logger.Level.ERROR, "a write is on disk, but its listener failed", e);
            } finally {
                done.complete(result);
            }
        }

        void fail(Throwable failure) {
            done.completeExceptionally(StoreUnavailable.ofOrSame(failure));
        }
    }
}
