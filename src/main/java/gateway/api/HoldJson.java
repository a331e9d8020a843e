package gateway.api;

import java.io.IOException;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.api.request.Times;
import gateway.messaging.HoldBook.Hold;

/** Whether an operator holds an account, as replies say it: {@code held}, and since when and why. */
final class HoldJson {
    private HoldJson() {}

    /** The reply with the hold added. */
    static ObjectNode put(Optional<Hold> hold, ObjectNode reply) {
        reply.put("held", hold.isPresent());
        hold.ifPresent(
                held -> reply.put("held_since", Times.rfc3339(held.heldAt())).put("held_reason", held.reason()));
        return reply;
    }

    /** The same fields, into the object that is being written. */
    static void write(Optional<Hold> hold, JsonGenerator json) throws IOException {
        json.writeBooleanField("held", hold.isPresent());
        if (hold.isPresent()) {
            json.writeStringField("held_since", Times.rfc3339(hold.get().heldAt()));
            json.writeStringField("held_reason", hold.get().reason());
        }
    }
}
