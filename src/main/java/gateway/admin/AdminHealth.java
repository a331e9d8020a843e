package gateway.admin;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.http.Envelope;
import gateway.process.WorkerKind;
import gateway.process.Workers;

/** {@code /healthz} and {@code /readyz}, open to all who reach the listener. */
public final class AdminHealth implements HttpService {
    private final Instances instances;
    private final String version;
    private final Workers workers;

    public AdminHealth(Instances instances, String version, Workers workers) {
        this.workers = workers;
        this.instances = instances;
        this.version = version;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/healthz", this::health).get("/readyz", this::ready);
    }

    private void health(ServerRequest request, ServerResponse response) {
        boolean healthy = instances.healthy();
        var body = Envelope.JSON
                .createObjectNode()
                .put("status", healthy ? "healthy" : "degraded")
                .put("message", healthy ? "Service is healthy" : "The supervisor cannot be reached")
                .put("timestamp", AdminReply.timestamp())
                .put("supervisor_healthy", healthy)
                .put("version", version);
        body.putObject("checks").putObject("supervisor").put("status", healthy ? "healthy" : "unhealthy");
        AdminReply.send(response, healthy ? 200 : 503, body);
    }

    private void ready(ServerRequest request, ServerResponse response) {
        if (!instances.healthy()) {
            throw AdminErrors.unreachable();
        }
        var stuck = workers.stuck().stream()
                .filter(WorkerKind::serves)
                .map(WorkerKind::label)
                .toList();
        if (!stuck.isEmpty()) {
            throw AdminErrors.stuck(stuck);
        }
        AdminReply.success(response, 200, "Service is ready", null);
    }
}
