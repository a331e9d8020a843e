package gateway.budget;

import java.lang.System.Logger.Level;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The threads for work that keeps a processor busy, such as decoding pictures. Few platform threads of low priority, so
 * that the virtual threads' carriers stay free for everybody else (OWASP ASVS 15.2.2). The queue and the time are
 * bounded.
 */
public final class Workbench implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Workbench.class.getName());
    /** Half of the processors, two at most: each piece of work may hold tens of megabytes outside the heap. */
    private static final int THREADS = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 2);

    private static final int MAX_WAITING = 16;
    /** From being handed in to the result, waiting included. */
    private static final Duration LIMIT = Duration.ofSeconds(15);
    /**
     * nice(1): two fifths of what an ordinary thread gets when both want the processor. With 10, a busy machine starves
     * it.
     */
    private static final int NICE = 4;

    private static final int IDLE_SECONDS = 30;
    /** How long work on the bench waits for memory that others hold. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final MemoryBudget budget;
    private final Duration limit;
    private final ThreadPoolExecutor threads;

    public Workbench(MemoryBudget budget) {
        this(budget, THREADS, MAX_WAITING, LIMIT);
    }

    Workbench(MemoryBudget budget, int threads, int waiting, Duration limit) {
        this.budget = budget;
        this.limit = limit;
        var factory = Thread.ofPlatform()
                .daemon()
                .name("workbench-", 0)
                .priority(Thread.MIN_PRIORITY)
                .factory();
        this.threads = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(waiting),
                work -> factory.newThread(() -> {
                    stepBack();
                    work.run();
                }));
        this.threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Does the work on the bench while the caller waits.
     *
     * @param memory bytes that the work takes, outside the heap too; reserved while it runs. Work that takes more than
     *               the whole budget runs when nobody else holds any of it
     * @param work is interrupted when its time is up
     * @throws BudgetSpent when the queue is full, the time is up or there is no memory
     * @throws Exception   whatever the work throws
     */
    public <T> T run(long memory, Callable<T> work) throws Exception {
        var task = new FutureTask<>(() -> {
            try (var _ = budget.reserve(Math.min(memory, budget.size()), PATIENCE)) {
                return work.call();
            }
        });
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            throw budget.refuse(BudgetSpent.Cause.QUEUE);
        }
        try {
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw budget.refuse(BudgetSpent.Cause.TIME);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw budget.refuse(BudgetSpent.Cause.TIME);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Exception cause -> throw cause;
                case OutOfMemoryError memoryGone -> throw budget.refuse(BudgetSpent.Cause.HEAP);
                case null, default -> throw e;
            }
        } finally {
            task.cancel(true);
            threads.remove(task);
        }
    }

    /**
     * Lowers this thread's share of the processors, where the service manager's filter of system calls lets it. Linux
     * counts priority by thread, and Java's own is not passed on to it.
     */
    @SuppressWarnings("restricted") // calls setpriority(2); --enable-native-access allows it
    private static void stepBack() {
        try {
            var linker = Linker.nativeLinker();
            var setpriority = linker.downcallHandle(
                    linker.defaultLookup().find("setpriority").orElseThrow(),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            if ((int) setpriority.invokeExact(0, 0, NICE) != 0) {
                LOG.log(Level.DEBUG, "The thread's priority could not be lowered.");
            }
        } catch (Throwable e) {
            LOG.log(
                    Level.DEBUG,
                    "The thread's priority could not be lowered: {0}",
                    e.getClass().getName());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
