package gateway.twin.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

/** The twin's elements against what other clients wrote and read. */
class StanzaCodecTest {
    /** Kinds of address that the twin has no use for, and refuses. */
    private static final List<String> FOREIGN = List.of("integrator", "interop", "msgr");

    @Test
    void whatOtherClientsWroteIsReadWrittenAndReadAgain() throws Exception {
        int read = 0;
        for (var vector : vectors()) {
            var name = vector.path("name").asText();
            if (vector.has("encoded")
                    && vector.path("kind").asText().startsWith("encode")
                    && FOREIGN.stream().noneMatch(vector.path("node").toString()::contains)) {
                var first = StanzaCodec.decode(
                        HexFormat.of().parseHex(vector.get("encoded").asText()));
                var second = StanzaCodec.decode(StanzaCodec.encode(first));
                same(first, second, name);
                assertEquals(vector.get("node").get("tag").asText(), first.tag(), name);
                read++;
            }
        }
        assertTrue(read > 40, read + " vectors were read");
    }

    private static List<JsonNode> vectors() throws IOException {
        var all = new ArrayList<JsonNode>();
        for (var file : List.of("binary-nodes.json", "binary-nodes-more.json")) {
            try (var in = StanzaCodecTest.class.getResourceAsStream("/vectors/" + file)) {
                new ObjectMapper().readTree(in).get("cases").forEach(all::add);
            }
        }
        return all;
    }

    private static void same(Stanza first, Stanza second, String name) {
        assertEquals(first.tag(), second.tag(), name);
        assertEquals(first.attributes(), second.attributes(), name);
        assertTrue(Arrays.equals(first.content(), second.content()), name);
        assertEquals(first.children().size(), second.children().size(), name);
        for (int i = 0; i < first.children().size(); i++) {
            same(first.children().get(i), second.children().get(i), name);
        }
    }
}
