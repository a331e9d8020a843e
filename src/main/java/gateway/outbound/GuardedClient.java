package gateway.outbound;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

import gateway.process.FilesUnavailable;

/**
 * Speaks HTTP/1.1 to places that others chose. It connects to the very address the {@link AddressGuard} judged, follows
 * no redirect, uses no proxy and keeps no cookie; the whole exchange has one deadline, the answer a largest size.
 *
 * <p>Helidon's WebClient 4.1.7 has no deadline over an exchange, decodes and re-encodes the path, and wakes every idle
 * connection ten times a second; the JDK's client looks names up by itself, after they were judged. Hence this one.
 */
public final class GuardedClient implements AutoCloseable {
    /** Of a webhook's answer; what comes after is not read. */
    private static final int MAX_ANSWER = 64 * 1024;
    /** Of a webhook's answer, what is kept. */
    private static final int KEPT = 4 * 1024;
    /** Idle connections per place, and how long: shorter than the common servers' own patience (Node's is 5 s). */
    private static final int IDLE = 16;

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final AddressGuard guard;
    private final Supplier<SSLContext> tls;
    private final ConcurrentHashMap<String, ConcurrentLinkedDeque<Connection>> idle = new ConcurrentHashMap<>();

    public GuardedClient(AddressGuard guard, Supplier<SSLContext> tls) {
        this.guard = guard;
        this.tls = tls;
    }

    /** Posts the body on a connection that may have served before and may serve again. */
    public Answer post(Target target, Map<String, String> headers, byte[] body, Duration total) throws Unanswered {
        var request = request("POST", target, headers, body);
        try (var deadline = Deadline.in(total)) {
            try {
                var used = reuse(target);
                if (used != null) {
                    try {
                        return exchange(target, used, request, deadline);
                    } catch (ProtocolException e) {
                        throw e;
                    } catch (IOException e) {
                        // The receiver may have hung up on the idle connection just now; a fresh one tells.
                        if (deadline.struck()) {
                            throw e;
                        }
                    }
                }
                return exchange(
                        target, Connection.open(target, guard.addresses(target), tls, deadline), request, deadline);
            } catch (IOException | RefusedAddress e) {
                throw unanswered(e, deadline, total);
            }
        }
    }

    /**
     * Downloads to a file that must not exist yet; it is for the owner only, and removed again when anything fails.
     *
     * @return the answer's {@code Content-Type}, or empty
     * @throws RefusedAddress when the URL is not allowed
     * @throws FilesUnavailable when the file cannot be written
     * @throws Unanswered when the answer is not 200, larger than {@code maxBytes}, or not complete within {@code total}
     */
    public String fetch(String url, long maxBytes, Duration total, Path file) throws IOException {
        var target = guard.target(url);
        try (var deadline = Deadline.in(total);
                var connection = Connection.open(target, guard.addresses(target), tls, deadline)) {
            connection.send(request("GET", target, Map.of("Connection", "close", "Accept", "*/*"), new byte[0]));
            var head = ReplyHead.read(connection.in());
            if (head.status() != 200) {
                throw new Unanswered("The server answered " + head.status() + "; redirects are not followed.");
            }
            save(head, connection, maxBytes, file);
            if (deadline.struck()) {
                Files.deleteIfExists(file);
                throw new Unanswered("The download took longer than " + total.toSeconds() + " s.");
            }
            return head.headers().getOrDefault("content-type", "");
        } catch (Unanswered e) {
            throw e;
        } catch (IOException e) {
            throw new Unanswered("The download failed: " + reason(e) + ".", e);
        }
    }

    private static void save(ReplyHead head, Connection connection, long maxBytes, Path file) throws IOException {
        try (var out = opened(file)) {
            try {
                var in = head.body(connection.in());
                var buffer = new byte[16 * 1024];
                long size = 0;
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    size += n;
                    if (size > maxBytes) {
                        throw new Unanswered("The file is larger than " + maxBytes + " bytes.");
                    }
                    write(out, buffer, n);
                }
            } catch (IOException | RuntimeException e) {
                Files.deleteIfExists(file);
                throw e;
            }
        }
    }

    private static java.io.OutputStream opened(Path file) {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try {
            return java.nio.channels.Channels.newOutputStream(Files.newByteChannel(
                    file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly));
        } catch (IOException e) {
            throw new FilesUnavailable(e);
        }
    }

    private static void write(java.io.OutputStream file, byte[] buffer, int n) {
        try {
            file.write(buffer, 0, n);
        } catch (IOException e) {
            throw new FilesUnavailable(e);
        }
    }

    private Answer exchange(Target target, Connection connection, byte[] request, Deadline deadline)
            throws IOException {
        boolean reusable = false;
        try {
            connection.guardBy(deadline);
            connection.send(request);
            var head = ReplyHead.read(connection.in());
            var kept = new ByteArrayOutputStream();
            boolean complete = drain(head, connection, kept);
            if (deadline.struck()) {
                throw new IOException("late");
            }
            reusable = complete && head.persistent() && head.delimited();
            return new Answer(head.status(), head.headers().getOrDefault("retry-after", ""), kept.toByteArray());
        } finally {
            if (reusable) {
                connection.rest();
                giveBack(target, connection);
            } else {
                connection.close();
            }
        }
    }

    /** Reads the body, keeping its beginning. False when there is more of it than anyone needs. */
    private static boolean drain(ReplyHead head, Connection connection, ByteArrayOutputStream kept) throws IOException {
        var in = head.body(connection.in());
        var buffer = new byte[4 * 1024];
        int size = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            kept.write(buffer, 0, Math.min(n, KEPT - kept.size()));
            size += n;
            if (size > MAX_ANSWER) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Connection reuse(Target target) throws Unanswered {
        var free = idle.get(place(target));
        if (free == null) {
            return null;
        }
        for (var connection = free.pollFirst(); connection != null; connection = free.pollFirst()) {
            if (connection.idleNanos() < IDLE_NANOS) {
                return connection;
            }
            discard(connection);
        }
        return null;
    }

    private static String place(Target target) {
        return target.secure() + " " + target.authority();
    }

    private void giveBack(Target target, Connection connection) {
        var free = idle.computeIfAbsent(place(target), place -> new ConcurrentLinkedDeque<>());
        free.addFirst(connection);
        if (free.size() > IDLE) {
            discard(free.pollLast());
        }
    }

    /** Closes what rested too long. Called now and then, so that no half-closed connections lie about. */
    public void sweep() {
        idle.values()
                .forEach(free -> free.removeIf(connection -> {
                    boolean stale = connection.idleNanos() >= IDLE_NANOS;
                    if (stale) {
                        discard(connection);
                    }
                    return stale;
                }));
    }

    private static void discard(Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (IOException e) {
            System.getLogger(GuardedClient.class.getName())
                    .log(System.Logger.Level.DEBUG, "closing an idle connection", e);
        }
    }

    private static byte[] request(String method, Target target, Map<String, String> headers, byte[] body) {
        var head = new StringBuilder(512)
                .append(method)
                .append(' ')
                .append(target.path())
                .append(" HTTP/1.1\r\n")
                .append("Host: ")
                .append(target.authority())
                .append("\r\n")
                .append("User-Agent: whatsapp-gateway\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (method.equals("POST")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        var bytes = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        var request = java.util.Arrays.copyOf(bytes, bytes.length + body.length);
        System.arraycopy(body, 0, request, bytes.length, body.length);
        return request;
    }

    private static Unanswered unanswered(Exception e, Deadline deadline, Duration total) {
        return deadline.struck()
                ? new Unanswered("no complete answer within " + total.toSeconds() + " s", e)
                : new Unanswered(reason(e), e);
    }

    /** What went wrong, in words that carry nothing the other side sent. */
    private static String reason(Exception e) {
        return switch (e) {
            case RefusedAddress refused -> refused.getMessage();
            case UnknownHostException unknown -> "the host's name could not be resolved";
            case ConnectException connect -> "the connection was refused";
            case java.net.SocketTimeoutException timeout -> "no connection within 5 s";
            case SSLException ssl -> "the TLS handshake failed; check the receiver's certificate and its name";
            case ProtocolException protocol -> "the answer is not HTTP/1.1: " + protocol.getMessage();
            default -> "the connection broke before an answer was complete";
        };
    }

    /** Closes the idle connections; exchanges under way end by their own deadlines. */
    @Override
    public void close() {
        var all = new ArrayList<Connection>();
        idle.values().forEach(all::addAll);
        idle.clear();
        all.forEach(GuardedClient::discard);
    }
}
