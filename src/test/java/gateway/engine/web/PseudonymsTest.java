package gateway.engine.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;

class PseudonymsTest {
    private static final String NUMBER = "6281234567890";

    private final Pseudonyms pseudonyms = new Pseudonyms(new Random(7));

    private static Node message(String text) {
        return Node.of("message")
                .with("from", DeviceJid.parse(NUMBER + ":3@s.whatsapp.net"))
                .with("participant", NUMBER + "@s.whatsapp.net")
                .with("recipient", DeviceJid.parse("77777777777@lid"))
                .with("id", "3EB0C0FFEE")
                .with("notify", "Alice Wonder")
                .with("type", "text")
                .with("t", 1_764_500_000L)
                .holding(
                        Node.of("enc").with("v", "2").with("type", "pkmsg").holding(new byte[] {1, 2, 3}),
                        Node.of("body").holding(text));
    }

    @Test
    void theShapeStaysAndWhatTellsOfPersonsAndKeysGoes() {
        String text = pseudonyms.text(message("meet me at nine"));
        for (String secret : new String[] {NUMBER, "77777777777", "3EB0C0FFEE", "Alice", "Wonder", "meet me"}) {
            assertFalse(text.contains(secret), text);
        }
        assertTrue(
                Pattern.matches(
                        "<message from=\"number-[0-9a-f]{8}:3@s.whatsapp.net\""
                                + " participant=\"number-[0-9a-f]{8}@s.whatsapp.net\""
                                + " recipient=\"lid-[0-9a-f]{8}@lid\" id=\"id-[0-9a-f]{8}\\(10\\)\""
                                + " notify=\"value-[0-9a-f]{8}\\(12\\)\" type=\"text\" t=\"1764500000\">"
                                + "<enc v=\"2\" type=\"pkmsg\">bytes-[0-9a-f]{8}\\(3\\)</enc>"
                                + "<body>text-[0-9a-f]{8}\\(15\\)</body></message>",
                        text),
                text);
    }

    @Test
    void equalValuesLookEqualInOneTraceAndInNoOther() {
        assertEquals(pseudonyms.text(message("a")), pseudonyms.text(message("a")));
        assertNotEquals(pseudonyms.text(message("a")), pseudonyms.text(message("b")));
        assertNotEquals(pseudonyms.text(message("a")), new Pseudonyms(new Random(8)).text(message("a")));
        var names = Pattern.compile("number-[0-9a-f]{8}")
                .matcher(pseudonyms.text(message("a")))
                .results()
                .map(MatchResult::group)
                .toList();
        assertEquals(2, names.size());
        assertEquals(names.getFirst(), names.getLast(), "one person, with a device and without");
    }

    @ParameterizedTest
    @ValueSource(strings = {"type", "code", "value", "jid", "name", "state", "phone", "ref"})
    void aNumberOrANameIsHiddenInWhateverAttributeItStands(String attribute) {
        for (String secret : new String[] {
            NUMBER,
            "12345",
            "1202-555-0101",
            "9f86d081884c7d659a2feaa0c55ad015",
            "Alice Wonder",
            "Alice",
            NUMBER + "@c.us",
            "x@" + NUMBER
        }) {
            String text = pseudonyms.text(Node.of("iq").with(attribute, secret));
            assertFalse(text.contains(secret), text);
        }
    }

    @Test
    void aTagAndANameThatTheServerMadeUpAreHiddenAsWell() {
        String text =
                pseudonyms.text(Node.of(NUMBER).with("Alice" + NUMBER, "1").holding(Node.of("a b")));
        assertFalse(text.contains(NUMBER), text);
        assertFalse(text.contains("a b"), text);
    }

    @Test
    void aHugeStanzaAndManyOfThemTakeBoundedRoom() {
        Node[] many = new Node[100_000];
        Arrays.setAll(many, i -> Node.of("user").with("jid", i + "@s.whatsapp.net"));
        assertTrue(pseudonyms.text(Node.of("list").holding(many)).length() < 5_000);
        Node deep = Node.of("end");
        for (int i = 0; i < 1_000; i++) {
            deep = Node.of("in").holding(deep);
        }
        assertTrue(pseudonyms.text(deep).length() < 5_000);
        var trace = new StanzaTrace(Duration.ofMinutes(1), InstantSource.system());
        for (int i = 0; i < 3_000; i++) {
            trace.add('<', Node.of("ib"));
        }
        var lines = trace.after(0, 5_000);
        assertEquals(1_000, lines.size());
        assertEquals(2_001, lines.getFirst().number());
        assertEquals(3_000, lines.getLast().number());
        assertEquals(0, trace.after(3_000, 10).size());
    }

    @Test
    void aTraceEndsByItself() throws Exception {
        var trace = new StanzaTrace(Duration.ofMillis(50), InstantSource.system());
        trace.add('>', Node.of("ib"));
        Thread.sleep(60);
        assertTrue(trace.isEnded());
        trace.add('>', Node.of("ib"));
        assertEquals(1, trace.after(0, 10).size());
    }
}
