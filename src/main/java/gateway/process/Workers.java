package gateway.process;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** All background workers of a process, by kind. A kind gets on as badly as the worst of its workers. */
public final class Workers {
    /** A worker that has work and does not get on for longer is stuck: the gateway says that it is not ready. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Map<WorkerKind, Set<Worker>> all = new EnumMap<>(WorkerKind.class);
    private final Map<WorkerKind, Supplier<Duration>> watched = new ConcurrentHashMap<>();
    private final Map<WorkerKind, LongAdder> restarts = new EnumMap<>(WorkerKind.class);
    private final LongSupplier nanos;

    public Workers() {
        this(System::nanoTime);
    }

    /** @param nanos the time, as {@link System#nanoTime} tells it */
    public Workers(LongSupplier nanos) {
        this.nanos = nanos;
        for (var kind : WorkerKind.values()) {
            restarts.put(kind, new LongAdder());
            all.put(kind, ConcurrentHashMap.newKeySet());
        }
    }

    /** A worker of this kind, which has nothing to do yet; closed when it ends. */
    public Worker add(WorkerKind kind) {
        var worker = new Worker(kind, this);
        of(kind).add(worker);
        return worker;
    }

    /** Adds a worker that knows by itself how long it has had no progress. */
    public void watch(WorkerKind kind, Supplier<Duration> stalled) {
        watched.put(kind, stalled);
    }

    /** How long workers of this kind have had work without progress; zero when none has. */
    public Duration stalled(WorkerKind kind) {
        var longest = watched.getOrDefault(kind, () -> Duration.ZERO).get();
        for (var worker : of(kind)) {
            var stalled = worker.stalled();
            longest = stalled.compareTo(longest) > 0 ? stalled : longest;
        }
        return longest;
    }

    /** The kinds with a worker that has had no progress for {@link #PATIENCE}. */
    public List<WorkerKind> stuck() {
        return Arrays.stream(WorkerKind.values()).filter(this::isStuck).toList();
    }

    public boolean isStuck(WorkerKind kind) {
        return stalled(kind).compareTo(PATIENCE) >= 0;
    }

    /** How often a worker of this kind ended by an exception or an error and was begun again. */
    public long restarts(WorkerKind kind) {
        return counted(kind).sum();
    }

    void restarted(WorkerKind kind) {
        counted(kind).increment();
    }

    void forget(Worker worker) {
        of(worker.kind()).remove(worker);
    }

    private Set<Worker> of(WorkerKind kind) {
        return Objects.requireNonNull(all.get(kind));
    }

    private LongAdder counted(WorkerKind kind) {
        return Objects.requireNonNull(restarts.get(kind));
    }

    long nanos() {
        return nanos.getAsLong();
    }
}
