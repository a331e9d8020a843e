package gateway.webhook;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;

import gateway.engine.Event;
import gateway.outbound.AddressGuard;
import gateway.outbound.AddressRules;
import gateway.outbound.GuardedClient;
import gateway.outbound.RefusedAddress;
import gateway.outbound.Resolver;
import gateway.outbound.SystemResolver;
import gateway.process.Rounds;
import gateway.process.WorkerKind;
import gateway.process.Workers;
import gateway.secret.SecretCodec;
import gateway.store.Store;
import gateway.store.Tx;
import gateway.webhook.payload.Account;
import gateway.webhook.payload.EventName;
import gateway.webhook.payload.PayloadDialect;

/**
 * Tells endpoints what happens on WhatsApp. {@link #notice} and {@link #enqueue} are for whoever stores an event: the
 * deliveries become durable in the same transaction as the event itself; {@link #wakeAll} then sets them going.
 */
public final class Webhooks implements AutoCloseable {
    /** How soon a change made by another process, such as {@code whatsapp webhook add}, counts. */
    private static final Duration LOOK = Duration.ofSeconds(2);
    /** In-flight posts may end; then the process goes. */
    private static final long STOP_MILLIS = 10_000;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Store store;
    private final InstantSource clock;
    private final Endpoints endpoints;
    private final DeliveryClaims claims;
    private final Completions completions;
    private final Deliverer deliverer;
    private final EndpointBook endpointBook;
    private final DeliveryBook deliveryBook;
    private final SystemResolver ownResolver;
    private final GuardedClient downloads;
    private final Rounds caretaker;

    private static final Duration DOWNLOAD_TOTAL = Duration.ofSeconds(30);

    /**
     * What the room is made from.
     *
     * @param rules where may be posted to
     * @param secrets what a receiver's secret must be that is given at run time
     * @param downloads where files that a client names may come from
     * @param resolver who is asked for addresses; empty = the system
     * @param tls trusts the receivers' certificates; normally the JDK's default context; asked for when first needed
     * @param keepsBodies whether what was delivered can be looked up and replayed
     */
    public record Parts(
            Store store,
            SecretCodec codec,
            AddressRules rules,
            SecretPolicy secrets,
            AddressRules downloads,
            Optional<Resolver> resolver,
            Supplier<SSLContext> tls,
            InstantSource clock,
            RandomGenerator random,
            WebhookMetrics metrics,
            Workers workers,
            boolean keepsBodies) {
        /** As a gateway that keeps the bodies of what was delivered. */
        public Parts(
                Store store,
                SecretCodec codec,
                AddressRules rules,
                SecretPolicy secrets,
                AddressRules downloads,
                Optional<Resolver> resolver,
                Supplier<SSLContext> tls,
                InstantSource clock,
                RandomGenerator random,
                WebhookMetrics metrics,
                Workers workers) {
            this(store, codec, rules, secrets, downloads, resolver, tls, clock, random, metrics, workers, true);
        }
    }

    /** Opens the room and begins to deliver what is due, including what an earlier process left. */
    public Webhooks(Parts parts, List<Endpoint> configured) {
        this(parts, configured, Courier.TOTAL);
    }

    Webhooks(Parts parts, List<Endpoint> configured, Duration total) {
        this.store = parts.store;
        this.clock = parts.clock;
        this.ownResolver = new SystemResolver();
        var guard = new AddressGuard(parts.rules, parts.resolver.orElse(ownResolver));
        this.endpoints = new Endpoints(store, parts.codec, configured);
        var holder = random(8);
        this.claims = new DeliveryClaims(store, holder);
        var queue = new DeliveryQueue(store, holder);
        this.completions = new Completions(store, queue, clock, parts.workers);
        this.downloads =
                new GuardedClient(new AddressGuard(parts.downloads, parts.resolver.orElse(ownResolver)), parts.tls);
        var calendar = new DeliveryRetries(parts.random);
        this.deliverer = new Deliverer(
                endpoint -> new EndpointQueue.Parts(
                        claims,
                        completions,
                        endpoints.health(),
                        calendar,
                        new Courier(guard, new GuardedClient(guard, parts.tls), clock, total),
                        clock,
                        parts.metrics,
                        parts.workers),
                parts.metrics);
        this.endpointBook = new EndpointBook(store, endpoints, guard, parts.secrets, clock, this::look);
        this.deliveryBook = new DeliveryBook(store, clock, this::look);
        claims.recover();
        deliverer.follow(endpoints.snapshot());
        var chores = new Housekeeping(store, parts.metrics, clock);
        this.caretaker = new Rounds(WorkerKind.WEBHOOK_CARETAKER, parts.workers);
        caretaker.every(LOOK, LOOK, worker -> look());
        caretaker.every(Duration.ofSeconds(1), Duration.ofSeconds(15), worker -> chores.measure(endpoints.snapshot()));
        caretaker.every(Duration.ofSeconds(10), Duration.ofMinutes(10), chores::purge);
        if (!parts.keepsBodies) {
            caretaker.every(Duration.ofSeconds(1), Duration.ofSeconds(5), chores::forget);
        }
    }

    /** Makes an event ready for the endpoints that want it. Cheap when there are none. */
    public Fanout notice(Account account, Event event) {
        var snapshot = endpoints.snapshot();
        var bodies = new HashMap<PayloadDialect, Optional<String>>();
        var letters = new ArrayList<Fanout.Letter>();
        for (var endpoint : snapshot.endpoints()) {
            if (endpoint.wants(account, event)) {
                bodies.computeIfAbsent(endpoint.dialect(), dialect -> dialect.render(account, event))
                        .ifPresent(body -> letters.add(new Fanout.Letter(
                                endpoint.id(),
                                body,
                                snapshot.health(endpoint.id()).disabled())));
            }
        }
        int orderKey = letters.isEmpty() ? OrderKey.NONE : OrderKey.of(account.device(), event);
        return new Fanout("evt_" + random(16), account.device(), EventName.of(event), event.at(), orderKey, letters);
    }

    /** Stores the notice within the caller's transaction. May run again after the transaction was undone. */
    public void enqueue(Tx tx, Fanout notice) {
        store(tx, notice, clock.millis());
    }

    static void store(Tx tx, Fanout notice, long now) {
        if (notice.isEmpty()) {
            return;
        }
        tx.insert(
                "INSERT INTO event (id, device, type, happened_at) VALUES (?, ?, ?, ?)",
                notice.id(),
                notice.device(),
                notice.type(),
                notice.at());
        for (var letter : notice.letters()) {
            DeliveryQueue.add(tx, notice.id(), letter.endpoint(), letter.body(), notice.orderKey(), now, letter.dead());
        }
    }

    /** Lets every endpoint look for due deliveries at once. */
    public void wakeAll() {
        deliverer.wakeAll();
    }

    /** Takes other configured endpoints, such as after a reload of the settings. */
    public void configure(List<Endpoint> configured) {
        endpoints.configure(configured);
        look();
    }

    /**
     * Downloads a file that a client named by a URL, by rules of its own, whatever may be posted to: a client is not
     * the operator. By default that is https from public addresses.
     *
     * @param most bytes; a larger file is refused
     * @param file must not exist yet, and does not when this fails
     * @throws IOException with one sentence for the client
     */
    public void fetch(String url, long most, Path file) throws IOException {
        try {
            downloads.fetch(url, most, DOWNLOAD_TOTAL, file);
        } catch (RefusedAddress e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The endpoints, for operators. */
    public EndpointBook endpoints() {
        return endpointBook;
    }

    /** The deliveries, for operators. */
    public DeliveryBook deliveries() {
        return deliveryBook;
    }

    /** Follows the newest endpoints. One thread at a time, so that none follows older ones after another's newer. */
    private synchronized void look() {
        if (deliverer.follow(endpoints.refresh())) {
            deliverer.wakeAll();
        }
    }

    static String random(int bytes) {
        var value = new byte[bytes];
        RANDOM.nextBytes(value);
        return HexFormat.of().formatHex(value);
    }

    /** Lets what is under way end, for ten seconds at most, and gives the rest back. The store is still open. */
    @Override
    public void close() {
        caretaker.close();
        deliverer.stop(STOP_MILLIS);
        try {
            completions.close();
            claims.release();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            System.getLogger(Webhooks.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "claimed webhook deliveries could not be given back; they come due by themselves",
                            e);
        }
        ownResolver.close();
    }
}
