package gateway.webhook;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import javax.net.ssl.SSLContext;

import gateway.config.Cidr;
import gateway.engine.Content;
import gateway.engine.Event;
import gateway.engine.Jid;
import gateway.outbound.AddressRules;
import gateway.outbound.Resolver;
import gateway.process.Workers;
import gateway.secret.Seals;
import gateway.store.Store;
import gateway.webhook.payload.Account;
import gateway.webhook.payload.PayloadDialect;

/** What a webhook room is given by tests and measurements. */
public final class WebhookGiven {
    static final String SECRET = "4f1c7a0d9b2e48f6a3c5d7e9f1b3a5c7";
    public static final Account ACCOUNT = new Account("main", Optional.of(Jid.ofPhone("6281100000000")));
    static final Jid SENDER = Jid.ofPhone("6281234567890");
    public static final AddressRules LOOPBACK = new AddressRules(true, List.of(Cidr.parse("127.0.0.0/8")));

    private WebhookGiven() {}

    static Webhooks.Parts parts(Path directory, Store store, InstantSource clock, Optional<Resolver> resolver) {
        try {
            var tls = SSLContext.getDefault();
            return new Webhooks.Parts(
                    store,
                    Seals.of(store, directory),
                    LOOPBACK,
                    SecretPolicy.DEVELOPMENT,
                    AddressRules.downloads(false, List.of()),
                    resolver,
                    () -> tls,
                    clock,
                    new Random(1),
                    WebhookMetrics.NONE,
                    new Workers());
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static Endpoint endpoint(String id, String url) {
        return endpoint(id, url, EndpointSecrets.of(SECRET));
    }

    static Endpoint endpoint(String id, String url, EndpointSecrets secrets) {
        return new Endpoint(id, url, secrets, Set.of(), List.of(), PayloadDialect.V7, true, "", true);
    }

    /** A message that came in, each id in a chat of its own. */
    static Event.Message message(String id, String text) {
        var person = Jid.ofPhone("62812" + (10_000_000 + Math.floorMod(id.hashCode(), 10_000_000)));
        return new Event.Message(
                id, person, person, false, "Ana", new Content.Text(text, "", false, 0), 1_763_719_200_000L);
    }
}
