package gateway.api;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;

import gateway.engine.EngineRefusal;
import gateway.engine.sandbox.SandboxEngine;
import gateway.http.Problem;
import gateway.messaging.Accounts;
import gateway.messaging.Chats;
import gateway.messaging.Outbox;
import gateway.store.StoreUnavailable;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;

/** The REST contract put together: every route of it. */
public final class Api {
    private final Rules rules;
    private final Accounts accounts;
    private final Outbox outbox;
    private final Chats chats;
    private final Optional<SandboxEngine> sandbox;
    private final InstantSource clock;

    /**
     * What an operator chooses.
     *
     * @param basePath empty, or a path that starts with a slash and ends without one
     * @param strict whether phone numbers must be possible ones
     * @param checkNumbers whether WhatsApp is asked for every recipient
     * @param fromTrustedProxy whether forwarding headers of a request may be believed
     */
    public record Rules(String basePath, boolean strict, boolean checkNumbers, Predicate<ServerRequest> fromTrustedProxy) {
    }

    public Api(Rules rules, Accounts accounts, Outbox outbox, Chats chats, Optional<SandboxEngine> sandbox, InstantSource clock) {
        this.rules = rules;
        this.accounts = accounts;
        this.outbox = outbox;
        this.chats = chats;
        this.sandbox = sandbox;
        this.clock = clock;
    }

    /** Adds the routes; whoever calls this has put the entrance before them. */
    public void routes(HttpRules routing) {
        var calls = new AccountCalls(accounts);
        var recipients = new Recipients(rules.strict());
        var app = new AppRoutes(calls, new QrImages(clock), new PublicAddress(rules.basePath(), rules.fromTrustedProxy()), recipients);
        register(routing, "/app", app);
        register(routing, "/statics/qrcode", statics -> statics.get("/{name}", app::image));
        register(routing, "/user", new UserRoutes(calls, recipients));
        register(routing, "/send", new SendRoutes(calls, outbox, recipients, rules.checkNumbers()));
        register(routing, "", new ChatRoutes(calls, chats, recipients));
        sandbox.ifPresent(engine -> register(routing, "/sandbox", new SandboxRoutes(calls, engine, recipients)));
    }

    /** What the rooms behind the routes throw, as a client is told of it. */
    public static Optional<Problem> problem(Throwable thrown) {
        return switch (thrown) {
            case EngineRefusal refusal -> Optional.of(Refused.by(refusal));
            case StoreUnavailable unavailable -> Optional.of(
                    Problem.unavailable("The message store does not answer; nothing was kept.", 5));
            case null, default -> Optional.empty();
        };
    }

    private void register(HttpRules routing, String path, HttpService service) {
        routing.register(rules.basePath() + path, service);
    }
}
