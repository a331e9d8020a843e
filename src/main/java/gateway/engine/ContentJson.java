package gateway.engine;

import java.io.IOException;
import java.io.UncheckedIOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How a message's content is written down: an object whose {@code kind} tells the others. What an older version wrote,
 * every newer one reads.
 */
public final class ContentJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ContentJson() {
    }

    public static String write(Content content) {
        var json = JSON.createObjectNode().put("kind", content.kind());
        switch (content) {
            case Content.Text text -> {
                json.put("body", text.body());
                put(json, "reply_to", text.replyTo());
                put(json, "forwarded", text.forwarded());
                put(json, "expires", text.expires());
            }
        }
        return json.toString();
    }

    /** @throws IllegalStateException when the text is no content this program knows: a newer version wrote it */
    public static Content read(String written) {
        try {
            var json = JSON.readTree(written);
            var kind = json.path("kind").asText();
            return switch (kind) {
                case "text" -> new Content.Text(text(json, "body"), text(json, "reply_to"),
                        json.path("forwarded").asBoolean(), json.path("expires").asLong());
                default -> throw new IllegalStateException("unknown kind of content: " + kind);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(JsonNode json, String name) {
        return json.path(name).asText("");
    }

    private static void put(ObjectNode json, String name, String value) {
        if (!value.isEmpty()) {
            json.put(name, value);
        }
    }

    private static void put(ObjectNode json, String name, boolean value) {
        if (value) {
            json.put(name, true);
        }
    }

    private static void put(ObjectNode json, String name, long value) {
        if (value != 0) {
            json.put(name, value);
        }
    }
}
