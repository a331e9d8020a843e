package gateway.http.hardened;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

import io.helidon.common.uri.UriPath;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.PathMatcher;
import io.helidon.http.PathMatchers;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRoute;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.jspecify.annotations.Nullable;

import gateway.http.Problem;

/**
 * Remembers every route as it is registered, so that a known path asked with another method is answered 405 and the
 * list of its methods (RFC 9110 §15.5.6) rather than 404. Install {@link #fallback()} as the last route.
 */
final class KnownPaths implements HttpRules {
    private static final List<Method> METHODS =
            List.of(Method.GET, Method.HEAD, Method.POST, Method.PUT, Method.PATCH, Method.DELETE, Method.OPTIONS);
    private static final Method NO_METHOD = Method.create("NONE");
    private static final UriPath NO_PATH = UriPath.create("/" + KnownPaths.class.getName());

    private record Mount(PathMatcher prefix, KnownPaths paths) {}

    private final @Nullable HttpRules target;
    private final List<HttpRoute> routes = new ArrayList<>();
    private final List<Mount> mounts = new ArrayList<>();

    /** @param target where the routes are really registered; null to only remember them */
    KnownPaths(@Nullable HttpRules target) {
        this.target = target;
    }

    @Override
    public HttpRules register(HttpService... services) {
        return mount(PathMatchers.any(), rules -> rules.register(services), services);
    }

    @Override
    public HttpRules register(String pathPattern, HttpService... services) {
        return mount(PathMatchers.create(pathPattern), rules -> rules.register(pathPattern, services), services);
    }

    private HttpRules mount(PathMatcher prefix, Consumer<HttpRules> real, HttpService... services) {
        if (target != null) {
            real.accept(target);
        }
        for (HttpService service : services) {
            var inner = new KnownPaths(null);
            service.routing(inner);
            mounts.add(new Mount(prefix, inner));
        }
        return this;
    }

    @Override
    public HttpRules route(HttpRoute route) {
        if (target != null) {
            target.route(route);
        }
        routes.add(route);
        return this;
    }

    Handler fallback() {
        return this::refuse;
    }

    private void refuse(ServerRequest request, ServerResponse response) {
        var allowed = new TreeSet<String>();
        for (Method method : METHODS) {
            if (serves(method, request.prologue(), request.prologue().uriPath())) {
                allowed.add(method.text());
            }
        }
        if (allowed.isEmpty()) {
            throw Problem.notFound("There is nothing at this address.");
        }
        throw new Problem(
                        405,
                        "METHOD_NOT_ALLOWED",
                        "This address is not served for "
                                + request.prologue().method().text() + ".")
                .with("Allow", String.join(", ", allowed));
    }

    private boolean serves(Method method, HttpPrologue asked, UriPath path) {
        var probe = HttpPrologue.create(
                asked.rawProtocol(),
                asked.protocol(),
                asked.protocolVersion(),
                method,
                path,
                asked.query(),
                asked.fragment());
        var nowhere = HttpPrologue.create(
                asked.rawProtocol(),
                asked.protocol(),
                asked.protocolVersion(),
                NO_METHOD,
                NO_PATH,
                asked.query(),
                asked.fragment());
        for (HttpRoute route : routes) {
            // A route for every method and path (a filter in disguise) tells nothing about the path.
            if (!route.accepts(nowhere).accepted() && route.accepts(probe).accepted()) {
                return true;
            }
        }
        for (Mount mount : mounts) {
            var match = mount.prefix().prefixMatch(path);
            if (match.accepted() && mount.paths().serves(method, asked, match.unmatchedPath())) {
                return true;
            }
        }
        return false;
    }
}
