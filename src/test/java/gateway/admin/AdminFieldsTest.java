package gateway.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.http.Envelope;

/** Every field of the Admin API's given contract works, and what is no value of it is refused by its name. */
class AdminFieldsTest {
    @TempDir
    Path folder;

    private static JsonNode fields(String schema) throws IOException {
        try (var in = AdminFieldsTest.class.getResourceAsStream("/contract/admin-v7.8.3.openapi.yaml")) {
            return new YAMLMapper().readTree(in).at("/components/schemas/" + schema + "/properties");
        }
    }

    private AdminRig rig() throws IOException {
        return new AdminRig(Files.createDirectory(folder.resolve("instances")), Map.of("WHATSAPP_ENGINE", "sandbox"));
    }

    private static ObjectNode one(String field, JsonNode value) {
        var body = Envelope.JSON.createObjectNode();
        body.set(field, value);
        return body;
    }

    @Test
    void whatIsNoValueIsRefusedByTheFieldsName() throws IOException {
        var object = Envelope.JSON.createObjectNode().put("a", 1);
        try (var rig = rig()) {
            assertEquals(200, rig.post("{\"port\":3001}").status() / 100 * 100);
            for (var field : fields("CreateInstanceRequest").properties()) {
                var body = one(field.getKey(), object);
                if (!field.getKey().equals("port")) {
                    body.put("port", 3002);
                }
                refused(rig.post(body.toString()), field.getKey());
            }
            for (var field : fields("UpdateInstanceRequest").properties()) {
                refused(rig.patch(3001, one(field.getKey(), object).toString()), field.getKey());
            }
        }
    }

    private static void refused(AdminRig.Reply reply, String field) {
        assertEquals(400, reply.status(), field);
        assertTrue(reply.message().startsWith(field + ": "), field + " is not named: " + reply.message());
    }

    /** Each value shows in the reply; a secret is kept and does not show. */
    @Test
    void everyFieldChangesTheInstance() throws IOException {
        try (var rig = rig()) {
            assertEquals(200, rig.post("{\"port\":3001}").status() / 100 * 100);
            for (var field : fields("UpdateInstanceRequest").properties()) {
                var before = rig.get("/admin/instances/3001").data().path("config");
                var name = field.getKey();
                var value = value(name, field.getValue(), before.path(name));
                var kept = kept();
                var reply = rig.patch(3001, one(name, value).toString());
                assertEquals(200, reply.status(), name + ": " + reply.message());
                var after = rig.get("/admin/instances/3001").data().path("config");
                if (Field.named(name).orElseThrow().kind() == Field.Kind.SECRET) {
                    assertFalse(reply.raw().body().contains(value.asText()), name);
                    assertNotEquals(kept, kept(), name + " is taken and not kept");
                } else {
                    assertEquals(value, after.path(name), name + " is taken and changes nothing");
                    assertNotEquals(before.path(name), after.path(name), name);
                }
            }
        }
    }

    /** All that the Admin API keeps of its instances. */
    private String kept() throws IOException {
        try (var files = Files.walk(folder.resolve("instances"))) {
            var all = new StringBuilder();
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                all.append(file).append('=').append(Files.readString(file)).append('\n');
            }
            return all.toString();
        }
    }

    private static JsonNode value(String name, JsonNode schema, JsonNode now) {
        var make = Envelope.JSON.getNodeFactory();
        if (schema.path("type").asText().equals("boolean")) {
            return make.booleanNode(!now.asBoolean());
        }
        return make.textNode(
                switch (name) {
                    case "basic_auth" -> "ann:wharf-lantern-oblique-71-tundra";
                    case "base_path" -> "/wa";
                    case "webhook" -> "https://hooks.example.com/gowa";
                    case "webhook_secret" -> "4f1c7a0d9b2e48f6a3c5d7e9f1b3a5c7";
                    default -> "Words";
                });
    }
}
