package gateway.api.docs;

import java.util.Locale;

import com.fasterxml.jackson.databind.JsonNode;

/** Writes an OpenAPI description as one page of HTML. Everything that comes from the description is escaped. */
final class DocsPage {
    private final JsonNode spec;
    private final CurlExample example;
    private final StringBuilder html = new StringBuilder(64 * 1024);

    private DocsPage(JsonNode spec) {
        this.spec = spec;
        this.example = new CurlExample(spec);
    }

    static String of(JsonNode spec) {
        return new DocsPage(spec).write();
    }

    private String write() {
        var title = spec.at("/info/title").asText();
        html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width\"><title>")
                .append(escape(title))
                .append(
                        "</title><link rel=\"stylesheet\" href=\"docs.css\"><script src=\"docs.js\" defer></script></head><body><header><h1>")
                .append(escape(title))
                .append("</h1>")
                .append(paragraphs(spec.at("/info/description").asText()))
                .append(
                        "<p><a href=\"openapi.yaml\">openapi.yaml</a></p><p id=\"search\" hidden><label>Search <input type=\"search\"></label> "
                                + "<span role=\"status\"></span></p><nav aria-label=\"Sections\">");
        spec.path("tags")
                .forEach(tag -> html.append("<a href=\"#")
                        .append(escape(tag.path("name").asText()))
                        .append("\">")
                        .append(escape(tag.path("name").asText()))
                        .append("</a> "));
        html.append("</nav></header><main>");
        spec.path("tags").forEach(this::section);
        return html.append("</main></body></html>\n").toString();
    }

    private void section(JsonNode tag) {
        var name = tag.path("name").asText();
        html.append("<section id=\"")
                .append(escape(name))
                .append("\"><h2>")
                .append(escape(name))
                .append("</h2>")
                .append(paragraphs(tag.path("description").asText()));
        spec.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(method ->
                                method.getValue().path("tags").path(0).asText().equals(name))
                        .forEach(method -> operation(path.getKey(), method.getKey(), method.getValue())));
        html.append("</section>");
    }

    private void operation(String path, String method, JsonNode operation) {
        html.append("<details id=\"")
                .append(escape(operation.path("operationId").asText()))
                .append("\"><summary><b class=\"")
                .append(escape(method))
                .append("\">")
                .append(escape(method.toUpperCase(Locale.ROOT)))
                .append("</b> <code>")
                .append(escape(path))
                .append("</code> ")
                .append(escape(operation.path("summary").asText()))
                .append("</summary>")
                .append(paragraphs(operation.path("description").asText()));
        html.append("<h3>Example</h3><pre tabindex=\"0\">")
                .append(escape(example.command(path, method, operation)))
                .append("</pre>");
        if (!operation.path("parameters").isEmpty()) {
            html.append("<h3>Parameters</h3><dl>");
            operation.path("parameters").forEach(parameter -> {
                var found = resolve(parameter);
                entry(
                        found.path("name").asText() + " (" + found.path("in").asText() + ")",
                        found.path("required").asBoolean(),
                        found.path("schema"),
                        found.path("description").asText());
            });
            html.append("</dl>");
        }
        operation.at("/requestBody/content").properties().forEach(content -> {
            html.append("<h3>Body, ").append(escape(content.getKey())).append("</h3>");
            members(resolve(content.getValue().path("schema")), 0);
        });
        html.append("<h3>Replies</h3><dl>");
        operation.path("responses").properties().forEach(reply -> {
            var found = resolve(reply.getValue());
            html.append("<dt><code>")
                    .append(escape(reply.getKey()))
                    .append("</code></dt><dd>")
                    .append(escape(found.path("description").asText()));
            var schema = resolve(found.path("content").path("application/json").path("schema"));
            members(resolve(schema.path("properties").path("results")), 0);
            html.append("</dd>");
        });
        html.append("</dl></details>");
    }

    private void members(JsonNode schema, int depth) {
        if (depth > 4) {
            return;
        }
        if (schema.has("items")) {
            members(resolve(schema.path("items")), depth);
            return;
        }
        schema.path("allOf").forEach(part -> members(resolve(part), depth));
        if (schema.path("properties").isEmpty()) {
            return;
        }
        html.append("<dl>");
        schema.path("properties").properties().forEach(member -> {
            boolean required = false;
            for (var name : schema.path("required")) {
                required |= name.asText().equals(member.getKey());
            }
            var found = resolve(member.getValue());
            entry(member.getKey(), required, found, found.path("description").asText());
            members(found, depth + 1);
        });
        html.append("</dl>");
    }

    private void entry(String name, boolean required, JsonNode schema, String description) {
        html.append("<dt><code>")
                .append(escape(name))
                .append("</code> ")
                .append(escape(type(schema)))
                .append(required ? " <em>required</em>" : "")
                .append("</dt><dd>")
                .append(escape(description))
                .append("</dd>");
    }

    private String type(JsonNode given) {
        var schema = resolve(given);
        var type = schema.path("type").isArray()
                ? schema.path("type").path(0).asText()
                : schema.path("type").asText();
        var text = new StringBuilder(type.equals("array") ? "list of " + type(schema.path("items")) : type);
        if (schema.has("enum")) {
            text.append(':');
            schema.path("enum").forEach(word -> text.append(' ').append(word.asText()));
        }
        if (schema.has("maxLength")) {
            text.append(", at most ").append(schema.path("maxLength").asText()).append(" characters");
        }
        if (schema.has("minimum")) {
            text.append(", ")
                    .append(schema.path("minimum").asText())
                    .append(" to ")
                    .append(schema.path("maximum").asText("…"));
        }
        return text.toString();
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? resolve(spec.at(node.path("$ref").asText().substring(1))) : node;
    }

    private static String paragraphs(String text) {
        return text.isBlank() ? "" : "<p>" + escape(text.strip()).replaceAll("\n\\s*\n", "</p><p>") + "</p>";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
