package gateway.api;

import java.util.Locale;

import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.api.request.Times;
import gateway.engine.Session;
import gateway.engine.Standing;
import gateway.http.Envelope;

/** How an account's connection stands, as replies say it: {@code connection}, with since when and why. */
final class StandingJson {
    private StandingJson() {}

    /** The reply with the connection added, if this node knows of it. */
    static ObjectNode put(Session.Status status, ObjectNode reply) {
        status.standing().ifPresent(standing -> reply.set("connection", of(standing)));
        return reply;
    }

    /** The connection as an object of its own. */
    static ObjectNode of(Standing standing) {
        var connection = Envelope.JSON
                .createObjectNode()
                .put("state", standing.state().name().toLowerCase(Locale.ROOT))
                .put("since", Times.rfc3339(standing.since()));
        if (!standing.reason().isEmpty()) {
            connection.put("reason", standing.reason()).put("detail", standing.detail());
        }
        if (standing.until() > 0) {
            connection.put("until", Times.rfc3339(standing.until()));
        }
        return connection;
    }
}
