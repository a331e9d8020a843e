package gateway.http;

import java.util.Set;
import java.util.function.BiConsumer;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;

/**
 * Which web pages of other origins may call the API: exactly the listed ones, none by default. An origin is compared as
 * a whole and in its own case, so that no pattern can be fooled by {@code https://app.example.com.evil.net}.
 */
public final class Cors implements Filter {
    /** The guide's list, less what a browser may send anyway, plus the headers our clients use. */
    private static final String ALLOWED_HEADERS =
            "Authorization, Content-Type, Idempotency-Key, If-None-Match, X-Device-Id, X-Request-Id";

    private static final String ALLOWED_METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS";
    private static final String EXPOSED_HEADERS =
            "ETag, Link, X-Request-Id, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset";
    private static final HeaderName ASKED_METHOD = HeaderNames.create("Access-Control-Request-Method");

    private final Set<String> origins;
    private final BiConsumer<Exchange, String> refused;

    /**
     * @param origins as a browser sends them: {@code https://app.example.com}, with the port when it is not the usual
     *     one
     * @param refused told of each preflight of another origin, for the security log
     * @throws IllegalArgumentException naming an entry that is no origin; {@code *} is none
     */
    public Cors(Set<String> origins, BiConsumer<Exchange, String> refused) {
        for (String origin : origins) {
            if (!origin.matches("https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\\[[0-9a-f:]+](:[0-9]{1,5})?")) {
                throw new IllegalArgumentException("not an origin like https://app.example.com: " + origin);
            }
        }
        this.origins = Set.copyOf(origins);
        this.refused = refused;
    }

    /** No page of another origin. */
    public static Cors none() {
        return new Cors(Set.of(), (exchange, origin) -> {});
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (!origins.isEmpty()) {
            Exchange.current().header("Vary", "Origin");
        }
        String origin = request.headers().first(HeaderNames.ORIGIN).orElse(null);
        boolean preflight = origin != null
                && request.prologue().method() == Method.OPTIONS
                && request.headers().contains(ASKED_METHOD);
        if (origin != null && origins.contains(origin)) {
            allow(origin);
            if (preflight) {
                answer(response);
                return;
            }
        } else if (preflight) {
            refused.accept(Exchange.current(), origin);
            throw Problem.forbidden("Pages of this origin may not call the API.");
        }
        chain.proceed();
    }

    /**
     * Whether a WebSocket may be opened by a page of this origin: a listed one or the server's own (OWASP ASVS 4.4.2).
     * Programs send no Origin, and have to authenticate like everybody.
     */
    public boolean admits(Headers headers) {
        String origin = headers.first(HeaderNames.ORIGIN).orElse(null);
        if (origin == null || origins.contains(origin)) {
            return true;
        }
        String host = headers.first(HeaderNames.HOST).orElse("");
        return !host.isEmpty() && (origin.equals("https://" + host) || origin.equals("http://" + host));
    }

    /** Whether the request comes from a page of a listed origin. */
    boolean lists(Headers headers) {
        return headers.first(HeaderNames.ORIGIN).filter(origins::contains).isPresent();
    }

    private static void allow(String origin) {
        Exchange exchange = Exchange.current();
        exchange.header("Access-Control-Allow-Origin", origin);
        exchange.header("Access-Control-Allow-Credentials", "true");
        exchange.header("Access-Control-Expose-Headers", EXPOSED_HEADERS);
    }

    private static void answer(RoutingResponse response) {
        Exchange exchange = Exchange.current();
        exchange.header("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
        exchange.header("Access-Control-Allow-Methods", ALLOWED_METHODS);
        exchange.header("Access-Control-Allow-Headers", ALLOWED_HEADERS);
        exchange.header("Access-Control-Max-Age", "600");
        response.status(Status.NO_CONTENT_204).send();
    }
}
