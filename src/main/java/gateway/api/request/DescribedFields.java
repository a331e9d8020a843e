package gateway.api.request;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.helidon.webserver.http.ServerRequest;

import gateway.api.docs.Docs;
import gateway.http.Problem;

/**
 * What {@code openapi.yaml} says of the fields of a body: their names, types and limits. Holds a body against all of
 * them, so that one refusal names every bad field. The routes read the same fields again, and judge what is left.
 */
final class DescribedFields {
    /** The longest part of an unknown name that a refusal repeats, in characters. */
    private static final int MAX_SHOWN = 64;
    /** Unknown names that a refusal repeats. */
    private static final int MAX_UNKNOWN = 8;

    private final String basePath;
    private final boolean strict;
    private final Recipients recipients;

    /**
     * @param basePath what every path starts with: empty, or like {@code /wa}
     * @param strict whether a field that the operation does not have is refused
     */
    DescribedFields(String basePath, boolean strict) {
        this.basePath = basePath;
        this.strict = strict;
        this.recipients = new Recipients(strict);
    }

    /** The schemas of all bodies, read at the first body. */
    private static final class Schemas {
        static final Map<String, JsonNode> FIXED = new HashMap<>();
        static final Map<Pattern, JsonNode> WITH_PLACES = new HashMap<>();

        static {
            var document = Docs.specification();
            document.path("paths").properties().forEach(path -> path.getValue()
                    .properties()
                    .forEach(method -> method.getValue().at("/requestBody/content").properties().stream()
                            .findFirst()
                            .ifPresent(type -> put(
                                    method.getKey() + " " + path.getKey(),
                                    resolved(document, type.getValue().path("schema"))))));
        }

        private static void put(String operation, JsonNode schema) {
            if (operation.indexOf('{') < 0) {
                FIXED.put(operation, schema);
            } else {
                WITH_PLACES.put(Pattern.compile(operation.replaceAll("\\{[^}]+}", "[^/]+")), schema);
            }
        }

        /** The schema with its references, and those of its fields, followed. */
        private static JsonNode resolved(JsonNode document, JsonNode schema) {
            var whole = target(document, schema).deepCopy();
            if (whole.path("properties") instanceof com.fasterxml.jackson.databind.node.ObjectNode properties) {
                properties.properties().forEach(field -> field.setValue(target(document, field.getValue())));
            }
            return whole;
        }

        private static JsonNode target(JsonNode document, JsonNode node) {
            return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
        }

        static Optional<JsonNode> of(String operation) {
            var fixed = FIXED.get(operation);
            return fixed != null
                    ? Optional.of(fixed)
                    : WITH_PLACES.entrySet().stream()
                            .filter(entry -> entry.getKey().matcher(operation).matches())
                            .map(Map.Entry::getValue)
                            .findFirst();
        }
    }

    /**
     * Refuses a body with bad fields.
     *
     * @throws Problem 400 naming every one of them, in the order of their names
     */
    void check(ServerRequest request, Fields fields) {
        var prologue = request.prologue();
        var path = prologue.uriPath().rawPath();
        var method = prologue.method().text().toLowerCase(java.util.Locale.ROOT);
        Schemas.of(method + " " + (path.startsWith(basePath) ? path.substring(basePath.length()) : path))
                .ifPresent(schema -> check(schema, fields));
    }

    private void check(JsonNode schema, Fields fields) {
        var problems = new ArrayList<Problem>();
        var described = schema.path("properties");
        for (var name : schema.path("required")) {
            if (fields.isBlank(name.asText()) && mayNotBeBlank(described.path(name.asText()))) {
                problems.add(Problem.badField(name.asText(), "cannot be blank"));
            }
        }
        described
                .properties()
                .forEach(field -> attempt(problems, () -> value(field.getKey(), field.getValue(), fields)));
        if (strict && !schema.path("additionalProperties").asBoolean()) {
            unknown(described, fields, problems);
        }
        if (!problems.isEmpty()) {
            throw Problem.badFields(problems);
        }
    }

    /** Whether a blank text is refused: an empty emoji takes a reaction back, an empty URL removes a webhook. */
    private static boolean mayNotBeBlank(JsonNode schema) {
        return schema.has("enum")
                || schema.path("minLength").asInt() > 0
                || !schema.path("type").asText().equals("string");
    }

    private static void attempt(List<Problem> problems, Runnable reading) {
        try {
            reading.run();
        } catch (Problem problem) {
            problems.add(problem);
        }
    }

    private void value(String name, JsonNode schema, Fields fields) {
        if (fields.isBlank(name)) {
            return;
        }
        switch (schema.path("type").asText()) {
            case "boolean" -> fields.optionalFlag(name);
            case "integer" ->
                fields.number(
                        name,
                        schema.path("minimum").asLong(Long.MIN_VALUE),
                        schema.path("maximum").asLong(Long.MAX_VALUE),
                        0);
            case "array" -> list(name, schema, fields);
            default -> text(name, schema, fields);
        }
    }

    private void list(String name, JsonNode schema, Fields fields) {
        var items = schema.path("items");
        var texts = fields.optionalTexts(
                name,
                schema.path("maxItems").asInt(Integer.MAX_VALUE),
                items.path("maxLength").asInt(Fields.MAX_CHARACTERS));
        if (items.has("x-address")) {
            texts.forEach(text -> address(name, items, text));
        }
    }

    private void text(String name, JsonNode schema, Fields fields) {
        if (schema.path("format").asText().equals("binary")) {
            return;
        }
        if (schema.has("x-list")) {
            fields.oneOrMore(name, Integer.MAX_VALUE, schema.path("maxLength").asInt());
        } else if (schema.has("x-degrees")) {
            double most = schema.path("x-degrees").asDouble();
            fields.decimal(name, -most, most);
        } else if (schema.has("enum") && !schema.has("x-offered")) {
            var words = new ArrayList<String>();
            schema.path("enum").forEach(word -> words.add(word.asText()));
            fields.word(name, words.toArray(String[]::new));
        } else {
            address(name, schema, fields.optionalText(name, schema.path("maxLength").asInt(Fields.MAX_CHARACTERS)));
        }
    }

    private void address(String name, JsonNode schema, String text) {
        switch (schema.path("x-address").asText()) {
            case "chat" -> recipients.chat(name, text);
            case "person" -> recipients.user(name, text);
            case "group" -> recipients.group(name, text);
            case "channel" -> recipients.newsletter(name, text);
            default -> {}
        }
    }

    private static void unknown(JsonNode described, Fields fields, List<Problem> problems) {
        var known = new ArrayList<String>();
        described.fieldNames().forEachRemaining(known::add);
        fields.names().stream()
                .filter(name -> described.path(name) instanceof MissingNode)
                .limit(MAX_UNKNOWN)
                .forEach(name -> problems.add(Problem.badField(
                        shown(name), "is not a field of this operation, which has " + String.join(", ", known))));
    }

    /** The beginning of a name, without what a terminal obeys. */
    private static String shown(String name) {
        var shown = name.replaceAll("[^\\x21-\\x7E]", "?");
        return shown.isEmpty() ? "(empty name)" : shown.substring(0, Math.min(MAX_SHOWN, shown.length()));
    }
}
