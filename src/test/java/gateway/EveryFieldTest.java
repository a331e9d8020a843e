package gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.api.docs.Docs;
import gateway.http.Envelope;

/**
 * Every field of the bodies that webhooks, users and tokens read by themselves: what is no value of it is refused by its
 * name. {@code DescribedFieldsTest} does the same with all other bodies, {@code BadInputTest} with queries.
 */
class EveryFieldTest {
    private static final String PASSWORD = "wharf-lantern-oblique-71-tundra";

    /** A good body of each operation, to which the bad value comes. */
    private static final Map<String, String> GOOD = Map.of(
            "POST /webhooks",
            "{\"url\":\"https://example.com/hook\",\"secret\":\"4f1c7a0d9b2e48f6a3c5d7e9f1b3a5c7\"}",
            "PATCH /webhooks/{id}",
            "{}",
            "POST /users",
            "{\"name\":\"ann\",\"password\":\"" + PASSWORD + "\",\"scopes\":\"read\"}",
            "POST /users/{name}/password",
            "{\"password\":\"" + PASSWORD + "\"}",
            "POST /tokens",
            "{\"scopes\":\"read\"}");

    @TempDir
    Path folder;

    @Test
    void whatIsNoValueIsRefusedByTheFieldsName() throws Exception {
        var document = Docs.specification();
        int operations = 0;
        try (var program = Program.rest(folder, Map.of())) {
            assertEquals(200, program.post("/users", GOOD.get("POST /users")).statusCode());
            var hook = Program.json(program.post("/webhooks", GOOD.get("POST /webhooks")))
                    .at("/results/id")
                    .asText();
            for (var path : document.path("paths").properties()) {
                for (var method : path.getValue().properties()) {
                    var name = method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey();
                    if (path.getKey().matches("/(webhooks|users|tokens)(/.*)?")
                            && method.getValue().has("requestBody")) {
                        operations++;
                        var address = path.getKey().replace("{id}", hook).replace("{name}", "ann");
                        for (var field : fields(document, method.getValue()).properties()) {
                            refused(program, name, address, field.getKey());
                        }
                    }
                }
            }
        }
        assertEquals(GOOD.size(), operations);
    }

    private static JsonNode fields(JsonNode document, JsonNode operation) {
        var reference = operation
                .at("/requestBody/content/application~1json/schema/$ref")
                .asText();
        return document.at(reference.substring(1) + "/properties");
    }

    private static void refused(Program program, String name, String address, String field) throws Exception {
        var body = (ObjectNode) Envelope.JSON.readTree(GOOD.get(name));
        body.set(field, Envelope.JSON.createObjectNode().put("a", "value-of-a-field"));
        var reply = program.send(program.request(address)
                .header("Content-Type", "application/json")
                .method(name.split(" ")[0], BodyPublishers.ofString(body.toString())));
        var message = Program.json(reply).path("message").asText();
        assertEquals(400, reply.statusCode(), name + " " + field + ": " + message);
        assertTrue(message.startsWith(field + ": "), name + " does not name " + field + ": " + message);
        assertFalse(reply.body().contains("value-of-a-field"), message);
    }
}
