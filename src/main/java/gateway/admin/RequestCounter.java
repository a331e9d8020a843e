package gateway.admin;

import java.util.List;
import java.util.regex.Pattern;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;

import gateway.http.Problem;

/** Counts every request by method, route and status. */
public final class RequestCounter implements Filter {
    private static final Pattern ONE = Pattern.compile("/admin/instances/[^/]+");
    private static final List<String> PATHS = List.of("/admin/instances", "/healthz", "/readyz");
    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private final AdminMetrics metrics;

    public RequestCounter(AdminMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        int status = 500;
        try {
            chain.proceed();
            status = response.status().code();
        } catch (Problem refused) {
            status = refused.status();
            throw refused;
        } finally {
            metrics.request(
                    method(request.prologue().method().text()),
                    route(request.path().path()),
                    status);
        }
    }

    /** A label has few values, whatever a client calls its method. */
    private static String method(String text) {
        return METHODS.contains(text) ? text : "other";
    }

    private static String route(String path) {
        return ONE.matcher(path).matches() ? "/admin/instances/{port}" : PATHS.contains(path) ? path : "other";
    }
}
