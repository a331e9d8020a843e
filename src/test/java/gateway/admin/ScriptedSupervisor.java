package gateway.admin;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A supervisor that starts nothing and does as it is told: the boundary of the Admin API, where processes begin. */
final class ScriptedSupervisor implements Supervisor {
    final List<String> done = new CopyOnWriteArrayList<>();
    private final ConcurrentSkipListSet<Integer> running = new ConcurrentSkipListSet<>();
    volatile boolean reachable = true;
    volatile boolean startsFail;
    /** Held back while this is above zero. */
    volatile CountDownLatch mayStart = new CountDownLatch(0);

    @Override
    public boolean reachable() {
        return reachable;
    }

    @Override
    public boolean allows(int port) {
        return port < 60_000;
    }

    @Override
    public Map<String, String> settings(int port) {
        return Map.of();
    }

    @Override
    public void start(int port) throws StartFailed {
        done.add("start " + port);
        try {
            mayStart.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (startsFail) {
            throw new StartFailed("The instance did not start; see the log.");
        }
        running.add(port);
    }

    @Override
    public void resume(int port) {
        done.add("resume " + port);
        running.add(port);
    }

    @Override
    public void stop(int port) {
        done.add("stop " + port);
        running.remove(port);
    }

    @Override
    public Map<Integer, Status> status(Collection<Integer> ports) {
        var all = new HashMap<Integer, Status>();
        ports.forEach(port -> all.put(
                port,
                running.contains(port)
                        ? new Status(Status.State.RUNNING, OptionalLong.of(4711), Duration.ofSeconds(5))
                        : Status.STOPPED));
        return all;
    }

    @Override
    public Logs logs(int port) {
        return new Logs("/logs/" + port + "/stdout", "/logs/" + port + "/stderr");
    }

    @Override
    public void close() {
        // Nothing was opened.
    }
}
