package gateway.api.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The command that calls an operation: what is required has an example value, what may be left out is left out. Values
 * stand in single quotes, so that a shell takes them as they are.
 */
final class CurlExample {
    private static final String SERVER = "http://localhost:3000";

    private final JsonNode spec;

    CurlExample(JsonNode spec) {
        this.spec = spec;
    }

    /** Writes the command; it asks for the password of {@code USER}, so that no credential stands in it. */
    String command(String path, String method, JsonNode operation) {
        var address = new StringBuilder(path);
        var query = new ArrayList<String>();
        for (var reference : operation.path("parameters")) {
            var parameter = resolve(reference);
            var name = parameter.path("name").asText();
            if (parameter.path("in").asText().equals("path")) {
                int at = address.indexOf("{" + name + "}");
                address.replace(at, at + name.length() + 2, text(name, parameter));
            } else if (parameter.path("in").asText().equals("query")
                    && parameter.path("required").asBoolean()) {
                query.add(name + "=" + text(name, parameter));
            }
        }
        if (!query.isEmpty()) {
            address.append('?').append(String.join("&", query));
        }
        var command = new StringBuilder("curl -u USER");
        if (!method.equals("get")) {
            command.append(" -X ").append(method.toUpperCase(Locale.ROOT));
        }
        body(operation.at("/requestBody/content"), command);
        return command.append(" \\\n  ").append(quoted(SERVER + address)).toString();
    }

    private void body(JsonNode contents, StringBuilder command) {
        var json = contents.path("application/json");
        var parts = resolve(contents.path("multipart/form-data").path("schema"));
        if (!json.isMissingNode()) {
            var example = object(resolve(json.path("schema")));
            command.append(" -H 'Content-Type: application/json' \\\n  -d ").append(quoted(example.toString()));
            return;
        }
        required(parts)
                .forEach(name -> command.append(" \\\n  -F ")
                        .append(quoted(name + "=" + text(name, members(parts).path(name)))));
    }

    private ObjectNode object(JsonNode schema) {
        var object = JsonNodeFactory.instance.objectNode();
        var members = members(schema);
        for (var name : required(schema)) {
            object.set(name, value(name, members.path(name)));
        }
        return object;
    }

    private JsonNode value(String name, JsonNode given) {
        var schema = resolve(given);
        var nodes = JsonNodeFactory.instance;
        var shown = shown(schema);
        if (!shown.isMissingNode()) {
            return shown;
        }
        return switch (type(schema)) {
            case "boolean" -> nodes.booleanNode(true);
            case "integer", "number" -> nodes.numberNode(schema.path("minimum").asLong(1));
            case "array" -> nodes.arrayNode().add(value(name, schema.path("items")));
            case "object" -> object(schema);
            default -> nodes.textNode(word(name, schema));
        };
    }

    private String text(String name, JsonNode parameter) {
        var schema = parameter.has("schema") ? resolve(parameter.path("schema")) : resolve(parameter);
        var shown = shown(parameter).isMissingNode() ? shown(schema) : shown(parameter);
        return shown.isMissingNode() ? value(name, schema).asText() : shown.asText();
    }

    /** An example, a default or a choice that the description itself gives. */
    private static JsonNode shown(JsonNode node) {
        for (var place : List.of("/example", "/examples/0", "/const", "/default", "/enum/0")) {
            if (!node.at(place).isMissingNode()) {
                return node.at(place);
            }
        }
        return MissingNode.getInstance();
    }

    /** A value for a text of which the description gives none: one that fits the name, or else the format. */
    private static String word(String name, JsonNode schema) {
        return switch (name) {
            case "phone", "participants", "contact_phone", "from", "caller" -> "6281234567890";
            case "chat_jid" -> "6281234567890@s.whatsapp.net";
            case "group_id" -> "120363025246125486@g.us";
            case "message_id" -> "3EB0C767D26A8B7E3F21";
            case "device_id" -> "default";
            case "scopes" -> "send,read";
            default ->
                switch (schema.path("format").asText()) {
                    case "uri", "uri-reference" -> "https://example.com/file";
                    case "date-time" -> "2027-01-01T00:00:00Z";
                    case "binary" -> "@file";
                    default -> name.toUpperCase(Locale.ROOT);
                };
        };
    }

    private static String type(JsonNode schema) {
        return schema.path("type").isArray()
                ? schema.path("type").path(0).asText()
                : schema.path("type").asText();
    }

    private TreeSet<String> required(JsonNode schema) {
        var names = new TreeSet<String>();
        schema.path("required").forEach(name -> names.add(name.asText()));
        schema.path("allOf").forEach(part -> names.addAll(required(resolve(part))));
        return names;
    }

    private ObjectNode members(JsonNode schema) {
        var members = JsonNodeFactory.instance.objectNode();
        schema.path("allOf").forEach(part -> members.setAll(members(resolve(part))));
        schema.path("properties").properties().forEach(member -> members.set(member.getKey(), member.getValue()));
        return members;
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? resolve(spec.at(node.path("$ref").asText().substring(1))) : node;
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
