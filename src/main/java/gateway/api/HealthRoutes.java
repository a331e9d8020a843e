package gateway.api;

import java.util.List;

import gateway.http.Envelope;
import io.helidon.health.HealthCheck;
import io.helidon.health.HealthCheckResponse;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/**
 * {@code /livez}: the process answers. {@code /readyz}: it can accept messages; with {@code ?verbose} each check by name.
 * An account that is not connected does not make the gateway unready: what is accepted meanwhile is kept.
 */
public final class HealthRoutes implements HttpService {
    private final List<HealthCheck> readiness;

    public HealthRoutes(List<HealthCheck> readiness) {
        this.readiness = List.copyOf(readiness);
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/livez", (request, response) -> Envelope.success(response, "alive", null))
                .get("/readyz", this::ready);
    }

    private void ready(ServerRequest request, ServerResponse response) {
        var checks = Envelope.JSON.createObjectNode();
        boolean ready = true;
        for (var check : readiness) {
            boolean up = check.call().status() == HealthCheckResponse.Status.UP;
            checks.put(check.name(), up ? "up" : "down");
            ready &= up;
        }
        Envelope.reply(response, ready ? 200 : 503, ready ? "SUCCESS" : "SERVICE_UNAVAILABLE", ready ? "ready" : "not ready",
                request.query().contains("verbose") ? checks : null);
    }
}
