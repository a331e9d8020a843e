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

import gateway.http.ChangingGet;
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

    /**
     * @param literals how many of the path's segments the route spells out
     * @param changes whether it is a GET that is not served for HEAD
     */
    private record Known(HttpRoute route, int literals, boolean changes) {}

    /**
     * How well the routes fit a request.
     *
     * @param literals one more than the literals of the best route; 0 when there is none
     * @param changes whether the best route is a GET that is not served for HEAD
     */
    private record Rank(int literals, boolean changes) {
        static final Rank NONE = new Rank(0, false);
    }

    private final @Nullable HttpRules target;
    private final List<Known> routes = new ArrayList<>();
    private final List<Mount> mounts = new ArrayList<>();
    /** Of the route that is being registered. */
    private int literals;

    private boolean changes;

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
        routes.add(new Known(route, literals, changes));
        return this;
    }

    @Override
    public HttpRules route(Method method, String pattern, Handler handler) {
        literals = (int) Arrays.stream(pattern.split("/"))
                .filter(segment -> !segment.isEmpty() && segment.indexOf('{') < 0)
                .count();
        changes = handler instanceof ChangingGet;
        try {
            return HttpRules.super.route(method, pattern, handler);
        } finally {
            literals = 0;
            changes = false;
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
        var all = METHODS.stream().map(Method::text).collect(Collectors.toCollection(TreeSet::new));
        all.add(Method.HEAD.text());
        return all;
    }

    /** The methods of the routes that spell out most of the path: {@code /a/b} is not for {@code /a/{id}}. */
    private TreeSet<String> allowed(HttpPrologue asked) {
        var allowed = new TreeSet<String>();
        int most = 0;
        for (Method method : METHODS) {
            var rank = rank(method, asked, asked.uriPath());
            if (rank.literals() > most) {
                allowed.clear();
                most = rank.literals();
            }
            if (rank.literals() == most && most > 0) {
                allowed.add(method.text());
                if (method.equals(Method.GET) && !rank.changes()) {
                    allowed.add(Method.HEAD.text());
                }
            }
        }
        return allowed;
    }

    private Rank rank(Method method, HttpPrologue asked, UriPath path) {
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
        var best = Rank.NONE;
        for (Known known : routes) {
            // A route for every method and path (a filter in disguise) tells nothing about the path.
            if (known.literals() >= best.literals()
                    && !known.route().accepts(nowhere).accepted()
                    && known.route().accepts(probe).accepted()) {
                best = new Rank(known.literals() + 1, known.changes());
            }
        }
        for (Mount mount : mounts) {
            var match = mount.prefix().prefixMatch(path);
            if (match.accepted()) {
                var inner = mount.paths().rank(method, asked, match.unmatchedPath());
                best = inner.literals() > best.literals() ? inner : best;
            }
        }
        return best;
    }
}
