package gateway.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.request.Bodies;
import gateway.auth.PairingLinks;
import gateway.engine.EngineRefusal;
import gateway.http.Envelope;
import gateway.http.Problem;
import gateway.messaging.Accounts;

/**
 * {@code /pair}: the page of a pairing link, for the person who holds the phone and has no credential. It shows the QR
 * code or the code to type, and nothing else. The link's secret part stands behind {@code #}, which a browser sends to
 * nobody: the page's script posts the secret part, so that it is in no address, no log and no {@code Referer}.
 */
final class PairingPage implements HttpService {
    /** No inline code, no other origin, no text that becomes markup; the image comes with the answer. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
            + "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'";

    private static final Map<String, String> TYPES = Map.of(
            "index.html", "text/html; charset=utf-8",
            "page.js", "text/javascript; charset=utf-8",
            "page.css", "text/css; charset=utf-8");
    private static final int MAX_BYTES = 256;
    /** 256 random bits in base64url. */
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{43}");
    /** How long the page shows a code to type: ten seconds more than an offer's codes last, so the next one is new. */
    private static final Duration TYPED = Duration.ofSeconds(170);

    private static final String REFUSED = "This link is not valid: it was used, or it is older than ten minutes,"
            + " or a part of it is missing. Ask for a new link.";
    private static final String LATER = "WhatsApp gives no code at this moment. This page asks again.";
    private static final String NEVER = "This account cannot be linked now. Tell the person who sent you this link.";

    private final Accounts accounts;
    private final PairingLinks links;
    private final QrImages images;
    private final Handler strangers;

    /** @param strangers counts a request for the rate of clients that are not known */
    PairingPage(Accounts accounts, PairingLinks links, QrImages images, Handler strangers) {
        this.accounts = accounts;
        this.links = links;
        this.images = images;
        this.strangers = strangers;
    }

    /** What the page sends: the link's secret part, and the key that the page drew for itself. */
    private record Asked(String secret, String key) {}

    @Override
    public void routing(HttpRules rules) {
        rules.any(strangers)
                .get("/", (request, response) -> file(response, "index.html"))
                .get("/{file}", (request, response) -> {
                    var name = request.path().pathParameters().get("file");
                    if (TYPES.containsKey(name)) {
                        file(response, name);
                    } else {
                        response.next();
                    }
                })
                .post("/code", this::code)
                .post("/state", this::state);
    }

    private static void file(ServerResponse response, String name) {
        response.header("Content-Security-Policy", POLICY);
        response.header("Referrer-Policy", "no-referrer");
        response.header("Cross-Origin-Opener-Policy", "same-origin");
        response.header("X-Robots-Tag", "noindex");
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.header(HeaderNames.CONTENT_TYPE, TYPES.get(name)).send(read(name));
    }

    private static byte[] read(String name) {
        try (var in = PairingPage.class.getResourceAsStream("/pair/" + name)) {
            if (in == null) {
                throw new IllegalStateException("The program lacks its file pair/" + name + "; install it anew.");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives the account's code of this moment; the first page that asks has the link. */
    private void code(ServerRequest request, ServerResponse response) {
        var asked = asked(request);
        var link = valid(asked);
        if (isLinked(asked, link)) {
            answer(response, Envelope.JSON.createObjectNode().put("state", "linked"));
            return;
        }
        // Before the link is used: another node answers the next time, and a held account is released some time.
        var account = new AccountCalls.Account(link.device(), accounts, Optional.empty());
        var session = account.session();
        if (account.hold().isPresent() || accounts.unserved(link.device()).isPresent()) {
            throw Problem.conflict(NEVER);
        }
        if (!links.use(AuthRoutes.by(), link, asked.secret(), asked.key())) {
            throw refused();
        }
        try {
            if (link.phone().isPresent()) {
                answer(
                        response,
                        Envelope.JSON
                                .createObjectNode()
                                .put("state", "type")
                                .put("code", session.pairByPhone(link.phone().get()))
                                .put("duration", TYPED.toSeconds()));
                return;
            }
            var code = session.pair();
            var png = images.drawn(code.text());
            answer(
                    response,
                    Envelope.JSON
                            .createObjectNode()
                            .put("state", "scan")
                            .put(
                                    "image",
                                    "data:image/png;base64,"
                                            + Base64.getEncoder().encodeToString(png))
                            .put("duration", Pairing.seconds(code.validFor())));
        } catch (EngineRefusal refusal) {
            throw told(refusal);
        }
    }

    /** The engine's words are for operators; whoever holds the phone learns whether it is worth waiting. */
    private static Problem told(EngineRefusal refusal) {
        return switch (refusal.reason()) {
            // Linked a moment ago, or served by another node now: the next question finds out.
            case TRY_LATER, NOT_CONNECTED, ALREADY_PAIRED -> Problem.unavailable(LATER, 2);
            default -> Problem.conflict(NEVER);
        };
    }

    private void state(ServerRequest request, ServerResponse response) {
        var asked = asked(request);
        var link = valid(asked);
        answer(response, Envelope.JSON.createObjectNode().put("state", isLinked(asked, link) ? "linked" : "waiting"));
    }

    /** Whether a phone was linked, whichever node has the connection; a link ends with that. */
    private boolean isLinked(Asked asked, PairingLinks.Link link) {
        if (link.linked()) {
            return true;
        }
        boolean linked = accounts.status(link.device())
                .flatMap(status -> status.account())
                .isPresent();
        if (linked) {
            links.linked(asked.secret());
        }
        return linked;
    }

    private PairingLinks.Link valid(Asked asked) {
        return links.find(AuthRoutes.by(), asked.secret(), asked.key()).orElseThrow(PairingPage::refused);
    }

    private static Problem refused() {
        return new Problem(403, "PAIRING_LINK_INVALID", REFUSED);
    }

    private static Asked asked(ServerRequest request) {
        JsonNode body;
        try {
            body = Envelope.JSON.readTree(Bodies.bytes(request, MAX_BYTES));
        } catch (JsonProcessingException e) {
            throw Problem.badRequest("The body is not valid JSON.");
        } catch (IOException e) {
            throw Problem.badRequest("The body could not be read to its end.");
        }
        var key = body.path("page").asText();
        if (!SECRET.matcher(key).matches()) {
            throw Problem.badField("page", "must be 43 letters of base64url");
        }
        // A link that lost a part is one that is not valid: it is looked for as every other.
        return new Asked(body.path("link").asText(), key);
    }

    private static void answer(ServerResponse response, ObjectNode results) {
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        Envelope.success(response, "Pairing", results);
    }
}
