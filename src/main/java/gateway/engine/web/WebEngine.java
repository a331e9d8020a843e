package gateway.engine.web;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import gateway.engine.Engine;
import gateway.engine.Events;
import gateway.engine.Jid;
import gateway.engine.OutboundProxy;
import gateway.engine.web.book.Book;
import gateway.engine.web.book.DeviceDirectory;
import gateway.engine.web.book.KeptNotes;
import gateway.engine.web.connection.ServerAddress;
import gateway.engine.web.pairing.ClientProfile;
import gateway.engine.web.pairing.ClientVersion;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.signal.CurvePublic;
import gateway.outbound.AddressGuard;
import gateway.secret.SecretCodec;
import gateway.store.Store;
import gateway.store.Tx;

/** WhatsApp's multi-device protocol: each account is a linked device of a person's phone. */
public final class WebEngine implements Engine {
    private final Optional<OutboundProxy> proxy;
    private final AddressGuard guard;
    private @Nullable HttpClient client;
    private final ServerAddress endpoint;
    private final SecretCodec seals;
    private final ClientProfile profile;
    private final ClientVersions versions;
    private final InstantSource clock;

    /**
     * An engine that connects to WhatsApp, or to a twin of it.
     *
     * @param twin    the address of a twin on loopback; empty for WhatsApp itself
     * @param rootKey the twin's root key in hexadecimal; empty for WhatsApp's own
     * @param browser the name that the phone shows
     * @param proxy   by which accounts leave that have none of their own
     * @param guard   judges the proxies of accounts that have one of their own
     * @param version the version of the web client that logins claim; empty to find the newest
     * @throws IllegalArgumentException for a root key that is not 32 bytes
     */
    public WebEngine(
            Optional<URI> twin,
            Optional<String> rootKey,
            String browser,
            Optional<String> version,
            Optional<OutboundProxy> proxy,
            AddressGuard guard,
            SecretCodec seals,
            InstantSource clock) {
        this.endpoint = endpoint(twin, rootKey);
        this.seals = seals;
        this.profile = new ClientProfile(ClientVersion.BUILT_IN, "Mac OS", browser, "US", false);
        this.versions = new ClientVersions(version.map(ClientVersion::parse), endpoint.address());
        this.proxy = proxy;
        this.guard = guard;
        this.clock = clock;
    }

    private static ServerAddress endpoint(Optional<URI> twin, Optional<String> rootKey) {
        try {
            return new ServerAddress(
                    twin.orElse(ServerAddress.WHATSAPP.address()),
                    rootKey.isEmpty()
                            ? ServerAddress.WHATSAPP.root()
                            : CurvePublic.of(HexFormat.of().parseHex(rootKey.get())),
                    Optional.empty());
        } catch (WireRefusal e) {
            throw new IllegalArgumentException("The root key has not 32 bytes.", e);
        }
    }

    @Override
    public String name() {
        return "web";
    }

    @Override
    public WebSession open(String device, Store state, Events events) {
        var book = new Book(device, state, seals);
        book.notes()
                .find(KeptNotes.CLIENT_VERSION)
                .map(bytes -> ClientVersion.parse(new String(bytes, StandardCharsets.US_ASCII)))
                .ifPresent(versions::accepted);
        var session = new WebSession(
                device,
                book,
                events,
                new Dialer(
                        new WayOut(proxy, this::client, book.proxy(), guard),
                        endpoint,
                        profile,
                        versions,
                        new Tap(),
                        clock),
                clock);
        session.start();
        return session;
    }

    @Override
    public void forget(String device, Store state) {
        var book = new Book(device, state, seals);
        book.write(book.wipe());
        book.proxy().keep(Optional.empty());
    }

    @Override
    public boolean knowsStrangers() {
        return true;
    }

    @Override
    public Optional<String> refusal(OutboundProxy named) {
        return WayOut.refusal(named, guard);
    }

    @Override
    public Optional<Jid> account(String device, Store state) {
        return new Book(device, state, seals)
                .own()
                .credentials()
                .flatMap(DeviceCredentials::paired)
                .map(WebSession::shown);
    }

    @Override
    public Optional<Jid> otherAddress(String device, Tx tx, Jid person) {
        return DeviceDirectory.other(tx, device, person);
    }

    /**
     * The client of all accounts without a proxy of their own. The first connection makes it, beside the start: the
     * runtime's TLS takes long to load.
     */
    private synchronized HttpClient client() {
        if (client == null) {
            client = proxy.map(WayOut::client).orElseGet(WayOut::direct);
        }
        return client;
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.shutdownNow();
        }
    }
}
