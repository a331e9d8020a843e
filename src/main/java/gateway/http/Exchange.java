package gateway.http;

import java.net.InetAddress;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import gateway.auth.Grant;
import gateway.auth.Principal;

/**
 * One request and its reply: who asks, from where, under which id, and the headers that the reply carries whatever its
 * status turns out to be. Reached by {@link #current()} on the thread that handles the request.
 */
public final class Exchange {
    /** The connection whose request this thread handles; bound by the listener. */
    public static final ScopedValue<ClientConnection> CONNECTION = ScopedValue.newInstance();

    /** What a client may choose as its id: nothing that could end a log line or a header. */
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9-]{8,64}");

    private final InetAddress peer;
    private final Map<String, String> headers = new LinkedHashMap<>(0);
    /** Made when somebody asks for it. */
    private @Nullable String requestId;

    private InetAddress client;
    private @Nullable Principal principal;
    private @Nullable Grant grant;

    public Exchange(InetAddress peer, @Nullable String offeredId) {
        this.peer = peer;
        this.client = peer;
        this.requestId = offeredId != null && REQUEST_ID.matcher(offeredId).matches() ? offeredId : null;
    }

    /**
     * The exchange that this thread handles.
     *
     * @throws IllegalStateException on any other thread
     */
    public static Exchange current() {
        if (!CONNECTION.isBound()) {
            throw new IllegalStateException("No request is handled on this thread");
        }
        return CONNECTION.get().exchange();
    }

    /** The id of the request that this thread handles; {@code -} on any other thread. */
    public static String id() {
        return CONNECTION.isBound() ? current().requestId() : "-";
    }

    /** The client's {@code X-Request-Id} when it is 8 to 64 letters, digits and dashes, else one of ours. */
    public String requestId() {
        if (requestId == null) {
            requestId = newId();
        }
        return requestId;
    }

    /** The other end of the TCP connection: a proxy, where there is one. */
    public InetAddress peer() {
        return peer;
    }

    /** The client itself, after trusted proxies were looked through. */
    public InetAddress client() {
        return client;
    }

    void client(InetAddress address) {
        this.client = address;
    }

    /** Who asks; empty on a route that is open to all. */
    public Optional<Principal> principal() {
        return Optional.ofNullable(principal);
    }

    /** The right of whoever asks, for what goes on longer than this request; empty on a route that is open to all. */
    public Optional<Grant> grant() {
        return Optional.ofNullable(grant);
    }

    void admitted(Principal who, Grant right) {
        this.principal = who;
        this.grant = right;
    }

    /** Adds a header to the reply that survives the reply being replaced by an error. */
    public void header(String name, String value) {
        headers.put(name, value);
    }

    public Map<String, String> headers() {
        return headers;
    }

    private static String newId() {
        var random = ThreadLocalRandom.current();
        return HexFormat.of().toHexDigits(random.nextLong()) + HexFormat.of().toHexDigits(random.nextLong());
    }
}
