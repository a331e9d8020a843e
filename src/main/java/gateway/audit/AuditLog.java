package gateway.audit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import javax.crypto.Mac;

import org.jspecify.annotations.Nullable;

import gateway.process.Seldom;
import gateway.process.Worker;
import gateway.process.WorkerKind;
import gateway.process.Workers;

/**
 * {@code security.log}: JSON lines, each sealed to the one before it. One thread writes; the others
 * hand their entries over and, for an event that fails closed, wait until it is on disk.
 */
public final class AuditLog implements SecurityLog, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(AuditLog.class.getName());
    private static final int QUEUE = 8_192;
    private static final int GROUP = 512;
    private static final long PATIENCE_MILLIS = 50;
    private static final long TURN_MILLIS = 200;
    private static final Duration COUNTS = Duration.ofSeconds(60);
    private static final int MAX_COUNTS = 10_000;

    private record Item(AuditEntry entry, @Nullable CompletableFuture<Void> done) {}

    /** Ends the thread's wait, and is not written. */
    private static final Item WAKE =
            new Item(new AuditEntry(SecurityEvent.SYS_SHUTDOWN, "-", "-", "-", "-", Map.of()), null);

    private final ChainFile chain;
    private final Clock clock;
    private final AuditMetrics metrics;
    private final Mac salted;
    private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Map<AuditEntry, LongAdder> counts = new ConcurrentHashMap<>();
    private final Worker worker;
    private final Seldom log = new Seldom(AuditLog.class);
    private final Thread thread;
    private Instant lastCounts;
    private volatile boolean closed;

    /**
     * @param file    {@code security.log}
     * @param keys    directory of the keys; made when it is not there
     * @param journal gets each checkpoint, to be carried off this machine
     * @throws IOException saying which file cannot be used
     */
    public AuditLog(Path file, Path keys, Clock clock, Consumer<String> journal, AuditMetrics metrics)
            throws IOException {
        this(file, keys, clock, journal, metrics, new Workers());
    }

    /** As the other, accounting for its progress. */
    public AuditLog(Path file, Path keys, Clock clock, Consumer<String> journal, AuditMetrics metrics, Workers workers)
            throws IOException {
        var files = new AuditKeys(keys);
        this.chain = new ChainFile(file, files, clock, journal, metrics::lost);
        this.salted = ChainState.mac(files.saltBytes());
        this.clock = clock;
        this.metrics = metrics;
        this.lastCounts = clock.instant();
        this.worker = workers.add(WorkerKind.SECURITY_LOG);
        this.thread = Thread.ofPlatform().name("security-log").daemon().start(worker.supervised(this::run));
    }

    @Override
    public void write(AuditEntry entry) {
        var done = entry.event().failsClosed() ? new CompletableFuture<Void>() : null;
        var item = new Item(entry, done);
        try {
            if (closed || !queue.offer(item, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                metrics.failed();
                throw new AuditUnavailable("The security log takes no more.", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuditUnavailable("Interrupted before the security log took it.", e);
        }
        if (done != null) {
            try {
                done.join();
            } catch (CompletionException e) {
                throw new AuditUnavailable("The security log cannot be written.", e.getCause());
            }
        }
    }

    @Override
    public void count(AuditEntry entry) {
        var key = entry.requestId().equals("-")
                ? entry
                : new AuditEntry(entry.event(), entry.actor(), entry.address(), "-", entry.outcome(), entry.details());
        if (!counts.containsKey(key) && counts.size() >= MAX_COUNTS) {
            key = new AuditEntry(entry.event(), "-", "many", "-", entry.outcome(), Map.of());
        }
        counts.computeIfAbsent(key, k -> new LongAdder()).increment();
    }

    @Override
    public String keyed(String value) {
        try {
            byte[] hash = ((Mac) salted.clone()).doFinal(value.getBytes(StandardCharsets.UTF_8));
            return "hmac:" + HexFormat.of().formatHex(hash, 0, 16);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The platform's HmacSHA256 can be copied", e);
        }
    }

    private void run() {
        List<Item> group = new ArrayList<>(GROUP);
        while (!closed || !queue.isEmpty() || !group.isEmpty()) {
            try {
                if (group.isEmpty()) {
                    Item first = queue.poll(TURN_MILLIS, TimeUnit.MILLISECONDS);
                    if (first != null) {
                        group.add(first);
                        queue.drainTo(group, GROUP - 1);
                        group.removeIf(item -> item == WAKE);
                    }
                }
                worker.begin();
                turn(group);
                worker.done();
                group.clear();
            } catch (InterruptedException e) {
                return;
            } catch (Throwable e) {
                worker.failed();
                fail(group, e);
            }
        }
    }

    private void turn(List<Item> group) throws IOException {
        var entries = new ArrayList<AuditEntry>();
        group.forEach(item -> entries.add(item.entry()));
        if (closed || !clock.instant().isBefore(lastCounts.plus(COUNTS))) {
            lastCounts = clock.instant();
            takeCounts(entries);
        }
        if (!entries.isEmpty()) {
            chain.append(entries, group.stream().anyMatch(item -> item.done() != null));
            metrics.written(entries.size());
            group.forEach(item -> complete(item, null));
            group.clear(); // it is not written again when what follows fails
        }
        chain.watch();
        chain.checkpointWhenDue();
    }

    private void takeCounts(List<AuditEntry> entries) {
        for (AuditEntry key : List.copyOf(counts.keySet())) {
            LongAdder count = Objects.requireNonNull(counts.remove(key));
            var details = new HashMap<>(key.details());
            details.put("count", count.toString());
            entries.add(new AuditEntry(key.event(), key.actor(), key.address(), "-", key.outcome(), details));
        }
    }

    /**
     * Who waits is told; what nobody waits for stays and is tried again, until the queue is full and callers are
     * refused.
     */
    private void fail(List<Item> group, Throwable cause) {
        metrics.failed();
        log.log(Level.ERROR, "The security log cannot be written: " + cause.getMessage());
        group.forEach(item -> complete(item, cause));
        group.removeIf(item -> item.done() != null);
        if (closed) {
            group.clear();
            return;
        }
        try {
            Thread.sleep(TURN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void complete(Item item, @Nullable Throwable failure) {
        if (item.done() == null) {
            return;
        }
        if (failure == null) {
            item.done().complete(null);
        } else {
            item.done().completeExceptionally(failure);
        }
    }

    /** Writes what waits, and a last checkpoint. */
    @Override
    public void close() {
        closed = true;
        // While the queue is full the thread is awake.
        var _ = queue.offer(WAKE);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
            turn(new ArrayList<>());
            chain.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.log(Level.ERROR, "The security log could not be closed well: {0}", e.getMessage());
        }
    }
}
