package gateway.api;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.request.Bodies;
import gateway.api.request.Fields;
import gateway.engine.PasskeyStep;
import gateway.engine.PasskeyStep.Assertion;
import gateway.engine.PasskeyStep.State;
import gateway.http.Envelope;
import gateway.http.Problem;

/** {@code /app/passkey}: the proof of ownership that some phones demand while they link a device. */
final class PasskeyRoutes implements HttpService {
    /** WebAuthn §6.5.1 bounds an id at 1,023 bytes, §5.4.3 a user handle at 64; the others are small. */
    private static final int MAX_ID_BYTES = 1_023;

    private static final int MAX_HANDLE_BYTES = 64;
    private static final int MAX_PART_BYTES = 3_000;

    private final AccountCalls accounts;
    private final Bodies bodies;

    PasskeyRoutes(AccountCalls accounts, Bodies bodies) {
        this.accounts = accounts;
        this.bodies = bodies;
    }

    @Override
    public void routing(HttpRules routes) {
        routes.get("/passkey", this::state)
                .post("/passkey/response", this::respond)
                .post("/passkey/confirm", this::confirm);
    }

    private void state(ServerRequest request, ServerResponse response) {
        var account = accounts.of(request);
        var state = account.session().passkey().state();
        var results = Envelope.JSON
                .createObjectNode()
                .put("device_id", account.device())
                .put("status", "none")
                .putNull("challenge")
                .put("code", "")
                .put("skip_handoff_ux", false);
        switch (state) {
            case State.None(Optional<String> problem) -> problem.ifPresent(why -> results.put("problem", why));
            case State.AwaitingResponse(String options) ->
                results.put("status", "awaiting_response").set("challenge", read(options));
            case State.AwaitingConfirmation(String code, boolean automatic) ->
                results.put("status", "awaiting_confirmation").put("code", code).put("skip_handoff_ux", automatic);
        }
        Envelope.success(response, "Passkey pairing status", results);
    }

    private static JsonNode read(String options) {
        try {
            return Envelope.JSON.readTree(options);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the engine gave options that are not JSON", e);
        }
    }

    private void respond(ServerRequest request, ServerResponse response) {
        var account = accounts.of(request);
        step(account).respond(assertion(bodies.of(request)));
        done(response, account, "Passkey response sent");
    }

    private static Assertion assertion(Fields body) {
        body.requiring("id", "rawId", "type", "response");
        byte[] rawId = bytes(body, "rawId", MAX_ID_BYTES);
        if (!Arrays.equals(bytes(body, "id", MAX_ID_BYTES), rawId)) {
            throw Problem.badField("id", "must be the same as rawId");
        }
        body.word("type", "public-key");
        var answer = body.object("response");
        return new Assertion(
                rawId,
                bytes(answer, "response.clientDataJSON", MAX_PART_BYTES),
                bytes(answer, "response.authenticatorData", MAX_PART_BYTES),
                bytes(answer, "response.signature", MAX_PART_BYTES),
                answer.optionalText("response.userHandle").isEmpty()
                        ? Optional.empty()
                        : Optional.of(bytes(answer, "response.userHandle", MAX_HANDLE_BYTES)));
    }

    private static byte[] bytes(Fields fields, String name, int most) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(fields.text(name));
            if (bytes.length <= most) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw Problem.badField(name, "must be base64url");
        }
        throw Problem.badField(name, "must be no longer than " + most + " bytes");
    }

    private void confirm(ServerRequest request, ServerResponse response) {
        var account = accounts.of(request);
        step(account).confirm();
        done(response, account, "Passkey pairing confirmed");
    }

    private static PasskeyStep step(AccountCalls.Account account) {
        return account.session().passkey();
    }

    private static void done(ServerResponse response, AccountCalls.Account account, String message) {
        Envelope.success(response, message, Envelope.JSON.createObjectNode().put("device_id", account.device()));
    }
}
