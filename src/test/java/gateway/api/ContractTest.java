package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import gateway.api.Specification.Operation;

/** Every operation of the given contract, made from its own text, answered as its clients expect. */
class ContractTest {
    /** Where the original's server differs from its own description, we do what the server does. */
    private static final Set<String> DESCRIBED_WRONGLY = Set.of(
            "userInfo",
            "getGroupParticipantRequests",
            "joinGroupWithLink",
            "approveGroupParticipantRequest",
            "rejectGroupParticipantRequest",
            "exportGroupParticipants");

    @TempDir
    static Path directory;

    private static ApiRig rig;
    private static final Specification GIVEN = Specification.given();
    private static final Specification OURS = Specification.ours();

    @BeforeAll
    static void open() {
        rig = new ApiRig(directory);
    }

    @AfterAll
    static void close() {
        rig.close();
    }

    @Test
    void theGivenContractHas59Operations() {
        assertEquals(59, GIVEN.operations().size());
    }

    @TestFactory
    Stream<DynamicTest> everyOperationOfTheGivenContractIsServedWithAllItsFields() {
        return GIVEN.operations().stream()
                .map(operation -> DynamicTest.dynamicTest(operation.toString(), () -> {
                    var stage = prepared(operation);
                    var reply = stage.call(operation, stage.query(operation, true), body(stage, operation));
                    assertEquals(200, reply.status(), reply.message());
                    if (!reply.type().startsWith("text/csv")) {
                        assertEquals("SUCCESS", reply.json().path("code").asText());
                    }
                    if (!DESCRIBED_WRONGLY.contains(operation.id())) {
                        GIVEN.check(operation, reply.status(), reply.type(), reply.body());
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyOperationOfOursIsServedWithItsRequiredFieldsOnly() {
        return OURS.messagingOperations().stream()
                .filter(operation -> !operation.isOfTheWebEngine())
                .filter(operation -> !Set.of(
                                "getQrImage",
                                "getMedia",
                                "appPasskeyResponse",
                                "appPasskeyConfirm",
                                "removeDevice",
                                "sandboxInbound",
                                "sandboxNewsletter",
                                "sandboxLabel")
                        .contains(operation.id()))
                .map(operation -> DynamicTest.dynamicTest(operation.toString(), () -> {
                    var stage = prepared(operation);
                    if (operation.id().startsWith("sandboxPair")) {
                        rig.get("/app/login");
                    }
                    var reply = stage.call(operation, stage.query(operation, false), stage.body(operation, false));
                    assertEquals(200, reply.status(), reply.message());
                }));
    }

    @TestFactory
    Stream<DynamicTest> aFormDoesAsWellAsJson() {
        return OURS.messagingOperations().stream()
                .filter(operation -> operation.types().contains("application/x-www-form-urlencoded"))
                .filter(operation -> operation.in("body").stream().noneMatch(Specification.Field::isFile))
                .filter(operation -> !operation.path().startsWith("/sandbox")
                        && !operation.id().equals("addDevice")
                        && !operation.isOfTheWebEngine())
                .map(operation -> DynamicTest.dynamicTest(operation.toString(), () -> {
                    var stage = prepared(operation);
                    var path = stage.path(operation, new LinkedHashMap<>());
                    var reply = rig.form(operation.method(), path, Stage.texts(stage.body(operation, false)));
                    assertEquals(200, reply.status(), reply.message());
                    if (operation.path().startsWith("/send")) {
                        // What can be done twice on one stage; how the form is read is the same for all.
                        var parts = rig.multipart(path, Stage.texts(stage.body(operation, false)), java.util.Map.of());
                        assertEquals(200, parts.status(), parts.message());
                    }
                }));
    }

    /** Sets the stage; the operations that pair need an account that is not paired. */
    private static Stage prepared(Operation operation) {
        var stage = new Stage(rig).set();
        if (Set.of(
                        "appLogin",
                        "appLoginWithCode",
                        "sandboxPair",
                        "loginDevice",
                        "loginDeviceWithCode",
                        "loginDeviceWithLink")
                .contains(operation.id())) {
            rig.get("/app/logout");
        }
        return stage;
    }

    /** Fields of the given description, in the values ours would take for them. */
    private static com.fasterxml.jackson.databind.node.ObjectNode body(Stage stage, Operation operation) {
        var body = stage.body(operation, true);
        assertTrue(OURS.find(operation.method(), operation.path()).isPresent(), operation + " is not described by us");
        return body;
    }
}
