package gateway.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The known differences between decoders: each stands on the page, and no other is taken for one. */
class NodeDifferenceTest {
    private static final Path PAGE =
            Path.of(System.getProperty("basedir", "."), "src/site/markdown/evidence/interop.md");
    private static final String NODE = "{'node':{'tag':'iq','attrs':{'to':'%s'},'content':%s}}";

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }

    private static boolean known(boolean baileys, String own, String their) throws Exception {
        return NodeDifference.isKnown(baileys, json(own), json(their));
    }

    @ParameterizedTest
    @EnumSource
    void everyDifferenceIsARowOfThePage(NodeDifference difference) throws Exception {
        assertTrue(Files.readString(PAGE).contains("\n| " + difference.row() + " |"), difference.row());
    }

    @ParameterizedTest
    @CsvSource({
        "bytes follow the node, false, true",
        "bytes follow the compressed node, true, true",
        "packed text holds the nibble 15, true, true",
        "an address of msgr has another server, false, true",
        "the list has no tag, false, false"
    })
    void whatWeRefuseAndAClientTakesIsKnownByOurWords(String words, boolean whatsmeow, boolean baileys)
            throws Exception {
        String own = "{'error':'" + words + "'}";
        String their = NODE.formatted("1@lid", "null");
        assertEquals(whatsmeow, known(false, own, their));
        assertEquals(baileys, known(true, own, their));
        assertTrue(known(true, own, "{'error':'other words'}"));
        assertTrue(known(false, own, "{'panic':'nil'}"));
    }

    @ParameterizedTest
    @CsvSource({
        "s.whatsapp.net, @s.whatsapp.net, null, null, false, true",
        "42-7:5@interop, 7:5@interop, null, null, true, false",
        "1@lid, 1@lid, [], null, true, false",
        "1@lid, 2@lid, null, null, false, false",
        "1@lid, 1@lid, '\"00\"', '\"01\"', false, false"
    })
    void nodesDifferOnlyAsIsKnown(
            String own, String their, String content, String theirContent, boolean whatsmeow, boolean baileys)
            throws Exception {
        assertEquals(whatsmeow, known(false, NODE.formatted(own, content), NODE.formatted(their, theirContent)));
        assertEquals(baileys, known(true, NODE.formatted(own, content), NODE.formatted(their, theirContent)));
    }

    @Test
    void aFrameThatOnlyWeTakeIsNeverKnown() throws Exception {
        String own = NODE.formatted("1@lid", "null");
        assertEquals(false, known(false, own, "{'panic':'nil'}"));
        assertEquals(false, known(true, own, "{'error':'end of stream'}"));
    }
}
