package gateway.api.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import gateway.http.Envelope;
import gateway.http.Problem;

/** The members of a field that is an object. */
final class Members {
    private Members() {}

    /**
     * The members, each under the name {@code field.member}, by which a refusal names it.
     *
     * @throws Problem 400 naming the field when the value is not an object
     */
    static ObjectNode of(String field, @Nullable JsonNode value) {
        if (!(value instanceof ObjectNode object)) {
            throw Problem.badField(field, "must be an object");
        }
        var members = Envelope.JSON.createObjectNode();
        object.properties().forEach(member -> members.set(field + "." + member.getKey(), member.getValue()));
        return members;
    }
}
