package gateway.api;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.request.Bodies;
import gateway.api.request.Characters;
import gateway.api.request.Times;
import gateway.auth.CredentialBook;
import gateway.auth.Principal;
import gateway.auth.Principal.Scope;
import gateway.http.Envelope;
import gateway.http.Exchange;
import gateway.http.Problem;

/** {@code /users} and {@code /tokens}: who may call the API. The entrance asks for the scope {@code manage}. */
public final class AuthRoutes implements HttpService {
    private static final int MAX_BYTES = 4096;
    private static final Duration MAX_OVERLAP = Duration.ofDays(30);

    private final CredentialBook book;

    public AuthRoutes(CredentialBook book) {
        this.book = book;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/users", this::users)
                .post("/users", this::addUser)
                .post("/users/{name}/password", this::changePassword)
                .delete("/users/{name}", this::revokeUser)
                .get("/tokens", this::tokens)
                .post("/tokens", this::createToken)
                .delete("/tokens/{id}", this::revokeToken);
    }

    private void users(ServerRequest request, ServerResponse response) {
        var results = Envelope.JSON.createArrayNode();
        for (var user : book.users()) {
            var shown = results.addObject().put("name", user.name()).put("passwords", user.passwords());
            show(shown, user.scopes(), user.device(), user.created(), user.lastUsed());
        }
        Envelope.success(response, "Success get users", results);
    }

    private void addUser(ServerRequest request, ServerResponse response) {
        var body = body(request, Set.of("name", "password", "scopes", "device"));
        String name = text(body, "name");
        refusing("name", () -> {
            book.addUser(by(), name, text(body, "password"), scopes(body), optional(body, "device"));
            return null;
        });
        Envelope.success(response, "User " + name + " may enter", null);
    }

    private void changePassword(ServerRequest request, ServerResponse response) {
        var body = body(request, Set.of("password", "overlap_seconds"));
        JsonNode seconds = body.path("overlap_seconds");
        if (!seconds.isMissingNode()
                && (!seconds.canConvertToLong()
                        || !seconds.isIntegralNumber()
                        || seconds.asLong() < 0
                        || seconds.asLong() > MAX_OVERLAP.toSeconds())) {
            throw Problem.badField("overlap_seconds", "must be a number of 0 to " + MAX_OVERLAP.toSeconds());
        }
        refusing("password", () -> {
            book.changePassword(
                    by(),
                    request.path().pathParameters().get("name"),
                    text(body, "password"),
                    Duration.ofSeconds(seconds.asLong(0)));
            return null;
        });
        Envelope.success(response, "The password is changed", null);
    }

    private void revokeUser(ServerRequest request, ServerResponse response) {
        refusing("name", () -> {
            book.revokeUser(by(), request.path().pathParameters().get("name"));
            return null;
        });
        Envelope.success(response, "The user is out", null);
    }

    private void tokens(ServerRequest request, ServerResponse response) {
        var results = Envelope.JSON.createArrayNode();
        for (var token : book.tokens()) {
            var shown = results.addObject().put("id", token.id()).put("note", token.note());
            show(shown, token.scopes(), token.device(), token.created(), token.lastUsed());
            token.notAfter().ifPresent(end -> shown.put("not_after", end.toString()));
        }
        Envelope.success(response, "Success get tokens", results);
    }

    private void createToken(ServerRequest request, ServerResponse response) {
        var body = body(request, Set.of("note", "scopes", "device", "not_after"));
        var token = refusing(
                "note",
                () -> book.createToken(
                        by(),
                        optional(body, "note").orElse(""),
                        scopes(body),
                        optional(body, "device"),
                        optional(body, "not_after").map(end -> Times.instant("not_after", end))));
        Envelope.success(
                response,
                "The token is shown this once",
                Envelope.JSON.createObjectNode().put("id", token.id()).put("token", token.text()));
    }

    private void revokeToken(ServerRequest request, ServerResponse response) {
        refusing("id", () -> {
            book.revokeToken(by(), request.path().pathParameters().get("id"));
            return null;
        });
        Envelope.success(response, "The token is out", null);
    }

    /** Whoever asks now, as the security log names the caller; {@code -} on a route that is open to all. */
    static CredentialBook.By by() {
        Exchange exchange = Exchange.current();
        return new CredentialBook.By(
                exchange.principal().map(Principal::name).orElse("-"),
                exchange.client().getHostAddress(),
                exchange.requestId());
    }

    private static <T> T refusing(String field, Supplier<T> work) {
        try {
            return work.get();
        } catch (CredentialBook.Refused e) {
            throw e.missing() ? Problem.notFound(e.getMessage()) : Problem.badField(field, e.getMessage());
        }
    }

    private static void show(
            ObjectNode shown, Set<Scope> scopes, Optional<String> device, Instant created, Optional<Instant> used) {
        shown.put("scopes", Scope.text(scopes)).put("created_at", created.toString());
        device.ifPresent(id -> shown.put("device", id));
        used.ifPresent(time -> shown.put("last_used", time.toString()));
    }

    private static ObjectNode body(ServerRequest request, Set<String> known) {
        try {
            if (!(Envelope.JSON.readTree(Bodies.bytes(request, MAX_BYTES)) instanceof ObjectNode body)) {
                throw Problem.badRequest("The body must be a JSON object.");
            }
            for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                if (!known.contains(name)) {
                    throw Problem.badField("body", "has a member that is not understood here; known are " + known);
                }
            }
            return body;
        } catch (JsonProcessingException e) {
            throw Problem.badRequest("The body is not valid JSON.");
        } catch (IOException e) {
            throw Problem.badRequest("The body could not be read to its end.");
        }
    }

    private static String text(JsonNode body, String field) {
        return optional(body, field).orElseThrow(() -> Problem.badField(field, "cannot be blank"));
    }

    private static Optional<String> optional(JsonNode body, String field) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw Problem.badField(field, "must be text");
        }
        return Optional.of(Characters.only(field, value.asText())).filter(text -> !text.isBlank());
    }

    private static Set<Scope> scopes(JsonNode body) {
        try {
            return Scope.parse(text(body, "scopes"));
        } catch (IllegalArgumentException e) {
            throw Problem.badField("scopes", Objects.requireNonNullElse(e.getMessage(), "is not understood"));
        }
    }
}
