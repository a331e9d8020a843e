package gateway.http.hardened;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.helidon.common.uri.UriPath;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.PathMatcher;
import io.helidon.http.PathMatchers;
import io.helidon.http.Status;
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
            List.of(Method.GET, Method.POST, Method.PUT, Method.PATCH, Method.DELETE);
    private static final Method NO_METHOD = Method.create("NONE");
    private static final UriPath NO_PATH = UriPath.create("/" + KnownPaths.class.getName());

    private record Mount(PathMatcher prefix, KnownPaths paths) {}

    /** @param literals how many of the path's segments the route spells out */
    private record Known(HttpRoute route, int literals) {}

    private final @Nullable HttpRules target;
    private final List<Known> routes = new ArrayList<>();
    private final List<Mount> mounts = new ArrayList<>();
    /** Of the route that is being registered. */
    private int literals;

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
        routes.add(new Known(route, literals));
        return this;
    }

    @Override
    public HttpRules route(Method method, String pattern, Handler handler) {
        literals = (int) Arrays.stream(pattern.split("/"))
                .filter(segment -> !segment.isEmpty() && segment.indexOf('{') < 0)
                .count();
        try {
            return HttpRules.super.route(method, pattern, handler);
        } finally {
            literals = 0;
        }
    }

    Handler fallback() {
        return this::refuse;
    }

    private void refuse(ServerRequest request, ServerResponse response) {
        var prologue = request.prologue();
        var allowed = prologue.uriPath().rawPath().equals("*") ? all() : allowed(prologue);
        if (allowed.isEmpty()) {
            throw Problem.notFound("There is nothing at this address.");
        }
        if (allowed.contains(Method.GET.text())) {
            allowed.add(Method.HEAD.text());
        }
        allowed.add(Method.OPTIONS.text());
        var allow = String.join(", ", allowed);
        if (prologue.method().equals(Method.OPTIONS)) {
            response.header(HeaderNames.ALLOW, allow);
            response.status(Status.NO_CONTENT_204).send();
            return;
        }
        throw new Problem(
                        405,
                        "METHOD_NOT_ALLOWED",
                        "This address is not served for " + prologue.method().text() + ".")
                .with("Allow", allow);
    }

    private static TreeSet<String> all() {
        return METHODS.stream().map(Method::text).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The methods of the routes that spell out most of the path: {@code /a/b} is not for {@code /a/{id}}. */
    private TreeSet<String> allowed(HttpPrologue asked) {
        var allowed = new TreeSet<String>();
        int most = 0;
        for (Method method : METHODS) {
            int rank = rank(method, asked, asked.uriPath());
            if (rank > most) {
                allowed.clear();
                most = rank;
            }
            if (rank == most && rank > 0) {
                allowed.add(method.text());
            }
        }
        return allowed;
    }

    /** One more than the literals of the best route; 0 when there is none. */
    private int rank(Method method, HttpPrologue asked, UriPath path) {
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
        int best = 0;
        for (Known known : routes) {
            // A route for every method and path (a filter in disguise) tells nothing about the path.
            if (known.literals() >= best
                    && !known.route().accepts(nowhere).accepted()
                    && known.route().accepts(probe).accepted()) {
                best = known.literals() + 1;
            }
        }
        for (Mount mount : mounts) {
            var match = mount.prefix().prefixMatch(path);
            if (match.accepted()) {
                best = Math.max(best, mount.paths().rank(method, asked, match.unmatchedPath()));
            }
        }
        return best;
    }
}
