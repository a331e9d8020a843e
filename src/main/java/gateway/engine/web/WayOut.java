package gateway.engine.web;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import gateway.engine.OutboundProxy;
import gateway.engine.web.book.KeptProxy;

/**
 * How an account's connections and downloads leave this machine: by the account's own proxy, else by the one of the
 * settings, else directly. An account with a proxy never goes another way, not even when the proxy does not answer.
 */
final class WayOut implements AutoCloseable {
    private final Optional<OutboundProxy> usual;
    private final HttpClient shared;
    private final KeptProxy kept;
    private volatile Optional<OutboundProxy> own;
    private volatile @Nullable HttpClient client;
    private volatile int changes;

    /**
     * @param usual  the proxy of the settings
     * @param shared a client that goes by that proxy, or directly; its owner closes it
     */
    WayOut(Optional<OutboundProxy> usual, HttpClient shared, KeptProxy kept) {
        this.usual = usual;
        this.shared = shared;
        this.kept = kept;
        this.own = kept.find();
        this.client = own.map(WayOut::client).orElse(null);
    }

    /** A client all of whose connections go by this proxy. */
    static HttpClient client(OutboundProxy proxy) {
        return builder()
                .proxy(new Only(proxy))
                .authenticator(new Password(proxy))
                .build();
    }

    /** A client whose connections go by no proxy. */
    static HttpClient direct() {
        return builder().build();
    }

    /** Virtual threads take what comes in: the client's own pool of platform threads would only cost time. */
    private static HttpClient.Builder builder() {
        return HttpClient.newBuilder().executor(Thread::startVirtualThread);
    }

    HttpClient client() {
        HttpClient by = client;
        return by == null ? shared : by;
    }

    /** The proxy that counts. */
    Optional<OutboundProxy> proxy() {
        return own.or(() -> usual);
    }

    /** How often the way has changed: what was begun before the last change is not to be used. */
    int changes() {
        return changes;
    }

    /** Gives the account a proxy of its own, or none. Connections that are open stay as they are. */
    synchronized void change(Optional<OutboundProxy> proxy) {
        kept.keep(proxy);
        HttpClient before = client;
        client = proxy.map(WayOut::client).orElse(null);
        own = proxy;
        changes++;
        if (before != null) {
            before.shutdown();
        }
    }

    @Override
    public void close() {
        HttpClient by = client;
        if (by != null) {
            by.shutdownNow();
        }
    }

    /** One proxy for every address: nothing goes around it. */
    private static final class Only extends ProxySelector {
        private final List<Proxy> proxies;

        Only(OutboundProxy proxy) {
            // The name is looked up with each connection, as a proxy may move.
            this.proxies =
                    List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
        }

        @Override
        public List<Proxy> select(URI uri) {
            return proxies;
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            // The connection's end says it.
        }
    }

    /** Tells the password to this proxy, and to no server. */
    private static final class Password extends Authenticator {
        private final OutboundProxy proxy;

        Password(OutboundProxy proxy) {
            this.proxy = proxy;
        }

        @Override
        protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() == RequestorType.PROXY && !proxy.user().isEmpty()
                    ? new PasswordAuthentication(proxy.user(), proxy.password().toCharArray())
                    : null;
        }
    }
}
