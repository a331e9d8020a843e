package gateway.http.hardened;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import io.helidon.common.uri.UriPath;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;

import gateway.http.Problem;

/**
 * The check of each request's head: refuses one whose end or address two parsers could see in different places, before
 * it is routed or upgraded, and closes the connection, so that what follows is never read as a request (RFC 9112 §6.3,
 * OWASP ASVS 4.2.1). Helidon 4.5.0 itself refuses every doubtful length. What it lacks is here: one spelling of
 * chunked, addresses with dots or semicolons, headers that must be given once, 405, 415 and 417.
 */
final class Framing implements Http1ConnectionListener {
    /** Of two of these one would be obeyed and the other, which an edge or a log may show, not. */
    private static final List<HeaderName> ONCE =
            List.of(HeaderNames.create("X-Device-Id"), HeaderNames.create("Idempotency-Key"));

    private static final Pattern DOTS = Pattern.compile("(?:^|/)\\.\\.?(?:/|$)");
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE");
    private static final String ALLOW = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    @Override
    public void prologue(ConnectionContext ctx, HttpPrologue prologue) {
        ((GuardedConnection) ctx).prologueRead(prologue);
    }

    @Override
    public void headers(ConnectionContext ctx, Headers headers) {
        var connection = (GuardedConnection) ctx;
        if (headers instanceof WritableHeaders<?> writable) {
            canonical(writable, connection.line());
        }
        connection.headersRead(headers);
        if (!METHODS.contains(connection.prologue().method().text())) {
            throw refuse(new Problem(405, "METHOD_NOT_ALLOWED", "This method is not served.").with("Allow", ALLOW));
        }
        checkPath(connection.prologue().uriPath());
        for (HeaderName name : ONCE) {
            if (headers.all(name, List::of).size() > 1) {
                throw refuse(Problem.badField(name.defaultCase(), "must be given once"));
            }
        }
        if (headers.contains(HeaderNames.TRANSFER_ENCODING)
                && !"chunked".equals(single(headers, HeaderNames.TRANSFER_ENCODING))) {
            throw refuse(Problem.badRequest("Transfer-Encoding: only a single \"chunked\" is understood."));
        }
        if (headers.contains(HeaderNames.CONTENT_ENCODING)
                && !"identity".equalsIgnoreCase(single(headers, HeaderNames.CONTENT_ENCODING))) {
            throw refuse(Problem.unsupportedType("Content-Encoding: send the body uncompressed.")
                    .with("Accept-Encoding", "identity"));
        }
        if (headers.contains(HeaderNames.EXPECT) && !headers.contains(HeaderValues.EXPECT_100)) {
            throw refuse(new Problem(417, "EXPECTATION_FAILED", "Expect: only 100-continue is understood."));
        }
    }

    /**
     * Writes in the one spelling that Helidon compares with what may be written in several: options are words without
     * case, and Connection is a list of them (RFC 9110 §7.6.1, §10.1.1; RFC 9112 §7).
     */
    private static void canonical(WritableHeaders<?> headers, RequestLine line) {
        if (headers.contains(HeaderNames.CONNECTION) && saysClose(headers)) {
            headers.set(HeaderValues.CONNECTION_CLOSE);
        }
        if (headers.contains(HeaderNames.TRANSFER_ENCODING)
                && "chunked".equalsIgnoreCase(single(headers, HeaderNames.TRANSFER_ENCODING))) {
            headers.set(HeaderValues.TRANSFER_ENCODING_CHUNKED);
        }
        if (headers.contains(HeaderNames.EXPECT)
                && "100-continue".equalsIgnoreCase(single(headers, HeaderNames.EXPECT))) {
            headers.set(HeaderValues.EXPECT_100);
        }
        if (headers.contains(HeaderNames.CONTENT_ENCODING)
                && "identity".equalsIgnoreCase(single(headers, HeaderNames.CONTENT_ENCODING))) {
            headers.remove(HeaderNames.CONTENT_ENCODING);
        }
        if (!line.authority().isEmpty()) {
            headers.set(HeaderNames.HOST, line.authority());
        }
        if (line.head()) {
            headers.remove(HeaderNames.UPGRADE);
        }
        if (line.old()) {
            if (headers.contains(HeaderNames.TRANSFER_ENCODING)) {
                throw refuse(Problem.badRequest("Transfer-Encoding: is not a part of HTTP/1.0."));
            }
            headers.remove(HeaderNames.UPGRADE);
            headers.remove(HeaderNames.EXPECT);
            headers.set(HeaderValues.CONNECTION_CLOSE);
        }
    }

    private static boolean saysClose(Headers headers) {
        for (String value : headers.all(HeaderNames.CONNECTION, List::of)) {
            for (String option : value.split(",")) {
                if (option.strip().equalsIgnoreCase("close")) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Helidon drops what follows a semicolon before it resolves dots, and decodes after that, so that it reads
     * {@code /a;b} as {@code /a}, {@code /a/..;/b} as {@code /b} and leaves {@code /a/%2e%2e/b} alone: in each an edge
     * in front sees another address than the one acted upon. {@code %3B} stays part of its segment here and there, and
     * needs no rule.
     */
    private static void checkPath(UriPath path) {
        if (path.rawPath().indexOf(';') >= 0) {
            throw refuse(Problem.badRequest("The address has a semicolon; none of ours has parameters in its path."));
        }
        // Helidon reads two as one, which an edge in front need not do.
        if (path.rawPath().contains("//")) {
            throw refuse(Problem.notFound("The address has two slashes in a row; there is nothing at it."));
        }
        // No name of ours holds one, and PostgreSQL takes none: a database would be blamed for what a client sent.
        if (path.path().indexOf(0) >= 0) {
            throw refuse(Problem.badRequest("The address has a NUL character; no name here holds one."));
        }
        // Few have a dot at all, and a search by pattern makes garbage.
        if (path.path().contains(".") && DOTS.matcher(path.path()).find()) {
            throw refuse(Problem.badRequest("The address has . or .. between slashes; write where that leads."));
        }
    }

    /** The only value, or a text that no header may have when there are several. */
    private static String single(Headers headers, HeaderName name) {
        List<String> all = headers.all(name, List::of);
        return all.size() == 1 ? all.getFirst() : ",";
    }

    /** As an exception that Helidon answers and then closes the connection for. */
    static RequestException refuse(Problem problem) {
        return RequestException.builder()
                .type(EventType.OTHER)
                .status(Status.create(problem.status()))
                .message(problem.getMessage())
                .cause(problem)
                .request(new ErrorReplies.RefusedRequest(problem))
                .setKeepAlive(false)
                .build();
    }
}
