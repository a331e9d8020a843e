package gateway.engine.web;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;

import gateway.engine.Engine;
import gateway.engine.Events;
import gateway.engine.Jid;
import gateway.engine.web.book.Book;
import gateway.engine.web.book.DeviceDirectory;
import gateway.engine.web.connection.ServerAddress;
import gateway.engine.web.pairing.ClientProfile;
import gateway.engine.web.pairing.ClientVersion;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.signal.CurvePublic;
import gateway.secret.SecretCodec;
import gateway.store.Store;
import gateway.store.Tx;

/** WhatsApp's multi-device protocol: each account is a linked device of a person's phone. */
public final class WebEngine implements Engine {
    /** What comes in goes on to a virtual thread anyway; a thread of the system's between the two only costs. */
    private final HttpClient client =
            HttpClient.newBuilder().executor(Thread::startVirtualThread).build();

    private final ServerAddress endpoint;
    private final SecretCodec seals;
    private final ClientProfile profile;
    private final InstantSource clock;

    /**
     * An engine that connects to WhatsApp, or to a twin of it.
     *
     * @param twin    the address of a twin on loopback; empty for WhatsApp itself
     * @param rootKey the twin's root key in hexadecimal; empty for WhatsApp's own
     * @param browser the name that the phone shows
     * @throws IllegalArgumentException for a root key that is not 32 bytes
     */
    public WebEngine(
            Optional<URI> twin, Optional<String> rootKey, String browser, SecretCodec seals, InstantSource clock) {
        this.endpoint = endpoint(twin, rootKey);
        this.seals = seals;
        this.profile = new ClientProfile(ClientVersion.BUILT_IN, "Mac OS", browser, "US", false);
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
        var session = new WebSession(
                device, new Book(device, state, seals), events, new Dialer(client, endpoint, profile, clock), clock);
        session.start();
        return session;
    }

    @Override
    public void forget(String device, Store state) {
        var book = new Book(device, state, seals);
        book.write(book.wipe());
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

    @Override
    public void close() {
        client.shutdownNow();
    }
}
