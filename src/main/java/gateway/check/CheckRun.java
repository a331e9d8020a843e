package gateway.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;

/** One run of checks side by side, each with a time limit. */
public final class CheckRun {
    /** How long one check may take. */
    public static final Duration LIMIT = Duration.ofSeconds(9);

    private final Evidence evidence;
    private final Duration limit;

    public CheckRun(Evidence evidence, Duration limit) {
        this.evidence = evidence;
        this.limit = limit;
    }

    /** One check with its verdict and the time that it took. */
    public record Result(Check check, Verdict verdict, Duration took) {}

    /**
     * Runs every check to its end or to its limit.
     *
     * @param progress is told how many checks are done
     */
    public List<Result> of(List<Check> checks, IntConsumer progress) {
        // Virtual threads: a check that does not end is given up, and does not hold the process.
        var workers = Executors.newVirtualThreadPerTaskExecutor();
        try {
            long begin = System.nanoTime();
            var under = new ArrayList<Future<Result>>();
            checks.forEach(check -> under.add(workers.submit(() -> result(check))));
            var results = new ArrayList<Result>();
            for (int i = 0; i < checks.size(); i++) {
                results.add(awaited(checks.get(i), under.get(i), limit.toNanos() - (System.nanoTime() - begin)));
                progress.accept(i + 1);
            }
            return results;
        } finally {
            workers.shutdownNow();
        }
    }

    private Result awaited(Check check, Future<Result> future, long nanos) {
        try {
            return future.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return unknown(check, "the check did not end within " + limit.toMillis() + " ms");
        } catch (ExecutionException e) {
            return unknown(
                    check,
                    "the check itself failed: "
                            + Objects.requireNonNull(e.getCause()).getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unknown(check, "the run was interrupted");
        }
    }

    private Result result(Check check) {
        long begin = System.nanoTime();
        Verdict verdict;
        try {
            verdict = check.probe().look(evidence);
        } catch (Unseen unseen) {
            verdict = new Verdict.Unknown(Objects.requireNonNullElse(unseen.getMessage(), "not seen"), check.remedy());
        }
        return new Result(check, verdict, Duration.ofNanos(System.nanoTime() - begin));
    }

    private Result unknown(Check check, String why) {
        return new Result(check, new Verdict.Unknown(why, check.remedy()), limit);
    }
}
