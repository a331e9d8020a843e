package gateway.admin;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import org.jspecify.annotations.Nullable;

import gateway.audit.AuditUnavailable;
import gateway.budget.BudgetSpent;
import gateway.http.Allowance;
import gateway.http.Envelope;
import gateway.http.Exchange;
import gateway.http.Problem;

/**
 * What the Admin API's replies are wrapped in: {@code {success, message, data?, request_id, timestamp}}, and for a
 * refusal {@code {success, error, message, request_id, timestamp}}. {@code error} is a word for programs.
 */
public final class AdminReply {
    private AdminReply() {}

    /** @param data left out when null */
    static void success(ServerResponse response, int status, String message, @Nullable JsonNode data) {
        var body = Envelope.JSON.createObjectNode().put("success", true).put("message", message);
        if (data != null) {
            body.set("data", data);
        }
        send(response, status, signed(body));
    }

    static void send(ServerResponse response, int status, ObjectNode body) {
        response.status(Status.create(status));
        response.headers().set(Envelope.JSON_TYPE);
        response.send(bytes(body));
    }

    /** A refusal, for {@link gateway.http.hardened.HardenedServer.Builder#refusing}. */
    public static byte[] problem(Problem problem) {
        return bytes(signed(Envelope.JSON
                .createObjectNode()
                .put("success", false)
                .put("error", problem.code().toLowerCase(Locale.ROOT))
                .put("message", problem.getMessage())));
    }

    /** What the rooms behind the API throw, as a client is told of it. */
    public static Optional<Problem> known(Throwable thrown) {
        return switch (thrown) {
            case AuditUnavailable log ->
                Optional.of(Problem.unavailable("The security log cannot be written; nothing was done.", 5));
            case BudgetSpent spent -> Optional.of(Allowance.problem());
            case OutOfMemoryError memory -> Optional.of(Allowance.problem());
            case null, default -> Optional.empty();
        };
    }

    /** Now, as every reply has it. */
    static String timestamp() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static ObjectNode signed(ObjectNode body) {
        return body.put("request_id", Exchange.id()).put("timestamp", timestamp());
    }

    private static byte[] bytes(ObjectNode body) {
        try {
            return Envelope.JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of nodes could not be written as JSON", e);
        }
    }
}
