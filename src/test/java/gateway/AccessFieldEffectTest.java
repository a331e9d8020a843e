package gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import gateway.api.Specification;

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
    private static Set<String> fields() {
        return Specification.ours().accessOperations().stream()
                .flatMap(operation -> operation.fields().stream().map(field -> operation + " " + field.name()))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
