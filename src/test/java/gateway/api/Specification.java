package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;

import gateway.api.docs.Docs;

/** An OpenAPI description as the tests read it. */
public final class Specification {
    /** The paths of webhooks, users and tokens, which have routes and tests of their own. */
    private static final Pattern ACCESS = Pattern.compile("/(webhooks|users|tokens)(/.*)?");

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private final JsonNode document;
    private final List<Operation> operations = new ArrayList<>();
    private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();

    /** A named value a request may carry. */
    public record Field(String name, String in, boolean required, JsonNode schema) {
        String type() {
            return schema.path("type").asText();
        }

        boolean isFile() {
            return schema.path("format").asText().equals("binary");
        }
    }

    /** One operation; {@code fields} are those of the path, the query and the body, in each type of the body. */
    public record Operation(
            String method, String path, String id, List<Field> fields, Set<String> types, JsonNode responses) {
        /** Whether the sandbox has nothing that the operation could show or change; tests of their own play these. */
        boolean isOfTheWebEngine() {
            return path.endsWith("/proxy") || path.endsWith("/trace");
        }

        Pattern pattern() {
            return Pattern.compile(path.replaceAll("\\{[^}]+}", "[^/]+"));
        }

        List<Field> in(String where) {
            return fields.stream().filter(field -> field.in().equals(where)).toList();
        }

        boolean hasBody() {
            return !types.isEmpty();
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private Specification(JsonNode document) {
        this.document = document;
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(method -> METHODS.contains(method.getKey()))
                        .forEach(method ->
                                operations.add(operation(path.getKey(), method.getKey(), method.getValue()))));
    }

    /** The contract as it was given. */
    static Specification given() {
        try (var in = Specification.class.getResourceAsStream("/contract/rest-v7.8.3.openapi.yaml")) {
            return new Specification(new YAMLMapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the gateway says of itself. */
    public static Specification ours() {
        return new Specification(Docs.specification());
    }

    List<Operation> operations() {
        return operations;
    }

    /** The operations on webhooks, users and tokens. */
    public List<Operation> accessOperations() {
        return operations.stream()
                .filter(operation -> ACCESS.matcher(operation.path()).matches())
                .toList();
    }

    /** All other operations. */
    List<Operation> messagingOperations() {
        return operations.stream()
                .filter(operation -> !ACCESS.matcher(operation.path()).matches())
                .toList();
    }

    Optional<Operation> find(String method, String path) {
        return operations.stream()
                .filter(o -> o.method().equals(method) && o.path().equals(path))
                .findFirst()
                .or(() -> operations.stream()
                        .filter(o -> o.method().equals(method)
                                && o.pattern().matcher(path).matches())
                        .findFirst());
    }

    private Operation operation(String path, String method, JsonNode json) {
        var fields = new ArrayList<Field>();
        json.path("parameters").forEach(given -> {
            var parameter = resolve(given);
            fields.add(new Field(
                    parameter.path("name").asText(),
                    parameter.path("in").asText(),
                    parameter.path("required").asBoolean(),
                    resolve(parameter.path("schema"))));
        });
        var types = new LinkedHashMap<String, JsonNode>();
        json.at("/requestBody/content")
                .properties()
                .forEach(
                        type -> types.put(type.getKey(), resolve(type.getValue().path("schema"))));
        var properties = new LinkedHashMap<String, Field>();
        for (var schema : types.values()) {
            schema.path("properties")
                    .properties()
                    .forEach(
                            property -> properties.putIfAbsent(property.getKey(), property(schema, property.getKey())));
        }
        fields.addAll(properties.values());
        return new Operation(
                method.toUpperCase(Locale.ROOT),
                path,
                json.path("operationId").asText(),
                fields,
                types.keySet(),
                json.path("responses"));
    }

    private Field property(JsonNode schema, String name) {
        boolean required = false;
        for (var needed : schema.path("required")) {
            required |= needed.asText().equals(name);
        }
        return new Field(
                name, "body", required, resolve(schema.path("properties").path(name)));
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? resolve(document.at(node.path("$ref").asText().substring(1))) : node;
    }

    /** Fails unless the reply is one this operation may give. */
    void check(Operation operation, int status, String type, byte[] body) {
        var reply = resolve(operation.responses().path(Integer.toString(status)));
        assertTrue(reply.isObject(), operation + " may not answer " + status + ": " + new String(body));
        if (!reply.has("content") && body.length == 0) {
            return;
        }
        var content = reply.path("content");
        if (content.isMissingNode()) {
            assertEquals(0, body.length, operation + " answers " + status + " without a body");
            return;
        }
        var media = type.replaceAll(";.*", "");
        if (!media.equals("application/json")) {
            assertTrue(
                    content.has(media) || content.has("application/octet-stream") && status == 200,
                    operation + " may not answer with " + media);
            return;
        }
        try {
            var errors = schemas.computeIfAbsent(
                            operation + " " + status, key -> schema(content.at("/application~1json/schema")))
                    .validate(new YAMLMapper().readTree(body));
            assertEquals(Set.of(), errors, operation + " answered " + new String(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonSchema schema(JsonNode schema) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", document.path("components"));
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(whole);
    }
}
