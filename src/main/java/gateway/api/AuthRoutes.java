package gateway.api;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.request.Bodies;
import gateway.api.request.Fields;
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

    private final Bodies bodies;
    private final CredentialBook book;

    public AuthRoutes(Bodies bodies, CredentialBook book) {
        this.bodies = bodies;
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
        var body = bodies.json(request, MAX_BYTES, sound -> {
            var problems = problems(book.rules().user(sound.optionalText("name"), sound.optionalText("password")));
            problems.addAll(againstScopes(sound));
            return problems;
        });
        String name = body.text("name");
        refusing("name", () -> {
            book.addUser(by(), name, body.text("password"), Scope.parse(body.text("scopes")), optional(body, "device"));
            return null;
        });
        Envelope.success(response, "User " + name + " may enter", null);
    }

    private void changePassword(ServerRequest request, ServerResponse response) {
        var name = request.path().pathParameters().get("name");
        var body = bodies.json(
                request, MAX_BYTES, sound -> problems(book.rules().password(name, sound.optionalText("password"))));
        long overlap = body.number("overlap_seconds", 0, MAX_OVERLAP.toSeconds(), 0);
        refusing("password", () -> {
            book.changePassword(by(), name, body.text("password"), Duration.ofSeconds(overlap));
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
        var body = bodies.json(request, MAX_BYTES, sound -> {
            var problems = againstScopes(sound);
            problems.addAll(problems(book.rules().token(sound.optionalText("note"), end(sound))));
            return problems;
        });
        var token = refusing(
                "note",
                () -> book.createToken(
                        by(),
                        body.optionalText("note"),
                        Scope.parse(body.text("scopes")),
                        optional(body, "device"),
                        end(body)));
        Envelope.success(
                response,
                "The token is shown this once",
                Envelope.JSON.createObjectNode().put("id", token.id()).put("token", token.text()));
    }

    private static Optional<Instant> end(Fields body) {
        return optional(body, "not_after").map(end -> Times.instant("not_after", end));
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

    private static List<Problem> problems(Map<String, String> objections) {
        var problems = new ArrayList<Problem>();
        objections.forEach((field, sentence) -> problems.add(Problem.badField(field, sentence)));
        return problems;
    }

    private static List<Problem> againstScopes(Fields body) {
        try {
            var _ = Scope.parse(body.optionalText("scopes"));
            return new ArrayList<>();
        } catch (IllegalArgumentException e) {
            return problems(Map.of("scopes", Objects.requireNonNullElse(e.getMessage(), "is not understood")));
        }
    }

    private static Optional<String> optional(Fields body, String field) {
        return Optional.of(body.optionalText(field)).filter(text -> !text.isBlank());
    }
}
