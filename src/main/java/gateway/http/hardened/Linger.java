package gateway.http.hardened;

import java.time.Duration;
import java.util.List;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;

/**
 * The bounds of reading on behind the last reply of a connection, so that its client gets to read the reply (RFC 9112
 * §9.6).
 *
 * @param bytes most bytes that are read
 * @param quiet longest wait for the next ones
 * @param whole longest time in all
 */
record Linger(int bytes, Duration quiet, Duration whole) {
    /** For a request of which nothing more is known to come. */
    static final Linger BRIEF = new Linger(256 * 1024, Duration.ofMillis(200), Duration.ofMillis(200));
    /**
     * For a body that was announced and has not come whole: most clients send all of it before they read their reply.
     */
    static final Linger PATIENT = new Linger(16 << 20, Duration.ofSeconds(1), Duration.ofSeconds(5));

    /**
     * The length of the body that a head announces, in bytes: 0 when there is none, or when two parsers could see two
     * lengths; {@link Long#MAX_VALUE} when the body comes in chunks.
     */
    static long announced(Headers headers) {
        if (headers.contains(HeaderValues.TRANSFER_ENCODING_CHUNKED)) {
            return headers.contains(HeaderNames.CONTENT_LENGTH) ? 0 : Long.MAX_VALUE;
        }
        if (headers.all(HeaderNames.CONTENT_LENGTH, List::of).size() != 1) {
            return 0;
        }
        try {
            return headers.contentLength().orElse(0);
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }
}
