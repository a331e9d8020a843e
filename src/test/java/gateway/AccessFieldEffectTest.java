package gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import gateway.api.docs.Docs;

/**
 * Each field of the operations on webhooks, users and tokens does what openapi.yaml says of it. The fields are those of
 * openapi.yaml, and one without a proof fails. {@code FieldEffectTest} does the same with all other operations.
 */
class AccessFieldEffectTest {
    @TempDir
    static Path folder;

    private static AccessCalls calls;
    private static final Map<String, Executable> PROOFS = new TreeMap<>();

    @BeforeAll
    static void start() throws Exception {
        calls = new AccessCalls(folder);
        PROOFS.putAll(new WebhookFieldProofs(calls).all());
        PROOFS.putAll(new CredentialFieldProofs(calls).all());
    }

    @AfterAll
    static void stop() throws Exception {
        calls.close();
    }

    @Test
    void everyFieldOfTheDescriptionHasAProof() {
        assertEquals(fields(), PROOFS.keySet());
    }

    @TestFactory
    Stream<DynamicTest> everyFieldDoesWhatIsSaidOfIt() {
        return PROOFS.entrySet().stream().map(proof -> DynamicTest.dynamicTest(proof.getKey(), proof.getValue()));
    }

    /** As {@code POST /tokens note}. */
    private static TreeSet<String> fields() {
        var fields = new TreeSet<String>();
        var document = Docs.specification();
        for (var path : document.path("paths").properties()) {
            if (!path.getKey().matches("/(webhooks|users|tokens)(/.*)?")) {
                continue;
            }
            for (var method : path.getValue().properties()) {
                var name = method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey() + " ";
                for (var parameter : method.getValue().path("parameters")) {
                    fields.add(name + resolved(document, parameter).path("name").asText());
                }
                for (var type : method.getValue().at("/requestBody/content")) {
                    resolved(document, type.path("schema"))
                            .path("properties")
                            .fieldNames()
                            .forEachRemaining(field -> fields.add(name + field));
                }
            }
        }
        return fields;
    }

    private static JsonNode resolved(JsonNode document, JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }
}
