package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.api.docs.Docs;
import gateway.http.ScopeRules;

/** What openapi.yaml says of every operation beside its fields: statuses, headers and scopes. */
class DescriptionTest {
    private static final JsonNode DOCUMENT = Docs.specification();

    @TempDir
    Path directory;

    private static Map<String, JsonNode> operations() {
        var operations = new TreeMap<String, JsonNode>();
        DOCUMENT.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> operations.put(
                                method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), method.getValue())));
        return operations;
    }

    @Test
    void everyOperationNamesTheScopeThatTheGateAsksFor() {
        var rules = ScopeRules.api("");
        operations().forEach((name, operation) -> {
            var security = operation.path("security");
            if (security.isArray() && security.isEmpty()) {
                assertTrue(Set.of("GET /health", "GET /livez", "GET /readyz").contains(name), name);
                return;
            }
            var scope =
                    rules.needed(name.split(" ")[0], name.split(" ")[1]).name().toLowerCase(Locale.ROOT);
            assertEquals(
                    "[{\"basic\":[\"" + scope + "\"]},{\"bearer\":[\"" + scope + "\"]}]", security.toString(), name);
        });
    }

    /** What the listener and the gate refuse by themselves, whatever the operation. */
    @Test
    void everyOperationHasTheRefusalsOfTheListener() {
        operations().forEach((name, operation) -> {
            for (var status : List.of("400", "414", "431")) {
                assertTrue(operation.path("responses").has(status), name + " lacks " + status);
            }
            if (operation.has("requestBody")) {
                assertTrue(operation.path("responses").has("413"), name + " lacks 413");
            }
        });
    }

    @Test
    void whereAskingAgainLaterHelpsAHeaderSaysWhen() {
        for (var name : List.of("TooMany", "Unavailable")) {
            assertTrue(DOCUMENT.at("/components/responses/" + name + "/headers").has("Retry-After"), name);
        }
    }

    /** The operations that take the key are found by asking each of them twice with one key and another content. */
    @Test
    void everySendTakesAKeyAndSaysWhatItsReuseMeans() {
        var described = new TreeSet<String>();
        operations().forEach((name, operation) -> {
            boolean header = operation.path("parameters").findValuesAsText("$ref").stream()
                    .anyMatch(reference -> reference.endsWith("/IdempotencyKey"));
            assertEquals(header, operation.path("responses").has("422"), name);
            if (header) {
                described.add(name);
            }
        });
        var kept = new TreeSet<String>();
        try (var rig = new ApiRig(directory)) {
            for (var operation : Specification.ours().messagingOperations()) {
                if (operation.method().equals("POST") && operation.path().matches("/(send|message)/.*")) {
                    var stage = new Stage(rig).set();
                    var key = "key-" + operation.id();
                    rig.keyed(key, () -> stage.call(operation, Map.of(), stage.body(operation, false)));
                    var other = rig.keyed(
                            key,
                            () -> rig.post(
                                    "/send/message",
                                    ApiRig.object().put("phone", ApiRig.BOB).put("message", "Something else")));
                    if (other.status() == 422) {
                        kept.add(operation.toString());
                    }
                }
            }
        }
        assertEquals(kept, described);
    }

    /** A body of JSON or of a plain form holds no file. */
    @Test
    void onlyAFormWithPartsHasFiles() {
        var wrong = new ArrayList<String>();
        operations()
                .forEach((name, operation) -> operation
                        .at("/requestBody/content")
                        .properties()
                        .forEach(type -> {
                            var reference =
                                    type.getValue().at("/schema/$ref").asText().substring(1);
                            if (!type.getKey().equals("multipart/form-data")
                                    && DOCUMENT.at(reference)
                                            .findValuesAsText("format")
                                            .contains("binary")) {
                                wrong.add(name + " " + type.getKey());
                            }
                        }));
        assertEquals(List.of(), wrong);
        assertFalse(operations().isEmpty());
    }
}
