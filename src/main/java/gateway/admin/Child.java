package gateway.admin;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import gateway.process.ExitCode;

/** One instance as a process, and the thread that keeps it running until it is told to stop. */
final class Child {
    private static final System.Logger LOG = System.getLogger(Child.class.getName());
    private static final Duration POLL = Duration.ofMillis(25);
    /** Pauses between tries stop growing here: 32 s by the usual pace. */
    private static final int MAX_DOUBLINGS = 6;

    private final int port;
    private final Path home;
    private final Path credentials;
    private final Launch launch;
    private final Pace pace;
    private final AdminMetrics metrics;
    /** Whether the first start went well; a keeper is not asked about later ones. */
    private final CompletableFuture<Boolean> first = new CompletableFuture<>();

    private final Thread keeper;
    private volatile Status.State state = Status.State.STARTING;
    private volatile @Nullable ProcessHandle process;
    private volatile boolean kept = true;

    /** @param running a process that is there already, to be taken over */
    Child(
            int port,
            Path home,
            Path credentials,
            Launch launch,
            Pace pace,
            AdminMetrics metrics,
            Optional<ProcessHandle> running) {
        this.port = port;
        this.home = home;
        this.credentials = credentials;
        this.launch = launch;
        this.pace = pace;
        this.metrics = metrics;
        this.keeper = Thread.ofVirtual().name("instance-" + port).start(() -> keep(running));
    }

    /** Waits for the first start; false when it failed, whatever is tried afterwards. */
    boolean started() throws InterruptedException {
        try {
            return first.get(pace.answer().plus(pace.stop()).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    Status status() {
        var now = process;
        if (now == null || !now.isAlive()) {
            return new Status(state, OptionalLong.empty(), Duration.ZERO);
        }
        var uptime = now.info()
                .startInstant()
                .map(start -> Duration.between(start, Instant.now()))
                .orElse(Duration.ZERO);
        return new Status(state, OptionalLong.of(now.pid()), uptime.isNegative() ? Duration.ZERO : uptime);
    }

    private void keep(Optional<ProcessHandle> running) {
        var next = running;
        int failures = 0;
        int absences = 0;
        try {
            while (kept) {
                state = Status.State.STARTING;
                var began = System.nanoTime();
                Optional<Process> own =
                        next.isPresent() ? Optional.empty() : Optional.of(launch.start(home, credentials));
                process = next.orElseGet(() -> own.orElseThrow().toHandle());
                next = Optional.empty();
                boolean serves = awaitAnswer(process);
                if (!kept) {
                    return;
                }
                if (serves) {
                    state = Status.State.RUNNING;
                } else {
                    end(process);
                }
                first.complete(serves);
                process.onExit().get();
                int code = own.isPresent() ? own.get().waitFor() : ExitCode.DONE;
                // What is absent for now is no fault of the instance's: it is tried for as long as that takes.
                failures = serves && System.nanoTime() - began > pace.settled().toNanos()
                                || code == ExitCode.ABSENT_FOR_NOW
                        ? 1
                        : failures + 1;
                absences = code == ExitCode.ABSENT_FOR_NOW ? absences + 1 : 0;
                boolean refused = code == ExitCode.REFUSED;
                if (failures > pace.tries() || refused) {
                    abandon(refused ? "it refuses its configuration" : "it was tried " + pace.tries() + " times");
                    return;
                }
                state = Status.State.STARTING;
                LOG.log(
                        Level.WARNING,
                        absences > 0
                                ? "Instance {0,number,#} misses something for now and is started again; see {1}"
                                : "Instance {0,number,#} has ended by itself and is started again.",
                        port,
                        home.resolve("stderr.log"));
                Thread.sleep(pace.waitBefore(Math.clamp(absences, failures, MAX_DOUBLINGS)));
                metrics.restarted();
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "Instance {0,number,#} is no longer watched.", port);
        } catch (IOException | ExecutionException | RuntimeException e) {
            abandon(e.toString());
        } finally {
            first.complete(false);
        }
    }

    private void abandon(String reason) {
        state = Status.State.FATAL;
        LOG.log(
                Level.ERROR,
                "Instance {0,number,#} is left alone: {1}. See {2}",
                port,
                reason,
                home.resolve("stderr.log"));
    }

    private boolean awaitAnswer(ProcessHandle process) throws InterruptedException {
        var until = System.nanoTime() + pace.answer().toNanos();
        while (kept && process.isAlive() && System.nanoTime() < until) {
            if (ReadyProbe.answers(port)) {
                return process.isAlive();
            }
            Thread.sleep(POLL);
        }
        return false;
    }

    /** Stops it and returns when it has ended. */
    void stop() throws InterruptedException {
        leave();
        keeper.join();
        var last = process;
        if (last != null) {
            end(last);
        }
        state = Status.State.STOPPED;
    }

    /** Leaves the process alone and no longer looks after it. */
    void leave() {
        kept = false;
        keeper.interrupt();
    }

    private void end(ProcessHandle process) throws InterruptedException {
        process.destroy();
        try {
            process.onExit().get(pace.stop().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }
}
