package gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.webhook.EndpointDraft;
import gateway.webhook.InvalidEndpoint;
import gateway.wiring.OperatorTools;

/** The secret of a webhook's receiver in production, as the whole program judges it. */
class ReceiverSecretTest {
    private static final Map<String, String> PRODUCTION = Map.of(
            "APP_PROFILE", "production", "WHATSAPP_ENGINE", "web", "APP_BASIC_AUTH", "admin:" + Program.PASSWORD);
    private static final String PRINTED = "0123456789abcdef0123456789abcdef";
    private static final String GOOD = "4f1c7a0d9b2e48f6a3c5d7e9f1b3a5c7";

    @TempDir
    Path folder;

    @Test
    void theServerRefusesOneThatADocumentPrints() throws Exception {
        try (var program = Program.rest(folder, PRODUCTION)) {
            var refused = program.post("/webhooks", body(PRINTED));
            assertEquals(400, refused.statusCode());
            assertTrue(
                    Program.json(refused)
                            .path("message")
                            .textValue()
                            .startsWith("secret: is one that a document prints"),
                    refused.body());
            var made = program.post("/webhooks", body(GOOD));
            assertEquals(200, made.statusCode(), made.body());
            var path = "/webhooks/" + Program.json(made).at("/results/id").textValue();
            var changed = program.send(program.request(path)
                    .header("Content-Type", "application/json")
                    .method(
                            "PATCH",
                            java.net.http.HttpRequest.BodyPublishers.ofString("{\"secret\":\"" + PRINTED + "\"}")));
            assertEquals(400, changed.statusCode(), changed.body());
        }
    }

    @Test
    void theCommandRefusesItToo() {
        try (var books = new OperatorTools(PRODUCTION, folder).webhooks()) {
            var draft = EndpointDraft.of("https://example.com/hook", PRINTED);
            assertEquals(
                    "secret",
                    assertThrows(InvalidEndpoint.class, () -> books.endpoints().add(draft))
                            .field());
            assertEquals(0, books.endpoints().all().size());
        }
    }

    private static String body(String secret) {
        return "{\"url\":\"https://example.com/hook\",\"secret\":\"" + secret + "\"}";
    }
}
