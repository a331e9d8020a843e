package gateway.engine.web.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import gateway.engine.web.Vectors;

class DeviceJidTest {
    @Test
    void formsAreThoseOfTheVectors() {
        for (JsonNode vector : Vectors.cases("jid-forms.json")) {
            String text = vector.get("text").asText();
            if (vector.path("refused").asBoolean()) {
                assertThrows(IllegalArgumentException.class, () -> DeviceJid.parse(text), text);
                continue;
            }
            DeviceJid jid = DeviceJid.parse(text);
            assertEquals(vector.get("canonicalText").asText(), jid.text());
            assertEquals(vector.get("user").asText(), jid.user());
            assertEquals(vector.get("server").asText(), jid.server());
            assertEquals(vector.get("device").asInt(), jid.device());
            assertEquals(vector.get("rawAgent").asInt(), jid.agent());
            assertEquals(vector.get("deviceListForm").asText(), jid.hashedForm());
            assertEquals(vector.get("signalAddress").asText(), jid.signalName() + ":" + jid.device());
            assertEquals(
                    vector.get("withoutDevice").asText(), jid.withoutDevice().text());
            assertEquals(vector.get("isBot").asBoolean(), jid.isBot(), text);
            assertEquals(vector.get("isBroadcastList").asBoolean(), jid.isBroadcastList(), text);
        }
    }

    @Test
    void anAddressBeyondItsNumbersIsRefused() {
        for (String text : new String[] {
            "1:65536@lid",
            "1.256@lid",
            "1:2:3@lid",
            "1@lid@lid",
            "1@",
            "",
            ":@",
            "x-1@interop",
            "1:-1@lid",
            "1:999999@lid",
            "70000-1@interop"
        }) {
            assertThrows(IllegalArgumentException.class, () -> DeviceJid.parse(text), text);
        }
    }
}
