package gateway.http.hardened;

import java.io.IOException;
import java.io.InputStream;

import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;

/**
 * The outermost filter: answers what other filters throw, and really closes the connection when the client, the reply
 * or an unread body calls for it. Helidon 4.5.0 only writes {@code Connection: close} and then waits for the idle
 * timeout.
 */
final class ConnectionCloser implements Filter {
    /**
     * Up to here an unread body is read to its end, so that a refused request does not cost the client its connection.
     */
    static final int DRAIN_BYTES = 64 * 1024;

    private final ErrorReplies refusals;

    ConnectionCloser(ErrorReplies refusals) {
        this.refusals = refusals;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        try {
            chain.proceed();
        } catch (CloseConnectionException e) {
            throw e;
        } catch (RuntimeException e) {
            if (!response.reset()) {
                throw new CloseConnectionException("The reply had begun when it failed", e);
            }
            refusals.handle(request, response, e);
        }
        boolean ends = response.headers().contains(HeaderValues.CONNECTION_CLOSE);
        boolean read = drained(request);
        if (ends || !read) {
            response.commit();
            if (read) {
                GuardedConnection.CURRENT.get().endsRead();
            }
            throw new CloseConnectionException("The exchange ends the connection");
        }
    }

    private static boolean drained(RoutingRequest request) {
        if (!request.content().hasEntity() || request.content().consumed()) {
            return true;
        }
        boolean waits = request.headers().contains(HeaderValues.EXPECT_100) && !request.continueSent();
        if (waits || request.headers().contentLength().orElse(0) > DRAIN_BYTES) {
            return false;
        }
        GuardedConnection.CURRENT.get().answeredEarly();
        try {
            InputStream body = request.content().inputStream();
            for (int read = 0; read <= DRAIN_BYTES; ) {
                int more = body.readNBytes(8192).length;
                if (more == 0) {
                    return true;
                }
                read += more;
            }
            return false;
        } catch (IOException | RuntimeException e) {
            // Half read by the route, or malformed: where the next request starts is unknown.
            return false;
        }
    }
}
