package gateway.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import io.helidon.health.HealthCheck;
import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckType;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.http.Envelope;
import gateway.process.WorkerKind;
import gateway.process.Workers;

/**
 * {@code /livez}: the process answers. {@code /readyz}: it can accept messages; with {@code ?verbose} each check by
 * name. {@code /health} says the same in one word. A background worker that is stuck is named. An account that is not
 * connected does not make the gateway unready: what is accepted meanwhile is kept.
 */
public final class HealthRoutes implements HttpService {
    private final List<HealthCheck> readiness;

    /** @param workers the background workers; a kind of worker that is stuck makes the gateway unready */
    public HealthRoutes(List<HealthCheck> readiness, Workers workers) {
        this.readiness = Stream.<HealthCheck>concat(
                        readiness.stream(),
                        Arrays.stream(WorkerKind.values())
                                .filter(WorkerKind::serves)
                                .map(kind -> new Readiness(kind.label(), () -> !workers.isStuck(kind))))
                .toList();
    }

    /**
     * One condition for being ready.
     *
     * @param name as {@code /readyz?verbose} shows it
     * @param isUp whether the condition holds at this moment; must answer soon
     */
    public record Readiness(String name, BooleanSupplier isUp) implements HealthCheck {
        @Override
        public HealthCheckType type() {
            return HealthCheckType.READINESS;
        }

        @Override
        public HealthCheckResponse call() {
            return HealthCheckResponse.builder().status(isUp.getAsBoolean()).build();
        }
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/livez", (request, response) -> Envelope.success(response, "alive", null))
                .get("/health", this::health)
                .get("/readyz", this::ready);
    }

    /** As version 8 of the original says it: one word, for load balancers. */
    private void health(ServerRequest request, ServerResponse response) {
        boolean up = readiness.stream().allMatch(check -> check.call().status() == HealthCheckResponse.Status.UP);
        response.status(up ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503)
                .header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .send((up ? "OK" : "Service Unavailable").getBytes(StandardCharsets.UTF_8));
    }

    private void ready(ServerRequest request, ServerResponse response) {
        var checks = Envelope.JSON.createObjectNode();
        var down = new ArrayList<String>();
        for (var check : readiness) {
            boolean up = check.call().status() == HealthCheckResponse.Status.UP;
            checks.put(check.name(), up ? "up" : "down");
            if (!up) {
                down.add(check.name());
            }
        }
        boolean ready = down.isEmpty();
        Envelope.reply(
                response,
                ready ? 200 : 503,
                ready ? "SUCCESS" : "SERVICE_UNAVAILABLE",
                ready ? "ready" : "not ready: " + String.join(", ", down),
                request.query().contains("verbose") ? checks : null);
    }
}
