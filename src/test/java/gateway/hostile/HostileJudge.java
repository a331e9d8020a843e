package gateway.hostile;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;

import gateway.http.Envelope;

/** Says what is wrong with a reply, whatever was asked. */
public final class HostileJudge {
    /** A word of ours that a stranger has no business to read: a class, a frame of a stack, a path, SQL. */
    private static final Pattern INSIDES =
            Pattern.compile("java\\.|gateway\\.|helidon|Exception|\tat |/tmp/|/opt/|SQLSTATE|SQLITE_");
    /** Outages that a call may bring about by name, each with its sentence; all others are faults. */
    private static final List<String> OUTAGES = List.of(
            "Too many logins are checked at this moment.",
            "WhatsApp asks to slow down",
            "Another node serves this device",
            "The server is busy with other large requests at this moment");

    private final Predicate<JsonNode> envelope;

    /** @param envelope whether a JSON object has the form of a refusal */
    public HostileJudge(Predicate<JsonNode> envelope) {
        this.envelope = envelope;
    }

    /** For the REST API. */
    public static HostileJudge ofEnvelopes() {
        return new HostileJudge(json -> !json.path("code").asText().isBlank()
                && !json.path("message").asText().isBlank());
    }

    /** What is wrong; empty when nothing is. */
    public Optional<String> complaint(RawReply reply, boolean whole) {
        return switch (reply.status()) {
            case RawReply.SILENT -> Optional.of("no reply");
            case RawReply.CLOSED -> whole ? Optional.of("closed without a reply") : Optional.empty();
            case RawReply.NOT_HTTP -> Optional.of("not an HTTP reply");
            default -> ofStatus(reply);
        };
    }

    private Optional<String> ofStatus(RawReply reply) {
        int status = reply.status();
        if (status == 503
                && !reply.header("retry-after").isEmpty()
                && OUTAGES.stream().anyMatch(reply.text()::contains)) {
            return Optional.empty();
        }
        if (status >= 500 && status != 505) {
            return Optional.of("status " + status + (status == 503 ? " " + reply.text() : ""));
        }
        if (status < 400
                || reply.body().length == 0 && reply.header("content-length").isEmpty()) {
            return Optional.empty();
        }
        if (!reply.header("content-type").equals("application/json; charset=utf-8")) {
            return Optional.of("a refusal of type " + reply.header("content-type"));
        }
        // The reply to a HEAD has a length and no body.
        if (reply.body().length > 0 && !wrapped(reply.body())) {
            return Optional.of("a refusal without the envelope: " + reply.text());
        }
        return INSIDES.matcher(reply.text()).find()
                ? Optional.of("a refusal that tells of our insides: " + reply.text())
                : Optional.empty();
    }

    private boolean wrapped(byte[] body) {
        try {
            var json = Envelope.JSON.readTree(body);
            return json.isObject() && envelope.test(json);
        } catch (IOException e) {
            return false;
        }
    }
}
