package gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.http.Envelope;

/** What is refused is refused in the same words by the API and by the command line. The console shows the API's own. */
class SameWordsTest {
    @TempDir
    Path folder;

    private Program program;

    @BeforeEach
    void start() throws Exception {
        program = Program.rest(folder, Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        program.close();
    }

    @Test
    void aWebhookOfAnInnerAddress() throws Exception {
        var refusal =
                refusal("/webhooks", "{\"url\":\"http://10.0.0.1/hook\",\"secret\":\"" + AccessCalls.SECRET + "\"}");
        assertEquals("VALIDATION_ERROR", refusal.path("code").asText());
        var secretOnStandardInput = List.of("sh", "-c", "echo " + AccessCalls.SECRET + " | \"$@\"", "sh");
        says(secretOnStandardInput, 2, refusal.path("message").asText(), "webhook", "add", "http://10.0.0.1/hook");
    }

    @Test
    void aTokenWithTooLongANote() throws Exception {
        var note = "n".repeat(101);
        var message = refusal("/tokens", "{\"note\":\"" + note + "\",\"scopes\":\"send\"}")
                .path("message")
                .asText();
        assertTrue(message.startsWith("note: "), message);
        says(List.of(), 2, message.substring("note: ".length()), "token", "create", note, "--scopes", "send");
    }

    @Test
    void anAccountThatThereIsNot() throws Exception {
        var refusal =
                Envelope.JSON.readTree(program.get("/devices/nobody/status").body());
        says(
                List.of(),
                2,
                refusal.path("message").asText() + " (" + refusal.path("code").asText() + ")",
                "trace",
                "nobody");
    }

    private JsonNode refusal(String path, String body) throws Exception {
        var reply = program.post(path, body);
        assertEquals(400, reply.statusCode(), reply.body());
        return Envelope.JSON.readTree(reply.body());
    }

    private void says(List<String> under, int exit, String words, String... arguments) throws Exception {
        var settings = new HashMap<String, String>();
        settings.put("APP_PORT", String.valueOf(URI.create(program.url()).getPort()));
        try (var command = Program.start(under, folder, settings, arguments)) {
            assertEquals(exit, command.exit(), command.output());
            assertTrue(command.output().contains(words), () -> command.output() + " has not: " + words);
        }
    }
}
