package gateway.admin;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;

/**
 * Runs instances, keeps them running, and knows how they stand. An instance outlives the Admin API's own process: what
 * runs when that starts again is taken over as it is.
 */
public interface Supervisor extends AutoCloseable {

    /** Where an instance's output can be read: a file's path, or a command. */
    record Logs(String stdout, String stderr) {}

    /** An instance was started and ended, or did not answer in time. */
    final class StartFailed extends Exception {
        StartFailed(String message) {
            super(message, null, false, false);
        }

        @Override
        public String getMessage() {
            return Objects.requireNonNull(super.getMessage());
        }
    }

    /** Nothing can be started, stopped or looked at. */
    final class Unreachable extends RuntimeException {
        Unreachable(String message) {
            super(message, null, false, false);
        }
    }

    /** Whether instances can be started and looked at. */
    boolean reachable();

    /** Whether an instance may have this port here; asked for ports from 1024 to 65535. */
    boolean allows(int port);

    /** The settings that a new instance has here, beside those of the request that makes it. */
    Map<String, String> settings(int port);

    /**
     * Starts an instance and returns when it answers, at most 30 s later.
     *
     * @throws StartFailed when it ended or did not answer; it is stopped then
     * @throws Unreachable when nothing could be tried
     */
    void start(int port) throws StartFailed;

    /**
     * Sees to it that an instance runs, without waiting: one that runs is taken over.
     *
     * @throws Unreachable when nothing could be tried
     */
    void resume(int port);

    /**
     * Stops an instance and returns when it has ended; one that does not run is no error.
     *
     * @throws Unreachable when nothing could be tried
     */
    void stop(int port);

    /** How these instances stand; {@link Status#UNKNOWN} where that cannot be found out. */
    Map<Integer, Status> status(Collection<Integer> ports);

    Logs logs(int port);

    /** Ends the supervising, not the instances. */
    @Override
    void close();
}
