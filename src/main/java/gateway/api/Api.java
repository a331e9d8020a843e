package gateway.api;

import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;

import gateway.api.docs.Docs;
import gateway.api.media.Intake;
import gateway.api.media.MediaLimits;
import gateway.api.media.MediaSource;
import gateway.api.request.Bodies;
import gateway.api.request.Recipients;
import gateway.auth.PairingLinks;
import gateway.budget.BudgetSpent;
import gateway.budget.Workbench;
import gateway.engine.EngineRefusal;
import gateway.engine.MediaFiles;
import gateway.http.Allowance;
import gateway.http.KeptReplies;
import gateway.http.Problem;
import gateway.messaging.Accounts;
import gateway.messaging.ChatNotes;
import gateway.messaging.Chats;
import gateway.messaging.History;
import gateway.messaging.IdempotencyKey;
import gateway.messaging.Outbox;
import gateway.process.FilesUnavailable;
import gateway.store.LeaseLost;
import gateway.store.RowFault;
import gateway.store.Store;
import gateway.store.StoreUnavailable;
import gateway.webhook.DeviceEndpoints;

/** The REST contract put together: every route of it, behind the same guard. */
public final class Api {
    private final Rules rules;
    private final Accounts accounts;
    private final Outbox outbox;
    private final Store store;
    private final MediaFiles media;
    private final MediaSource source;
    private final List<EngineRoutes> engines;
    private final Workbench bench;
    private final DeviceEndpoints endpoints;
    private final SignedLinks links;
    private final PairingLinks pages;
    private final AccountCalls calls;
    private final Bodies bodies;
    private final QrImages images;
    private final StaticRoutes files;

    /**
     * What an operator chooses.
     *
     * @param basePath empty, or a path that starts with a slash and ends without one
     * @param publicUrl where clients reach the gateway, when an operator says so
     * @param strict whether phone numbers must be possible ones and JSON values of the right type
     * @param checkNumbers whether WhatsApp is asked for every recipient
     * @param fromTrustedProxy whether forwarding headers of a request may be believed
     * @param allowedOrigin which other sites' pages may call (APP_CORS_ALLOWED_ORIGINS)
     * @param version of this program, for {@code /app/info}
     * @param deviceName what the phone's list of linked devices shows
     * @param profile as {@code APP_PROFILE} names it, for {@code /app/status}
     */
    public record Rules(
            String basePath,
            Optional<URI> publicUrl,
            boolean strict,
            boolean checkNumbers,
            Predicate<ServerRequest> fromTrustedProxy,
            Predicate<String> allowedOrigin,
            MediaLimits limits,
            String version,
            String deviceName,
            String profile) {}

    /** @param engines the routes of single engines that accounts of this process can have */
    public Api(
            Rules rules,
            Accounts accounts,
            Outbox outbox,
            Store store,
            MediaFiles media,
            MediaSource source,
            List<EngineRoutes> engines,
            InstantSource clock,
            Workbench bench,
            DeviceEndpoints endpoints,
            SignedLinks links,
            PairingLinks pages) {
        this.rules = rules;
        this.accounts = accounts;
        this.outbox = outbox;
        this.store = store;
        this.media = media;
        this.source = source;
        this.engines = List.copyOf(engines);
        this.bench = bench;
        this.endpoints = endpoints;
        this.links = links;
        this.pages = pages;
        this.calls = new AccountCalls(accounts);
        this.bodies = new Bodies(rules.basePath(), rules.strict(), media);
        this.images = new QrImages(clock, bench);
        this.files = new StaticRoutes(calls, images, media, links, rules.basePath());
    }

    /** The reader of bodies, for routes that are registered elsewhere. */
    public Bodies bodies() {
        return bodies;
    }

    /**
     * Adds the routes that need no credential.
     *
     * @param shared    whether pages of other origins may show the files that signed links lead to
     * @param strangers counts a request for the rate of clients that are not known
     */
    public void open(HttpRules routing, boolean shared, Handler strangers) {
        routing.register(rules.basePath() + "/statics", files.signed(shared));
        routing.register(rules.basePath() + "/pair", new PairingPage(accounts, pages, images, strangers));
    }

    /** Adds the routes; whoever calls this has put the entrance before them. */
    public void routes(HttpRules routing) {
        var recipients = new Recipients(rules.strict());
        var intake = new Intake(media, source, rules.limits(), bench);
        var address = new PublicAddress(rules.basePath(), rules.publicUrl(), rules.fromTrustedProxy());
        var pairing = new Pairing(images, address, recipients, links, pages);
        var chats = new Chats(store);
        var notes = new ChatNotes(store, outbox.storage());
        var outgoing = new Outgoing(calls, outbox, chats, recipients, rules.checkNumbers());

        register(routing, "/app", new AppRoutes(calls, pairing, rules), new PasskeyRoutes(calls, bodies));
        var webhook = new DeviceWebhook(calls, bodies, endpoints);
        var proxy = new DeviceProxy(calls, accounts, bodies);
        register(
                routing,
                "/devices",
                new DeviceRoutes(calls, accounts, outbox, media, bodies, pairing, webhook, proxy),
                webhook,
                proxy,
                new DeviceTrace(calls, bodies));
        register(routing, "/statics", files);
        register(routing, "/user", new UserRoutes(calls, bodies, recipients, intake, address, links));
        register(
                routing,
                "/send",
                new SendRoutes(calls, bodies, outgoing, recipients),
                new MediaRoutes(bodies, outgoing, intake));
        register(
                routing,
                "/message",
                new MessageRoutes(bodies, outgoing, recipients, chats, notes, media, address, links));
        register(
                routing,
                "/group",
                new GroupRoutes(calls, bodies, recipients, intake),
                new MemberRoutes(calls, bodies, recipients));
        register(routing, "/newsletter", new NewsletterRoutes(calls, bodies, recipients));
        register(routing, "/call", new CallRoutes(calls, bodies, recipients));
        var tools = new RequestTools(calls, bodies, recipients, intake);
        engines.forEach(engine ->
                register(routing, engine.path(), engine.services(tools).toArray(HttpService[]::new)));
        register(
                routing,
                "",
                new ChatRoutes(
                        calls,
                        bodies,
                        chats,
                        new History(store),
                        notes,
                        recipients,
                        rules.version(),
                        new KeptReplies(store::state, System::nanoTime)),
                new Docs());
    }

    /** What a listener must let through in bytes: the largest file and the form around it. JSON is cut much earlier. */
    public static long largestBody(MediaLimits limits) {
        return limits.largest() + (1 << 20);
    }

    /** What the rooms behind the routes throw, as a client is told of it. */
    public static Optional<Problem> problem(Throwable thrown) {
        return switch (thrown) {
            case EngineRefusal refusal -> Optional.of(EngineErrors.by(refusal));
            case StoreUnavailable late
            when late.tooLong() ->
                Optional.of(Problem.unavailable(
                        "The message store gave up a search that took too long. Ask for less, such as a shorter time, or ask again.",
                        5));
            case StoreUnavailable unavailable ->
                Optional.of(Problem.unavailable(
                        "The message store does not answer. Ask again, with the same Idempotency-Key where there was one.",
                        5));
            case RowFault fault
            when fault.constraint() ->
                Optional.of(Problem.unavailable(
                        "What the request is about was changed or removed at the same moment. Ask again.", 1));
            case BudgetSpent spent -> Optional.of(Allowance.problem());
            case OutOfMemoryError memory -> Optional.of(Allowance.problem());
            case FilesUnavailable files ->
                Optional.of(Problem.unavailable(
                        "The server's storage does not take or give files at this moment; ask again.", 5));
            case LeaseLost lost ->
                Optional.of(Problem.unavailable("Another node serves this device now. Ask again.", 1));
            case IdempotencyKey.Reused reused ->
                Optional.of(new Problem(422, "IDEMPOTENCY_KEY_REUSED", reused.getMessage()));
            case null, default -> Optional.empty();
        };
    }

    private void register(HttpRules routing, String path, HttpService... services) {
        var sameSite = new SameSite(rules.allowedOrigin());
        routing.register(rules.basePath() + path, guarded -> {
            guarded.any(sameSite);
            for (var service : services) {
                service.routing(guarded);
            }
        });
    }
}
