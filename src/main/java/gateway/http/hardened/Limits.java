package gateway.http.hardened;

import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.time.Duration;

import com.sun.management.UnixOperatingSystemMXBean;

/**
 * What one listener bears before it refuses.
 *
 * @param connections open TCP connections, of which an eighth is kept free; see {@link Seats}. Never more than a
 *                    quarter of the process's file descriptors is used, whatever is asked for: a failed
 *                    {@code accept()} kills the listener
 * @param requests    requests worked on at once; the next one is answered 503; see {@link Slots}
 * @param bodyBytes   largest request body in bytes; a larger one is answered 413
 * @param headerBytes largest header section in bytes
 * @param headerTime  from the first byte of a request (or from connecting) to the end of its headers
 * @param stall       longest wait for the next bytes of a body, and for a client to take the bytes of a reply
 * @param bodyRate    bytes per second that a body must average after the first {@code stall}
 * @param idle        how long a kept-alive connection may be silent
 * @param grace       how long requests in progress may go on when the listener stops
 */
public record Limits(
        int connections,
        int requests,
        long bodyBytes,
        int headerBytes,
        Duration headerTime,
        Duration stall,
        long bodyRate,
        Duration idle,
        Duration grace) {

    /** For the REST API: JSON bodies up to 1 MiB. */
    public static final Limits API = new Limits(
            2000,
            512,
            1 << 20,
            8192,
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            1024,
            Duration.ofSeconds(60),
            Duration.ofSeconds(20));

    public Limits {
        if (connections < 1 || requests < 1 || bodyBytes < 0 || headerBytes < 256 || bodyRate < 1) {
            throw new IllegalArgumentException("A limit must be positive: " + connections + " connections, " + requests
                    + " requests, " + bodyBytes + " body bytes, " + headerBytes + " header bytes");
        }
    }

    /**
     * The connections that a listener may have open: a quarter of the file descriptors at most, as files, database and
     * outbound connections need the rest.
     */
    int affordable(String listener) {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os)) {
            return connections;
        }
        long quarter = Math.max(16, os.getMaxFileDescriptorCount() / 4);
        if (quarter < connections) {
            System.getLogger(Limits.class.getName())
                    .log(
                            Level.WARNING,
                            "Listener {0} takes {1} connections instead of {2}, a quarter"
                                    + " of the {3} open files allowed; raise LimitNOFILE= for more.",
                            listener,
                            quarter,
                            connections,
                            os.getMaxFileDescriptorCount());
        }
        return (int) Math.min(connections, quarter);
    }

    public Limits withBodyBytes(long bytes) {
        return new Limits(connections, requests, bytes, headerBytes, headerTime, stall, bodyRate, idle, grace);
    }

    public Limits withConnections(int count) {
        return new Limits(count, requests, bodyBytes, headerBytes, headerTime, stall, bodyRate, idle, grace);
    }

    public Limits withRequests(int count) {
        return new Limits(connections, count, bodyBytes, headerBytes, headerTime, stall, bodyRate, idle, grace);
    }

    /** The same limits with other patience; for tests and for slow links. */
    public Limits withTimes(Duration headers, Duration stalls, Duration idleness) {
        return new Limits(connections, requests, bodyBytes, headerBytes, headers, stalls, bodyRate, idleness, grace);
    }
}
