package gateway.admin;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs instances as processes of this user beside the Admin API: the choice for a laptop. They go on when the Admin API
 * ends and are taken over when it is back; nobody starts a crashed one meanwhile.
 */
public final class ChildSupervisor implements Supervisor {
    private final InstanceFiles files;
    private final InstanceSecrets handOver;
    private final Launch launch;
    private final Pace pace;
    private final AdminMetrics metrics;
    private final Map<Integer, Child> children = new ConcurrentHashMap<>();

    public ChildSupervisor(
            InstanceFiles files, InstanceSecrets handOver, Launch launch, Pace pace, AdminMetrics metrics) {
        this.files = files;
        this.handOver = handOver;
        this.launch = launch;
        this.pace = pace;
        this.metrics = metrics;
    }

    @Override
    public boolean reachable() {
        return launch.possible();
    }

    @Override
    public boolean allows(int port) {
        return true;
    }

    @Override
    public Map<String, String> settings(int port) {
        return Map.of();
    }

    @Override
    public void start(int port) throws StartFailed {
        var child = child(port, Optional.empty());
        children.put(port, child);
        try {
            if (!child.started()) {
                stop(port);
                throw new StartFailed(
                        "The instance did not start; see " + logs(port).stderr() + ".");
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    @Override
    public void resume(int port) {
        var running = Optional.ofNullable(launch.running().get(files.home(port)));
        var before = children.put(port, child(port, running));
        if (before != null) {
            before.leave();
        }
    }

    private Child child(int port, Optional<ProcessHandle> running) {
        return new Child(port, files.home(port), handOver.of(port), launch, pace, metrics, running);
    }

    @Override
    public void stop(int port) {
        var child = children.remove(port);
        if (child != null) {
            try {
                child.stop();
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }
    }

    private static Unreachable interrupted() {
        Thread.currentThread().interrupt();
        return new Unreachable("The Admin API is stopping.");
    }

    @Override
    public Map<Integer, Status> status(Collection<Integer> ports) {
        var all = new HashMap<Integer, Status>();
        ports.forEach(port -> all.put(
                port, Optional.ofNullable(children.get(port)).map(Child::status).orElse(Status.STOPPED)));
        return all;
    }

    @Override
    public Logs logs(int port) {
        var home = files.home(port);
        return new Logs(
                home.resolve("stdout.log").toString(),
                home.resolve("stderr.log").toString());
    }

    @Override
    public void close() {
        children.values().forEach(Child::leave);
    }
}
