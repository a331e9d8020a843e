package gateway.engine.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Authenticator;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import gateway.engine.OutboundProxy;
import gateway.engine.web.book.KeptProxy;
import gateway.outbound.AddressGuard;
import gateway.outbound.RefusedAddress;

/**
 * How an account's connections and downloads leave this machine: by the account's own proxy, else by the one of the
 * settings, else directly. An account with a proxy never goes another way, not even when the proxy does not answer.
 * Clients of the API choose an account's own proxy, so its addresses are judged with each connection.
 */
final class WayOut implements AutoCloseable {
    private final Optional<OutboundProxy> usual;
    private final Supplier<HttpClient> shared;
    private final KeptProxy kept;
    private final AddressGuard guard;
    private volatile Optional<OutboundProxy> own;
    private volatile @Nullable HttpClient client;
    private volatile int changes;

    /**
     * @param usual  the proxy of the settings
     * @param shared gives a client that goes by that proxy, or directly; its owner closes it
     * @param guard  judges the account's own proxy
     */
    WayOut(Optional<OutboundProxy> usual, Supplier<HttpClient> shared, KeptProxy kept, AddressGuard guard) {
        this.usual = usual;
        this.shared = shared;
        this.kept = kept;
        this.guard = guard;
        this.own = kept.find();
        this.client = own.map(this::judgedClient).orElse(null);
    }

    /** A client all of whose connections go by the proxy of the settings. */
    static HttpClient client(OutboundProxy proxy) {
        // The name is looked up with each connection, as a proxy may move.
        return client(proxy, () -> InetSocketAddress.createUnresolved(proxy.host(), proxy.port()));
    }

    private HttpClient judgedClient(OutboundProxy proxy) {
        return client(proxy, () -> {
            try {
                return new InetSocketAddress(guard.addresses(proxy.host())[0], proxy.port());
            } catch (UnknownHostException | RefusedAddress e) {
                throw new UncheckedIOException(new ConnectException(e.getMessage()));
            }
        });
    }

    private static HttpClient client(OutboundProxy proxy, Supplier<InetSocketAddress> address) {
        return builder()
                .proxy(new Only(address))
                .authenticator(new Password(proxy))
                .build();
    }

    /**
     * Why an account may not have the proxy, in words that follow the field's name. A name that no name server knows
     * now may be known later, and is judged then.
     *
     * @return empty when an account may have it
     */
    static Optional<String> refusal(OutboundProxy proxy, AddressGuard guard) {
        try {
            guard.addresses(proxy.host());
            return Optional.empty();
        } catch (RefusedAddress e) {
            return Optional.of(e.getMessage());
        } catch (UnknownHostException _) {
            return Optional.empty();
        }
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
        return by == null ? shared.get() : by;
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
        client = proxy.map(this::judgedClient).orElse(null);
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
        private final Supplier<InetSocketAddress> address;

        /** @param address throws {@link UncheckedIOException} when there is none to connect to */
        Only(Supplier<InetSocketAddress> address) {
            this.address = address;
        }

        @Override
        public List<Proxy> select(URI uri) {
            return List.of(new Proxy(Proxy.Type.HTTP, address.get()));
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
