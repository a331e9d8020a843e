package gateway.process;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Chores that are repeated on one timer's thread. A chore that failed, by any exception or error, is repeated soon. */
public final class Rounds implements AutoCloseable {
    /** Well below {@link Workers#PATIENCE}, so that one passing fault does not make the worker count as stuck. */
    private static final Duration AGAIN = Duration.ofSeconds(2);

    private final ScheduledExecutorService timer;
    private final Workers workers;
    private final WorkerKind kind;

    public Rounds(WorkerKind kind, Workers workers) {
        this.kind = kind;
        this.workers = workers;
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(kind.label()).daemon(true).factory());
    }

    /**
     * Begins to do the chore.
     *
     * @param pause between the end of one turn that went well and the next
     * @param chore gets its worker, and reports each step to it when there are several
     */
    public void every(Duration first, Duration pause, Consumer<Worker> chore) {
        var worker = workers.add(kind);
        next(first, pause, worker, chore);
    }

    private void next(Duration in, Duration pause, Worker worker, Consumer<Worker> chore) {
        try {
            timer.schedule(
                    () -> {
                        boolean well = worker.attempt(() -> chore.accept(worker));
                        next(well || pause.compareTo(AGAIN) < 0 ? pause : AGAIN, pause, worker, chore);
                    },
                    in.toMillis(),
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            worker.close();
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
