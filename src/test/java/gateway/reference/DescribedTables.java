package gateway.reference;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.api.docs.Docs;
import gateway.http.Envelope;

/**
 * The parts of {@code openapi.yaml} that the program holds bodies and queries against, as JSON: one line for each
 * operation. The program reads them in a small part of the time that the whole description takes.
 */
final class DescribedTables {
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

    private DescribedTables() {}

    static String bodies() throws IOException {
        var document = Docs.specification();
        var bodies = new TreeMap<String, JsonNode>();
        each(
                document,
                (name, operation) -> operation.at("/requestBody/content").properties().stream()
                        .findFirst()
                        .ifPresent(type ->
                                bodies.put(name, body(document, type.getValue().path("schema")))));
        return lines(bodies);
    }

    /** The parameters of each query, in the form of a body. */
    static String queries() throws IOException {
        var document = Docs.specification();
        var queries = new TreeMap<String, JsonNode>();
        each(document, (name, operation) -> {
            var schema = Envelope.JSON.createObjectNode();
            var fields = schema.putObject("properties");
            var required = schema.putArray("required");
            for (var given : operation.path("parameters")) {
                var parameter = target(document, given);
                if (parameter.path("in").asText().equals("query")) {
                    fields.set(parameter.path("name").asText(), parameter.path("schema"));
                    if (parameter.path("required").asBoolean()) {
                        required.add(parameter.path("name").asText());
                    }
                }
            }
            if (fields.size() > 1) {
                queries.put(name, body(document, schema));
            }
        });
        return lines(queries);
    }

    private static void each(JsonNode document, BiConsumer<String, JsonNode> operation) {
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> operation.accept(
                                method.getKey() + " " + path.getKey().replaceAll("\\{[^}]+}", "{}"),
                                method.getValue())));
    }

    private static String lines(Map<String, JsonNode> operations) {
        return operations.entrySet().stream()
                .map(operation -> "\"" + operation.getKey() + "\":" + operation.getValue())
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
