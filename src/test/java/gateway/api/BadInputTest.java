package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import gateway.api.Specification.Operation;

/**
 * Every field of every operation, with every kind of value it must not have: one refusal of the client that names the
 * field, and nothing has changed.
 */
class BadInputTest {
    /** Fields whose bad values mean something only together with others. */
    private static final Set<String> NOT_ALONE = Set.of("device_id", "X-Device-Id");

    @TempDir
    static Path directory;

    private static ApiRig rig;
    private static BadAddresses addresses;
    private static BadBodies bodies;
    /** How everything stood after the last case: nothing happens between two. */
    private static String known;

    @BeforeAll
    static void open() {
        rig = new ApiRig(directory);
        var stage = new Stage(rig).set();
        addresses = new BadAddresses(rig, stage);
        bodies = new BadBodies(rig, stage);
        known = rig.fingerprint();
    }

    @AfterAll
    static void close() {
        rig.close();
    }

    @TestFactory
    Stream<DynamicContainer> everyBadValueIsRefusedByNameAndChangesNothing() {
        return Specification.ours().messagingOperations().stream()
                .filter(operation -> !operation.path().startsWith("/sandbox") && !operation.isOfTheWebEngine())
                .map(operation -> DynamicContainer.dynamicContainer(
                        operation.toString(),
                        cases(operation).stream().map(bad -> DynamicTest.dynamicTest(bad.what(), () -> refused(bad)))));
    }

    private static void refused(Bad bad) {
        var before = known;
        var reply = bad.request().get();
        assertTrue(
                reply.status() >= 400 && reply.status() < 500, "answered " + reply.status() + ": " + reply.message());
        assertTrue(
                bad.field().isEmpty() || reply.message().startsWith(bad.field() + ":"),
                "does not name " + bad.field() + ": " + reply.message());
        known = rig.fingerprint();
        assertEquals(before, known, "the refused request changed something");
    }

    private static List<Bad> cases(Operation operation) {
        var cases = new ArrayList<Bad>();
        for (var field : operation.fields()) {
            if (NOT_ALONE.contains(field.name())) {
                continue;
            }
            switch (field.in()) {
                case "query" -> addresses.query(operation, field, cases);
                case "path" -> addresses.path(operation, field, cases);
                case "body" -> bodies.body(operation, field, cases);
                default -> {}
            }
        }
        if (operation.hasBody()) {
            bodies.whole(operation, cases);
        }
        return cases;
    }
}
