package gateway.http.hardened;

import java.util.List;
import java.util.function.BooleanSupplier;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.Status;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;

import gateway.http.Exchange;
import gateway.http.HttpMetrics;
import gateway.process.OwnProbes;

/**
 * The headers of every reply, set as the last thing before it is written, so that neither an error nor a route can lose
 * them. The last place every reply comes through, so it counts them, too. A route may set its own value of one (the
 * console its Content-Security-Policy).
 */
final class ReplyHeaders implements Http1ConnectionListener {
    /**
     * OWASP REST Security Cheat Sheet; ASVS 14.3.2 for no-store. Strict-Transport-Security is the TLS edge's to say.
     */
    private static final List<Header> ALWAYS = List.of(
            HeaderValues.createCached("Cache-Control", "no-store"),
            HeaderValues.createCached("X-Content-Type-Options", "nosniff"),
            HeaderValues.createCached("X-Frame-Options", "DENY"),
            HeaderValues.createCached("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
            HeaderValues.createCached("Referrer-Policy", "no-referrer"),
            HeaderValues.createCached("Permissions-Policy", "geolocation=(), microphone=(), camera=()"),
            HeaderValues.createCached("Cross-Origin-Resource-Policy", "same-origin"));

    static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");

    private final BooleanSupplier draining;
    private final HttpMetrics metrics;

    ReplyHeaders(BooleanSupplier draining, HttpMetrics metrics) {
        this.draining = draining;
        this.metrics = metrics;
    }

    @Override
    public void status(ConnectionContext ctx, Status status) {
        var connection = (GuardedConnection) ctx;
        if (OwnProbes.isRefusal(status.code())
                && OwnProbes.comesFrom(connection.exchange().client())) {
            metrics.probed(connection.sinceHead());
        } else {
            metrics.replied(status.code(), connection.sinceHead());
        }
    }

    @Override
    public void headers(ConnectionContext ctx, Headers headers) {
        add((WritableHeaders<?>) headers, ((GuardedConnection) ctx).exchange());
        if (draining.getAsBoolean()) {
            ((WritableHeaders<?>) headers).set(HeaderValues.CONNECTION_CLOSE);
        }
    }

    /**
     * The headers of every reply, and a look at all that it has. Of a refusal that Helidon makes itself it is called
     * before the reply is written; the listener hears of those afterwards.
     *
     * @throws IllegalArgumentException naming a header whose value cannot be sent
     */
    static void add(WritableHeaders<?> headers, Exchange exchange) {
        // "Cached" is written as it stands; others are copied several times on their way.
        exchange.headers().forEach((name, value) -> headers.set(HeaderValues.createCached(name, value)));
        headers.remove(HeaderNames.SERVER);
        // What follows is constant or was checked when the request came.
        headers.forEach(ReplyHeaders::check);
        headers.set(HeaderValues.createCached(REQUEST_ID, exchange.requestId()));
        for (Header header : ALWAYS) {
            headers.setIfAbsent(header);
        }
    }

    /**
     * RFC 9110 section 5.5: nothing that ends a line. Helidon's own check makes an array of every name and every value,
     * which was a fifth of a reply's garbage. Names are constants of the program.
     */
    private static void check(Header header) {
        for (int i = 0; i < header.valueCount(); i++) {
            var value = i == 0 ? header.get() : header.allValues().get(i);
            for (int at = 0; at < value.length(); at++) {
                char c = value.charAt(at);
                if (c < ' ' && c != '\t' || c == 0x7f) {
                    throw new IllegalArgumentException("The value of " + header.name() + " cannot be sent in a header");
                }
            }
        }
    }
}
