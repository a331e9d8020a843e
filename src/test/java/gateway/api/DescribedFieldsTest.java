package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.api.Specification.Operation;
import gateway.http.Envelope;

/** Every operation with a body is held against the fields that openapi.yaml describes. */
class DescribedFieldsTest {
    /** An empty one takes back what was there before: a reaction, a webhook, a proxy. */
    private static final Set<String> MAY_BE_EMPTY = Set.of("emoji", "webhook_url", "proxy");

    private static final String STRANGE = "no_such_field";

    @TempDir
    Path directory;

    private static String key(Operation operation) {
        return operation.method().toLowerCase(Locale.ROOT) + " "
                + operation.path().replaceAll("\\{[^}]+}", "{}");
    }

    private static JsonNode described() throws IOException {
        return Envelope.JSON.readTree(ApiRig.resource("/gateway/api/bodies.json"));
    }

    @Test
    void everyOperationWithABodyIsInTheTable() throws IOException {
        var expected = Specification.ours().operations().stream()
                .filter(Operation::hasBody)
                .map(DescribedFieldsTest::key)
                .collect(Collectors.toCollection(TreeSet::new));
        var found = new TreeSet<String>();
        described().fieldNames().forEachRemaining(found::add);
        assertEquals(expected, found);
    }

    /** The table is found by the route of a request, which starts with the base path. */
    @ParameterizedTest
    @ValueSource(strings = {"", "/wa"})
    void everyFieldOfEveryOperationIsRefusedByNameAtOnce(String basePath) throws IOException {
        var table = described();
        try (var rig = new RigSetup(directory).basePath(basePath).start()) {
            var stage = new Stage(rig).set();
            for (var operation : Specification.ours().messagingOperations()) {
                if (operation.hasBody()) {
                    var entry = table.path(key(operation));
                    var reply = bad(rig, stage, operation);
                    assertEquals(400, reply.status(), operation + ": " + reply.message());
                    assertEquals(expected(operation, entry), named(reply.message()), operation::toString);
                }
            }
        }
    }

    @Test
    void everyMissingFieldOfEveryOperationIsNamedAtOnce() {
        try (var rig = new RigSetup(directory).start()) {
            var stage = new Stage(rig).set();
            for (var operation : Specification.ours().messagingOperations()) {
                var needed = needed(operation);
                if (!needed.isEmpty()) {
                    var reply = rig.sent(
                            operation.method(),
                            stage.path(operation, Map.of()),
                            "application/json",
                            "{}".getBytes(StandardCharsets.UTF_8));
                    assertEquals(400, reply.status(), operation + ": " + reply.message());
                    assertEquals(needed, named(reply.message()), operation::toString);
                }
            }
        }
    }

    /** The fields that have to say something, of an operation outside of the sandbox that takes JSON. */
    private static Set<String> needed(Operation operation) {
        var needed = new TreeSet<String>();
        if (operation.types().contains("application/json") && !operation.path().startsWith("/sandbox")) {
            operation.in("body").stream()
                    .filter(Specification.Field::required)
                    .map(Specification.Field::name)
                    .filter(name -> !MAY_BE_EMPTY.contains(name))
                    .forEach(needed::add);
        }
        return needed;
    }

    private static ApiRig.Reply bad(ApiRig rig, Stage stage, Operation operation) {
        var path = stage.path(operation, Map.of());
        if (!operation.types().contains("application/json")) {
            return rig.multipart(path, Map.of(STRANGE, "a"), Map.of());
        }
        var body = ApiRig.object().put(STRANGE, 1);
        for (var field : operation.in("body")) {
            if (field.schema().path("type").asText().equals("object")) {
                body.put(field.name(), "a");
            } else {
                body.set(field.name(), ApiRig.object().put("a", 1));
            }
        }
        return rig.sent(
                operation.method(), path, "application/json", body.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Set<String> expected(Operation operation, JsonNode entry) {
        var names = operation.in("body").stream()
                .map(Specification.Field::name)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!entry.path("additionalProperties").asBoolean()) {
            names.add(STRANGE);
        }
        return names;
    }

    private static Set<String> named(String message) {
        assertTrue(message.endsWith("."), message);
        return Stream.of(message.split("; "))
                .map(part -> part.split(": ")[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
