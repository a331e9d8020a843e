package gateway.engine.web.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import gateway.engine.web.Vectors;

/**
 * Nodes as the vectors write them: {@code {tag, attrs, content}}; a text that looks like {@code user@server} is a JID.
 */
public final class VectorNodes {
    private VectorNodes() {}

    public static Node read(JsonNode json) {
        Node node = Node.of(json.get("tag").asText());
        JsonNode attributes = json.path("attrs");
        if (attributes.isArray()) {
            for (JsonNode pair : attributes) {
                node = node.with(pair.get(0).asText(), attribute(pair.get(1)));
            }
        } else {
            for (Map.Entry<String, JsonNode> field : attributes.properties()) {
                node = node.with(field.getKey(), attribute(field.getValue()));
            }
        }
        JsonNode content = json.path("content");
        if (content.isArray()) {
            List<Node> children = new ArrayList<>();
            content.forEach(child -> children.add(read(child)));
            return node.holding(children);
        }
        if (content.has("text")) {
            return node.holding(content.get("text").asText());
        }
        if (content.has("hex")) {
            return node.holding(Vectors.bytes(content, "hex"));
        }
        return content.has("pattern") ? node.holding(pattern(content.get("pattern"))) : node;
    }

    private static byte[] pattern(JsonNode pattern) {
        byte[] bytes = new byte[pattern.get("length").asInt()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] =
                    (byte) (i * pattern.get("mul").asInt() + pattern.get("add").asInt());
        }
        return bytes;
    }

    private static Attribute attribute(JsonNode value) {
        if (value.isObject()) {
            return new DeviceJid(
                    value.get("user").asText(),
                    0,
                    value.get("device").asInt(),
                    value.get("integrator").asInt(),
                    value.get("server").asText());
        }
        String text = value.isNull() ? "" : value.asText();
        return text.contains("@") ? DeviceJid.parse(text) : new Attribute.Text(text);
    }
}
