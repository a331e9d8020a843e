package gateway.http.hardened;

import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.LogRecord;
import java.util.stream.Collectors;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.ErrorHandler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.budget.BudgetSpent;
import gateway.budget.Share;
import gateway.http.Allowance;
import gateway.http.Envelope;
import gateway.http.Exchange;
import gateway.http.Problem;
import gateway.http.ProblemForm;
import gateway.http.Tarpit;

/**
 * Turns whatever went wrong into an envelope. Only the sentence of a {@link Problem} reaches the client; every other
 * exception's text stays here, and even the log gets its class and frames only, as messages of parsers and drivers
 * quote what they were given (OWASP ASVS 16.5.1, 16.2.5).
 */
final class ErrorReplies implements DirectHandler, ErrorHandler<Throwable> {
    private static final System.Logger LOG = System.getLogger(ErrorReplies.class.getName());

    private static final HeaderName ASKED_BY_SCRIPT = HeaderNames.create("X-Requested-With");

    private final Function<Throwable, Optional<Problem>> known;
    private final ProblemForm form;
    private final Tarpit<Class<?>> tarpit = new Tarpit<>();

    /** A request that our own code refused before it was routed: the way of its problem through Helidon. */
    record RefusedRequest(Problem problem) implements DirectHandler.TransportRequest {
        @Override
        public String protocolVersion() {
            return "";
        }

        @Override
        public String method() {
            return "";
        }

        @Override
        public String path() {
            return "";
        }

        @Override
        public ServerRequestHeaders headers() {
            return ServerRequestHeaders.create();
        }
    }

    /** @param known what the rooms behind the listener throw, as the client is told of it */
    ErrorReplies(Function<Throwable, Optional<Problem>> known, ProblemForm form) {
        this.known = known;
        this.form = form;
    }

    /** Of anything a route or a filter threw. */
    @Override
    public void handle(ServerRequest request, ServerResponse response, Throwable thrown) {
        Problem problem = forPage(request, problemOf(thrown));
        holdBack(thrown);
        if (problem.status() == 500 || leftUnread(request)) {
            // Nobody knows what state the exchange is in, or too much of the body is left to be read: said before it is
            // done, so that the client sends its next request elsewhere. A 503 is meant, and keeps its connection: a
            // flood that had to connect anew for each of them would cost us more than its requests do.
            response.headers().set(HeaderValues.CONNECTION_CLOSE);
        }
        problem.headers().forEach((name, value) -> response.headers().set(HeaderValues.createCached(name, value)));
        response.status(Status.create(problem.status()));
        response.headers().set(Envelope.JSON_TYPE);
        response.send(form.bytes(problem));
    }

    /** Keeps who was refused for want of memory or processor time from asking again at once. What waits here has no memory. */
    private void holdBack(Throwable thrown) {
        if (thrown instanceof BudgetSpent || thrown instanceof OutOfMemoryError) {
            Share.current().close();
            tarpit.refuse(BudgetSpent.class);
        }
    }

    private static boolean leftUnread(ServerRequest request) {
        return request.content().hasEntity()
                && !request.content().consumed()
                && (request.headers().contentLength().orElse(Long.MAX_VALUE) > ConnectionCloser.DRAIN_BYTES
                        // Whoever waits for a 100 may never send the body, and Helidon then closes.
                        || request.headers().contains(HeaderNames.EXPECT));
    }

    /**
     * A browser takes any 401 as a word about its own credentials, and forgets them. One without a challenge is about
     * something else, as the contract's for an account that is not paired; a page's script, which says that it is one,
     * is told of that with 409.
     */
    private static Problem forPage(ServerRequest request, Problem problem) {
        return problem.status() == 401
                        && !problem.headers().containsKey("WWW-Authenticate")
                        && request.headers().contains(ASKED_BY_SCRIPT)
                ? new Problem(409, problem.code(), problem.getMessage())
                : problem;
    }

    /** Of a request exception that a route or a filter threw. */
    @Override
    public TransportResponse handle(
            TransportRequest request,
            EventType type,
            Status status,
            ServerResponseHeaders headers,
            Throwable thrown,
            System.Logger logger) {
        return reply(
                thrown instanceof RequestException e && e.getCause() == null
                        ? ofStatus(request, status)
                        : problemOf(thrown, request, status),
                headers);
    }

    /** Of a request that Helidon refused before, or instead of, routing it; of its exception only the text is told. */
    @Override
    public TransportResponse handle(
            TransportRequest request, EventType type, Status status, ServerResponseHeaders headers, String message) {
        return reply(
                request instanceof RefusedRequest refused
                        ? refused.problem()
                        : ofStatus(request, status.code() == 500 && readingHead() ? Status.BAD_REQUEST_400 : status),
                headers);
    }

    private TransportResponse reply(Problem problem, ServerResponseHeaders headers) {
        headers.set(Envelope.JSON_TYPE);
        problem.headers().forEach((name, value) -> headers.set(HeaderValues.createCached(name, value)));
        if (Exchange.CONNECTION.isBound()) {
            ReplyHeaders.add(headers, Exchange.current());
        }
        return TransportResponse.builder()
                .status(Status.create(problem.status()))
                .headers(headers)
                .keepAlive(false)
                .entity(form.bytes(problem))
                .build();
    }

    /**
     * Filter of Helidon's log of connections: an error that no handler of ours was given is told by its outline.
     *
     * @return false: Helidon's own line quotes what the client sent
     */
    static boolean outlined(LogRecord line) {
        boolean known = line.getThrown() instanceof RequestException e && e.request() instanceof RefusedRequest;
        if (line.getThrown() != null
                && !known
                && line.getLevel().intValue() >= java.util.logging.Level.WARNING.intValue()) {
            LOG.log(Level.ERROR, "Request {0} failed: {1}", Exchange.id(), outline(line.getThrown()));
        }
        return false;
    }

    /**
     * Helidon's parser leaves with whatever its parts throw, such as for a method {@code G@T}: a fault of the client's.
     */
    private static boolean readingHead() {
        return GuardedConnection.CURRENT.isBound()
                && GuardedConnection.CURRENT.get().readingHead();
    }

    /** Helidon calls it a bad request like any other. */
    private static boolean isHeadTooLarge() {
        return GuardedConnection.CURRENT.isBound()
                && GuardedConnection.CURRENT.get().headExceeded();
    }

    Problem problemOf(Throwable thrown) {
        return problemOf(thrown, DirectHandler.TransportRequest.empty(), Status.INTERNAL_SERVER_ERROR_500);
    }

    private Problem problemOf(Throwable thrown, TransportRequest request, Status status) {
        if (thrown instanceof Problem problem) {
            return problem;
        }
        if (thrown != null && thrown.getCause() instanceof Problem problem) {
            return problem;
        }
        var told = known.apply(thrown);
        if (told.isPresent()) {
            return told.get();
        }
        if (thrown instanceof OutOfMemoryError) {
            // The one request was too much: the others go on, and the log has no need of its stack.
            return Allowance.problem();
        }
        if (thrown instanceof DataReader.InsufficientDataAvailableException) {
            // The client left in the middle of its request: no fault of ours, and nothing for the log.
            return Problem.badRequest("The body could not be read to its end.");
        }
        if (thrown instanceof HttpException e) {
            return ofStatus(request, e.status());
        }
        if (thrown instanceof RequestException e && e.status().code() < 500) {
            return ofStatus(request, e.status());
        }
        if (status.code() < 500) {
            return ofStatus(request, status);
        }
        if (thrown != null) {
            LOG.log(Level.ERROR, "Request {0} failed: {1}", Exchange.id(), outline(thrown));
        }
        return ofStatus(request, status);
    }

    private static Problem ofStatus(TransportRequest request, Status status) {
        // Helidon hands the whole first line over as the protocol when it is neither HTTP/1.1 nor 1.0.
        if (status.code() == 400
                && request.protocolVersion().contains("HTTP/")
                && !request.protocolVersion().startsWith("HTTP/1.1")) {
            return version();
        }
        if (status.code() == 400 && isHeadTooLarge()) {
            return new Problem(
                    431,
                    "REQUEST_HEADER_FIELDS_TOO_LARGE",
                    "The headers of the request are larger than is taken here.");
        }
        return switch (status.code()) {
            case 404 -> Problem.notFound("There is nothing at this address.");
            case 413 -> Problem.tooLarge("The body is larger than this address accepts.");
            case 414 -> new Problem(414, "URI_TOO_LONG", "The address is too long.");
            case 415 -> Problem.unsupportedType("The body is of a type that is not understood here.");
            case 503 -> Problem.unavailable("Too many requests are handled at this moment.", 1);
            case 505 -> version();
            default ->
                status.code() >= 400 && status.code() < 500
                        ? new Problem(
                                status.code(),
                                "BAD_REQUEST",
                                "The first line or a header of the request is not well-formed HTTP/1.1.")
                        : new Problem(
                                500,
                                "INTERNAL_SERVER_ERROR",
                                "Something went wrong here; the log tells more under the id in X-Request-Id.");
        };
    }

    private static Problem version() {
        return new Problem(
                505,
                "HTTP_VERSION_NOT_SUPPORTED",
                "HTTP/1.1 is needed; a proxy in between has a setting for it (nginx: proxy_http_version 1.1).");
    }

    private static String outline(Throwable thrown) {
        String frames = Arrays.stream(thrown.getStackTrace())
                .limit(12)
                .map(Object::toString)
                .collect(Collectors.joining("\n\tat ", "\n\tat ", ""));
        Throwable cause = thrown.getCause();
        return thrown.getClass().getName() + frames + (cause == null ? "" : "\nCaused by: " + outline(cause));
    }
}
