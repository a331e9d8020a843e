package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import gateway.api.Specification.Field;
import gateway.api.Specification.Operation;

/**
 * The proof that the gateway accepts no field of openapi.yaml and then ignores the field. Each request is sent to two
 * gateways with the same data, once as it is and once with another value of the field. What WhatsApp, the database or
 * the client gets must differ, or the value is refused by the field's name. {@code AccessFieldEffectTest} does the same
 * with webhooks, users and tokens.
 */
class FieldEffectTest {
    /** Values that are refused, with the beginning of the sentence. */
    private static final Map<String, String> REFUSED = Map.of(
            "POST /send/presence is_forwarded", "is_forwarded: cannot be true",
            "POST /send/video compress", "compress: cannot be true",
            "POST /devices proxy", "proxy: is for accounts of the engine web",
            "POST /devices webhook_insecure_skip_verify", "webhook_insecure_skip_verify: cannot be true",
            "PATCH /devices/{device_id}/webhook webhook_insecure_skip_verify",
                    "webhook_insecure_skip_verify: cannot be true");

    private static final String PASSKEY = "WebPasskeyTest#theAnswerOfABrowserLinksTheAccount";
    private static final String PROXY = "ProxyLineTest#anAccountsProxyIsGivenByItsRouteAndShownWithoutItsPassword";
    private static final String TRACE = "TraceLineTest#aTraceIsReadOnFromWhereItWasRead";
    private static final String CODE = "PairLineTest#aPersonTypesTheCodeOnThePhone";

    /** Operations, or one field of an operation, which a test with the twin proves: the sandbox does not have them. */
    private static final Map<String, String> ELSEWHERE = Map.of(
            "POST /app/passkey/response", PASSKEY,
            "POST /app/passkey/confirm", "engine/PasskeyStepTest#aLateAnswerIsComparedByItsCode",
            "GET /devices/{device_id}/proxy", PROXY,
            "PUT /devices/{device_id}/proxy", PROXY,
            "POST /devices/{device_id}/trace", TRACE,
            "GET /devices/{device_id}/trace", TRACE,
            "DELETE /devices/{device_id}/trace", TRACE,
            "GET /app/login-with-code phone", CODE,
            "POST /devices/{device_id}/login/code phone", CODE);

    @TempDir
    static Path directory;

    private static Scene scene;
    private static Tellings tellings;
    private static final Map<String, Outcome> BASES = new HashMap<>();
    private static final Map<String, Outcome> OTHERS = new HashMap<>();

    @BeforeAll
    static void open() {
        scene = new Scene(directory);
        tellings = new Tellings(scene);
    }

    @AfterAll
    static void close() {
        scene.close();
    }

    private static Stream<Operation> operations() {
        return Specification.ours().messagingOperations().stream();
    }

    @TestFactory
    Stream<DynamicContainer> everyFieldHasAnEffectOrIsRefused() {
        return operations()
                .filter(operation -> !operation.fields().isEmpty())
                .map(operation -> DynamicContainer.dynamicContainer(
                        operation.toString(),
                        operation.fields().stream()
                                .map(field -> DynamicTest.dynamicTest(
                                        field.in() + " " + field.name(), () -> proven(operation, field)))));
    }

    private static void proven(Operation operation, Field field) throws IOException {
        var key = operation + " " + field.name();
        var elsewhere = elsewhere(operation, field);
        if (elsewhere.isPresent()) {
            var place = elsewhere.get().split("#");
            assertTrue(
                    Files.readString(Path.of("src/test/java/gateway/" + place[0] + ".java"))
                            .contains("void " + place[1] + "("),
                    () -> key + " is proven by no test: " + elsewhere.get());
            return;
        }
        var own = new OwnProofs(scene).of(key);
        if (own.isPresent()) {
            own.get().run();
            return;
        }
        switch (field.in() + " " + field.name()) {
            case "header X-Device-Id", "query device_id" -> selects(operation, field);
            case "header Idempotency-Key" -> sendsOnce(operation, field);
            case "header If-None-Match" -> isKnown(operation, field);
            default -> differs(operation, field);
        }
    }

    private static Optional<String> elsewhere(Operation operation, Field field) {
        return Optional.ofNullable(ELSEWHERE.get(operation.toString()))
                .or(() -> Optional.ofNullable(ELSEWHERE.get(operation + " " + field.name())));
    }

    /** The outcome of a request that succeeds, and comes to the same when it is made once more. */
    private static Outcome base(Operation operation, Trial trial) {
        return BASES.computeIfAbsent(operation + trial.words(), key -> {
            var first = scene.outcome(operation, trial, tellings.before(operation), 1);
            assertTrue(first.succeeded(), first::toString);
            assertEquals(first, scene.outcome(operation, trial, tellings.before(operation), 1));
            return first;
        });
    }

    private static void differs(Operation operation, Field field) {
        var trial = tellings.base(operation, field);
        var base = base(operation, trial);
        var sentence = REFUSED.get(operation + " " + field.name());
        var tried = new ArrayList<String>();
        for (var telling : tellings.tellings(operation, field, trial)) {
            var outcome = scene.outcome(operation, telling, tellings.before(operation), 1);
            tried.add("\n  " + telling.words() + "\n    " + outcome);
            if (sentence != null && outcome.status() == 400 && outcome.reply().contains("\"" + sentence)) {
                return;
            }
            // A path that names nothing is answered with 404; any other failure shows no effect.
            boolean found = !field.in().equals("path") || outcome.status() != 404;
            if (sentence == null
                    && (!found || outcome.succeeded())
                    && outcome.differs(base, !found || operation.method().equals("GET"))) {
                return;
            }
        }
        fail(operation + " takes " + field.name() + " and does nothing with it. Without:\n  " + trial.words() + "\n    "
                + base + "\n  with:" + tried);
    }

    /** The header and the query name the account: with the second account the outcome is another one. */
    private static void selects(Operation operation, Field field) {
        var trial = tellings.base(operation, field);
        var base = base(operation, trial);
        var header = trial.header("X-Device-Id", Scene.SECOND);
        var other = OTHERS.computeIfAbsent(
                operation.toString(), key -> scene.outcome(operation, header, tellings.before(operation), 1));
        assertNotEquals(base, other, "the account that was named has done it");
        assertTrue(!other.reply().contains("DEVICE_ID_REQUIRED"), other::toString);
        if (field.in().equals("query")) {
            var bare = new Trial(Map.of(), trial.path(), trial.query(), trial.body(), trial.files());
            assertEquals(
                    other,
                    scene.outcome(operation, bare.query("device_id", Scene.SECOND), tellings.before(operation), 1));
        }
    }

    /** Two requests with one key do what one request does; two requests without a key do more. */
    private static void sendsOnce(Operation operation, Field field) {
        var trial = tellings.base(operation, field);
        var once = base(operation, trial);
        var keyed = trial.with(field, Tellings.text("a-key"));
        assertEquals(
                once.left(),
                scene.outcome(operation, keyed, tellings.before(operation), 2).left());
        assertNotEquals(
                once.left(),
                scene.outcome(operation, trial, tellings.before(operation), 2).left());
    }

    private static void isKnown(Operation operation, Field field) {
        var trial = tellings.base(operation, field);
        scene.visit(rig -> {
            var tag = scene.call(rig, operation, trial)
                    .headers()
                    .firstValue("ETag")
                    .orElseThrow();
            assertEquals(
                    304,
                    scene.call(rig, operation, trial.with(field, Tellings.text(tag)))
                            .status());
            assertEquals(
                    200,
                    scene.call(rig, operation, trial.with(field, Tellings.text("\"other\"")))
                            .status());
        });
    }
}
