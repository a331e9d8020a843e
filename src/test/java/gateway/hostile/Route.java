package gateway.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/**
 * One operation of the description that the gateway serves.
 *
 * @param queries names of the parameters in the query
 * @param fields  names and types of the body's members, by {@code name:type}; a file's type is {@code file}
 * @param form    whether the body may be a form, with files or without
 */
record Route(String method, String path, List<String> queries, List<String> fields, boolean form) {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
    /** Answered to everybody (how-to/operate.md). */
    private static final Set<String> OPEN = Set.of("/livez", "/readyz", "/health");

    static List<Route> described() {
        try (var in = Route.class.getResourceAsStream("/gateway/api/openapi.yaml")) {
            var document = new YAMLMapper().readTree(in);
            var routes = new ArrayList<Route>();
            document.path("paths")
                    .properties()
                    .forEach(path -> path.getValue().properties().stream()
                            .filter(method -> METHODS.contains(method.getKey()))
                            .forEach(method ->
                                    routes.add(of(document, path.getKey(), method.getKey(), method.getValue()))));
            return routes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean open() {
        return OPEN.contains(path);
    }

    boolean hasBody() {
        return !fields.isEmpty();
    }

    private static Route of(JsonNode document, String path, String method, JsonNode json) {
        var queries = new ArrayList<String>();
        json.path("parameters").forEach(given -> {
            var parameter = resolved(document, given);
            if (parameter.path("in").asText().equals("query")) {
                queries.add(parameter.path("name").asText());
            }
        });
        var fields = new ArrayList<String>();
        var types = json.at("/requestBody/content");
        types.forEach(type -> resolved(document, type.path("schema"))
                .path("properties")
                .properties()
                .forEach(property -> {
                    var schema = resolved(document, property.getValue());
                    var field = property.getKey() + ":"
                            + (schema.path("format").asText().equals("binary")
                                    ? "file"
                                    : schema.path("type").asText());
                    if (!fields.contains(field)) {
                        fields.add(field);
                    }
                }));
        boolean form = types.has("multipart/form-data") || types.has("application/x-www-form-urlencoded");
        return new Route(method.toUpperCase(Locale.ROOT), path, queries, fields, form);
    }

    private static JsonNode resolved(JsonNode document, JsonNode node) {
        return node.has("$ref")
                ? resolved(document, document.at(node.path("$ref").asText().substring(1)))
                : node;
    }
}
