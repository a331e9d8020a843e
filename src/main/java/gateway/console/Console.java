package gateway.console;

import java.util.function.Predicate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.websocket.WsRouting;

import gateway.auth.Network;
import gateway.auth.Principal;
import gateway.check.PostureReader;
import gateway.http.Envelope;
import gateway.http.Exchange;
import gateway.http.Problem;
import gateway.messaging.Accounts;

/**
 * The page for people. It is an API client like any other: whatever it shows or does goes through the routes of
 * {@code gateway.api}, with the credentials the browser asks for. Register it behind the gate.
 *
 * <p>Routes: {@code /} the page, {@code /console/<version>/<file>} its files, {@code /console/state} what it has to
 * know before anything else, {@code /console/posture} what the reports of the checklist say, {@code /ws} the live feed.
 */
public final class Console implements HttpService {
    /**
     * No inline code and no other origin (OWASP ASVS 3.4.3), and no text that becomes markup: the scripts build nodes.
     * {@code blob:} is for a picture that is about to be sent.
     */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
                    + "media-src 'self' blob:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
                    + "require-trusted-types-for 'script'; trusted-types 'none'";
    /** A year: the address changes with the content (RFC 9111 §5.2.2, RFC 8246). */
    private static final String FOREVER = "private, max-age=31536000, immutable";

    private final About about;
    private final Accounts accounts;
    private final LiveFeed feed;
    private final PostureReader posture;

    /**
     * What the page says of the program.
     *
     * @param basePath what every route starts with: empty, or like {@code /wa}
     * @param rehearsal whether the page says on every view that WhatsApp may be a twin
     * @param engine its name; with {@code sandbox} the page shows the sandbox's controls
     */
    public record About(String basePath, String version, String engine, String profile, boolean rehearsal) {}

    /** The page's files, read for the first browser: their digest would lengthen each start. */
    private static final class Files {
        static final Assets READ = new Assets();
    }

    public Console(About about, Accounts accounts, LiveFeed feed, PostureReader posture) {
        this.about = about;
        this.accounts = accounts;
        this.feed = feed;
        this.posture = posture;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", this::page)
                .get("/console/state", this::state)
                .get("/console/posture", this::posture)
                .get("/console/{version}/{name}", this::asset)
                .get("/ws", this::notASocket);
    }

    /** Adds {@code /ws}. Whoever may open it must have been let in by the listener's gate for upgrades. */
    public void sockets(WsRouting.Builder routing) {
        routing.endpoint(
                about.basePath() + "/ws",
                () -> new LiveSocket(feed, Console::watcher, new LiveSocket.Devices() {
                    @Override
                    public ArrayNode paired(Predicate<String> visible) {
                        return DeviceList.asOriginal(accounts, visible);
                    }

                    @Override
                    public boolean exists(String device) {
                        return accounts.status(device).isPresent();
                    }
                }));
    }

    private static Watcher watcher() {
        var exchange = Exchange.current();
        return new Watcher(exchange.principal(), Network.site(exchange.client()), exchange.grant());
    }

    /** The devices that whoever asks may see. */
    private static Predicate<String> visible() {
        var principal = Exchange.current().principal();
        return device -> principal.isEmpty() || principal.get().mayUse(device);
    }

    private void page(ServerRequest request, ServerResponse response) {
        if (!request.prologue().uriPath().rawPath().endsWith("/")
                && !Exchange.CONNECTION.get().isSlashed()) {
            // The page's files are addressed relative to it.
            response.status(Status.PERMANENT_REDIRECT_308)
                    .header(HeaderNames.LOCATION, about.basePath() + "/")
                    .send();
            return;
        }
        response.header("Content-Security-Policy", POLICY);
        response.header("Cross-Origin-Opener-Policy", "same-origin");
        response.header(HeaderNames.CONTENT_TYPE, "text/html; charset=utf-8").send(Files.READ.page());
    }

    private void asset(ServerRequest request, ServerResponse response) {
        var path = request.path().pathParameters();
        var asset = Files.READ
                .find(path.get("version"), path.get("name"))
                .orElseThrow(() -> Problem.notFound("There is nothing at this address."));
        response.header(HeaderNames.CACHE_CONTROL, FOREVER);
        response.header(HeaderNames.CONTENT_TYPE, asset.type()).send(asset.bytes());
    }

    private void state(ServerRequest request, ServerResponse response) {
        var results = Envelope.JSON
                .createObjectNode()
                .put("version", about.version())
                .put("engine", about.engine())
                .put("sandbox", about.engine().equals("sandbox"))
                .put("profile", about.profile())
                .put("rehearsal", about.rehearsal());
        Exchange.current().principal().map(Principal::name).ifPresent(name -> results.put("user", name));
        results.set("devices", DeviceList.states(accounts, visible()));
        Envelope.success(response, "State of the gateway", results);
    }

    private void posture(ServerRequest request, ServerResponse response) {
        Envelope.success(response, "Posture of the machine", PostureJson.of(posture.read()));
    }

    private void notASocket(ServerRequest request, ServerResponse response) {
        throw new Problem(426, "UPGRADE_REQUIRED", "This address speaks WebSocket only.").with("Upgrade", "websocket");
    }
}
