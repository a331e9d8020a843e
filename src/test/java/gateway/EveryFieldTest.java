package gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
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

    /** A body of each operation with nothing good in it, and the beginning of each sentence of its refusal. */
    private static final Map<String, List<String>> BAD = Map.of(
            "POST /webhooks",
            List.of("{\"scret\":\"value-of-a-field\"}", "secret: cannot", "url: cannot", "scret: is not a field"),
            "PATCH /webhooks/{id}",
            List.of(
                    "{\"url\":\"ftp://a\",\"secret\":\"value-of\",\"events\":[\"mesage\"],\"ignore\":[\"x\"],\"dialect\":7,\"scret\":1}",
                    "dialect: must",
                    "events: has a name",
                    "ignore: has an entry",
                    "secret: must",
                    "url: is refused",
                    "scret: is not a field"),
            "POST /users",
            List.of(
                    "{\"name\":\"a b\",\"password\":\"short\",\"scopes\":\"all\",\"device\":7,\"devise\":\"a\"}",
                    "device: must",
                    "name: A name",
                    "password: The password has fewer",
                    "scopes: a scope",
                    "devise: is not a field"),
            "POST /users/{name}/password",
            List.of(
                    "{\"password\":\"aaaaaaaaaaaaaaaaaaaaaaaa\",\"overlap_seconds\":-1,\"overlap\":1}",
                    "overlap_seconds: must",
                    "password: The password repeats",
                    "overlap: is not a field"),
            "POST /tokens",
            List.of(
                    "{\"not_after\":\"2020-01-01T00:00:00Z\",\"note\":\"a\\nb\",\"not_befor\":\"2020\"}",
                    "not_after: The token",
                    "note: must be one line",
                    "scopes: cannot be blank",
                    "not_befor: is not a field"));

    @TempDir
    Path folder;

    @Test
    void everyBadFieldIsNamedAtOnceAndNothingIsMade() throws Exception {
        assertEquals(GOOD.keySet(), BAD.keySet());
        try (var program = Program.rest(folder, Map.of())) {
            assertEquals(200, program.post("/users", GOOD.get("POST /users")).statusCode());
            var hook = Program.json(program.post("/webhooks", GOOD.get("POST /webhooks")))
                    .at("/results/id")
                    .asText();
            for (var bad : BAD.entrySet()) {
                var address = bad.getKey().split(" ")[1].replace("{id}", hook).replace("{name}", "ann");
                var reply = program.send(program.request(address)
                        .header("Content-Type", "application/json")
                        .method(
                                bad.getKey().split(" ")[0],
                                BodyPublishers.ofString(bad.getValue().getFirst())));
                var message = Program.json(reply).path("message").asText();
                assertEquals(400, reply.statusCode(), bad.getKey() + ": " + message);
                var sentences = message.split("; (?=[a-z_]+: )");
                var expected = bad.getValue().subList(1, bad.getValue().size());
                assertEquals(expected.size(), sentences.length, message);
                for (int i = 0; i < sentences.length; i++) {
                    assertTrue(sentences[i].startsWith(expected.get(i)), message);
                }
                assertFalse(reply.body().contains("value-of"), message);
            }
            assertEquals(1, Program.json(program.get("/users")).path("results").size());
            assertEquals(0, Program.json(program.get("/tokens")).path("results").size());
            assertEquals(
                    1,
                    Program.json(program.get("/webhooks")).at("/results/data").size());
        }
    }

    /** A misspelt limit would give more than was meant, so that here an unknown field alone is refused. */
    @Test
    void aMisspeltLimitOfRightsIsRefused() throws Exception {
        try (var program = Program.rest(folder, Map.of("WHATSAPP_STRICT_VALIDATION", "false"))) {
            var reply = program.post("/tokens", "{\"scopes\":\"read\",\"devise\":\"main\"}");
            assertEquals(400, reply.statusCode(), reply.body());
            assertTrue(reply.body().contains("devise: is not a field of this operation"), reply.body());
        }
    }

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
