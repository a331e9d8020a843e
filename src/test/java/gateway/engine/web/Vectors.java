package gateway.engine.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The test vectors in {@code src/test/resources/vectors}: JSON files whose bytes are written in hexadecimal. */
public final class Vectors {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Vectors() {}

    /** The whole file. */
    public static JsonNode file(String name) {
        try (InputStream file = Objects.requireNonNull(Vectors.class.getResourceAsStream("/vectors/" + name), name)) {
            return JSON.readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file's cases. */
    public static List<JsonNode> cases(String name) {
        List<JsonNode> cases = file(name).get("cases").valueStream().toList();
        if (cases.isEmpty()) {
            throw new IllegalStateException(name + " has no cases");
        }
        return cases;
    }

    /** The bytes of a field. */
    public static byte[] bytes(JsonNode node, String field) {
        return hex(Objects.requireNonNull(node.get(field), field).asText());
    }

    public static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
