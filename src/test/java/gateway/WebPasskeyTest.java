package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The passkey step over the API of the real program, with a twin's phone that demands it. */
@Timeout(180)
class WebPasskeyTest {
    @TempDir
    Path folder;

    @RegisterExtension
    final TwinPhones phones = new TwinPhones(TwinPhones.OWN);

    private static JsonNode step(Program program) throws Exception {
        return Program.json(program.get("/app/passkey")).path("results");
    }

    private static void demanded(Program program) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> step(program).path("status").asText().equals("awaiting_response"));
    }

    private ObjectNode answered(JsonNode challenge) {
        return (ObjectNode) phones.control.post(
                "/phones/" + TwinPhones.OWN + "/passkey",
                Map.of("options", challenge, "origin", "https://web.whatsapp.com"));
    }

    @Test
    void theAnswerOfABrowserLinksTheAccount() throws Exception {
        phones.control.fault("passkey", "whatsapp.com");
        try (var program = Program.rest(folder, WebPairing.settings(phones.twin))) {
            assertEquals("none", step(program).path("status").asText());
            assertTrue(step(program).get("challenge").isNull());
            assertEquals(400, program.post("/app/passkey/confirm", "{}").statusCode());
            WebPairing.scan(program, phones.control, TwinPhones.OWN);
            demanded(program);
            var login = program.get("/app/login");
            assertEquals(503, login.statusCode());
            assertTrue(login.body().contains("GET /app/passkey"), login.body());

            var challenge = step(program).path("challenge");
            assertEquals("whatsapp.com", challenge.path("rpId").asText());
            var forged = answered(((ObjectNode) challenge.deepCopy()).put("challenge", "AAAA"));
            var refused = program.post("/app/passkey/response", forged.toString());
            assertEquals(400, refused.statusCode());
            assertTrue(refused.body().contains("WhatsApp refuses the passkey's answer: 401"), refused.body());
            assertEquals(1, phones.control.seen("passkey refused", "another challenge"));

            var good = answered(challenge).toString();
            assertEquals(200, program.post("/app/passkey/response", good).statusCode());
            WebPairing.connected(program);
            assertEquals(1, phones.control.devices(TwinPhones.OWN));
            assertEquals(1, phones.control.seen("passkey accepted", "handed off"));
            assertEquals("none", step(program).path("status").asText());
            var again = program.post("/app/passkey/response", good);
            assertEquals(400, again.statusCode());
            assertTrue(again.body().contains("no phone asks for a passkey"), again.body());
        }
        var log = Files.readString(folder.resolve("storages/security.log"));
        assertTrue(log.contains("/app/passkey/response"), log);
        assertFalse(log.contains("signature"), log);
    }

    @Test
    void aStepThatWasGivenUpLeavesRoomForAnother() throws Exception {
        phones.control.fault("passkey", "whatsapp.com");
        phones.control.fault("passkey_unreadable", "true");
        try (var program = Program.rest(folder, WebPairing.settings(phones.twin))) {
            WebPairing.scan(program, phones.control, TwinPhones.OWN);
            demanded(program);
            assertEquals(200, program.get("/app/logout").statusCode());
            assertEquals("none", step(program).path("status").asText());
            phones.control.fault("passkey", "");
            phones.link(program);
        }
    }
}
