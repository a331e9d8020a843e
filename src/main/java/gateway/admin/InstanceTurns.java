package gateway.admin;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The instances that a request works on: one request at a time on each. Every operation is counted here. */
final class InstanceTurns {
    private static final System.Logger LOG = System.getLogger(InstanceTurns.class.getName());

    private final AdminMetrics metrics;
    private final Set<Integer> busy = ConcurrentHashMap.newKeySet();

    InstanceTurns(AdminMetrics metrics) {
        this.metrics = metrics;
    }

    /** The work of one request. */
    interface Work<T> {
        T done() throws IOException, Supervisor.StartFailed;
    }

    /**
     * Does the work unless another request works on the instance.
     *
     * @param operation the operation's name in the metrics
     * @param failing the failed step's name in the error's code
     * @throws gateway.http.Problem as {@link AdminErrors} has it, when the work fails or another request is at it
     */
    <T> T alone(int port, String operation, String failing, Work<T> work) {
        if (!busy.add(port)) {
            throw AdminErrors.locked(port);
        }
        boolean done = false;
        try {
            var result = work.done();
            done = true;
            return result;
        } catch (Supervisor.StartFailed e) {
            throw AdminErrors.failed(failing, e.getMessage());
        } catch (Supervisor.Unreachable e) {
            metrics.supervisorError();
            LOG.log(Level.ERROR, "Instance {0,number,#}: {1}", port, e.getMessage());
            throw AdminErrors.unreachable();
        } catch (IOException e) {
            LOG.log(Level.ERROR, "Instance {0,number,#}: {1}", port, e.toString());
            throw AdminErrors.failed(
                    failing, "The instance's files could not be written; is the disk full? Nothing was changed.");
        } finally {
            busy.remove(port);
            metrics.operation(operation, done ? "success" : "error");
        }
    }
}
