package gateway.interop;

import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A known difference between our decoder of nodes and a foreign one. The page on interop says why each is left as it is. */
enum NodeDifference {
    BYTES_AFTER_THE_NODE("bytes after the node", false, true, "bytes follow the node"),
    BYTES_AFTER_THE_DEFLATED_NODE("bytes after the deflated node", true, true, "bytes follow the compressed node"),
    FILLER_INSIDE_PACKED_TEXT("the filler 15 inside packed text", true, true, "packed text holds the nibble 15"),
    ADDRESS_ON_ANOTHER_SERVER(
            "an address of `msgr` or `interop` that names another server", false, true, "has another server"),
    SERVER_WITHOUT_A_USER("an address without a user") {
        @Override
        boolean explains(boolean baileys, JsonNode own, JsonNode their) {
            return baileys && own.equals(changed(their, value -> value.startsWith("@") ? value.substring(1) : value));
        }
    },
    INTEGRATOR_IN_TEXT("the integrator of an address of `interop`") {
        @Override
        boolean explains(boolean baileys, JsonNode own, JsonNode their) {
            return !baileys
                    && their.equals(changed(
                            own, value -> value.endsWith("@interop") ? value.replaceFirst("^\\d+-", "") : value));
        }
    },
    EMPTY_LIST("an empty list as content") {
        @Override
        boolean explains(boolean baileys, JsonNode own, JsonNode their) {
            return !baileys && their.equals(withoutEmptyLists(own));
        }
    };

    private final String row;
    private final boolean whatsmeowTakes;
    private final boolean baileysTakes;
    private final String refusal;

    /** A frame that we refuse with these words, and that clients take. */
    NodeDifference(String row, boolean whatsmeowTakes, boolean baileysTakes, String refusal) {
        this.row = row;
        this.whatsmeowTakes = whatsmeowTakes;
        this.baileysTakes = baileysTakes;
        this.refusal = refusal;
    }

    NodeDifference(String row) {
        this(row, false, false, "");
    }

    /** How the page on interop names the difference. */
    String row() {
        return row;
    }

    /** Whether this is the difference between two outcomes for one frame. */
    boolean explains(boolean baileys, JsonNode own, JsonNode their) {
        return (baileys ? baileysTakes : whatsmeowTakes)
                && their.has("node")
                && own.path("error").asText().endsWith(refusal)
                && own.has("error");
    }

    /** Whether two outcomes are the same, both are a refusal, or their difference is known. */
    static boolean isKnown(boolean baileys, JsonNode own, JsonNode their) {
        if (own.equals(their) || !own.has("node") && !their.has("node")) {
            return true;
        }
        for (var difference : values()) {
            if (difference.explains(baileys, own, their)) {
                return true;
            }
        }
        return false;
    }

    private interface Change {
        String of(String value);
    }

    /** The outcome with each attribute's value changed. */
    private static JsonNode changed(JsonNode outcome, Change change) {
        var copy = outcome.deepCopy();
        each(copy.get("node"), node -> {
            var attributes = (ObjectNode) node.get("attrs");
            attributes
                    .properties()
                    .forEach(attribute -> attributes.put(
                            attribute.getKey(), change.of(attribute.getValue().asText())));
        });
        return copy;
    }

    private static JsonNode withoutEmptyLists(JsonNode outcome) {
        var copy = outcome.deepCopy();
        each(copy.get("node"), node -> {
            if (node.get("content").isArray() && node.get("content").isEmpty()) {
                node.putNull("content");
            }
        });
        return copy;
    }

    private static void each(JsonNode node, Consumer<ObjectNode> work) {
        if (node instanceof ObjectNode object) {
            object.get("content").forEach(child -> each(child, work));
            work.accept(object);
        }
    }
}
