package gateway.reference;

import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.api.docs.Docs;
import gateway.http.Envelope;

/**
 * The part of {@code openapi.yaml} that the program holds bodies against, as JSON: one line for each operation. The
 * program reads it in a small part of the time that the whole description takes.
 */
final class BodyFields {
    private static final List<String> OF_A_BODY = List.of("properties", "required", "additionalProperties");
    private static final List<String> OF_A_FIELD = List.of(
            "type",
            "format",
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "maxItems",
            "items",
            "enum",
            "x-list",
            "x-offered");

    private BodyFields() {}

    static String text() throws IOException {
        var document = Docs.specification();
        var bodies = new TreeMap<String, JsonNode>();
        document.path("paths").properties().stream()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> method.getValue().at("/requestBody/content").properties().stream()
                                .findFirst()
                                .ifPresent(type -> bodies.put(
                                        method.getKey() + " " + path.getKey().replaceAll("\\{[^}]+}", "{}"),
                                        body(document, type.getValue().path("schema"))))));
        return bodies.entrySet().stream()
                .map(body -> "\"" + body.getKey() + "\":" + body.getValue())
                .collect(Collectors.joining(",\n", "{\n", "\n}\n"));
    }

    private static ObjectNode body(JsonNode document, JsonNode schema) {
        var body = kept(target(document, schema), OF_A_BODY);
        if (body.path("properties") instanceof ObjectNode fields) {
            fields.properties().forEach(field -> {
                var kept = kept(target(document, field.getValue()), OF_A_FIELD);
                if (kept.has("items")) {
                    kept.set("items", kept(target(document, kept.path("items")), OF_A_FIELD));
                }
                field.setValue(kept);
            });
        }
        return body;
    }

    private static ObjectNode kept(JsonNode node, List<String> names) {
        var kept = Envelope.JSON.createObjectNode();
        for (var name : names) {
            if (node.has(name)) {
                kept.set(name, node.path(name).deepCopy());
            }
        }
        return kept;
    }

    private static JsonNode target(JsonNode document, JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }
}
