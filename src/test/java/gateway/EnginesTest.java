package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import gateway.store.Database;
import gateway.store.OldDatabase;
import gateway.store.Store;
import gateway.twin.web.Twin;
import gateway.twin.web.TwinControl;

/** The real program with accounts of several engines. */
@Timeout(180)
class EnginesTest {
    private static final String OWN = "6281111111111";
    private static final String PEER = "6282222222222";

    @TempDir
    Path folder;

    private static String engine(Program program, String device) throws Exception {
        return Program.json(program.get("/devices/" + device))
                .at("/results/engine")
                .textValue();
    }

    @Test
    void aWebAccountAndASandboxAccountLiveInOneProcess() throws Exception {
        try (var twin = new Twin(0)) {
            var control = new TwinControl(twin);
            control.post("/phones", Map.of("number", OWN));
            control.post("/phones", Map.of("number", PEER));
            var settings = new HashMap<>(WebPairing.settings(twin));
            settings.put("WHATSAPP_ENGINE", "sandbox");
            try (var program = Program.rest(folder, settings)) {
                assertEquals(
                        200,
                        program.post("/devices", "{\"device_id\":\"real\",\"engine\":\"web\"}")
                                .statusCode());
                var code = Program.json(program.get("/devices/real/login"))
                        .at("/results/qr_text")
                        .textValue();
                control.post("/phones/" + OWN + "/scan", Map.of("qr", code));
                await().atMost(Duration.ofSeconds(40))
                        .until(() -> Program.json(program.get("/devices/real/status"))
                                .at("/results/is_connected")
                                .booleanValue());
                program.get("/devices/default/login");
                assertEquals(
                        200,
                        program.post("/sandbox/pair?device_id=default", "{}").statusCode());
                for (var device : new String[] {"real", "default"}) {
                    assertEquals(
                            200,
                            program.post(
                                            "/send/message?device_id=" + device,
                                            "{\"phone\":\"" + PEER + "\",\"message\":\"from " + device + "\"}")
                                    .statusCode());
                }
                await().atMost(Duration.ofSeconds(40))
                        .untilAsserted(() -> assertEquals(1, control.shown(PEER, "from real")));
                assertEquals(0, control.shown(PEER, "from default"));
                assertEquals(501, program.get("/sandbox/state?device_id=real").statusCode());
                assertEquals(
                        200,
                        program.post("/devices/real/engine", "{\"engine\":\"sandbox\",\"force\":true}")
                                .statusCode());
                assertEquals(0, control.devices(OWN), "the phone's list of linked devices is empty");
            }
            try (var store = Store.open(new Database.Sqlite(folder.resolve("storages/whatsapp.db")))) {
                assertEquals(
                        0,
                        store.number("SELECT (SELECT count(*) FROM web_device) + (SELECT count(*) FROM web_session)"));
                assertEquals(1, store.number("SELECT count(*) FROM message WHERE device = 'real'"));
            }
        }
    }

    @Test
    void productionOfAnotherEngineHasNoSandbox() throws Exception {
        try (var program = Program.rest(folder, Map.of())) {
            assertEquals("sandbox", engine(program, "default"));
        }
        var loaded = folder.resolve("loaded");
        try (var program = Program.rest(
                folder,
                Map.of(
                        "APP_PROFILE",
                        "production",
                        "WHATSAPP_ENGINE",
                        "web",
                        "JAVA_TOOL_OPTIONS",
                        Program.CLASSES_LOADED + loaded))) {
            assertEquals("sandbox", engine(program, "default"), "an account keeps its engine");
            // No engine here is called by WhatsApp, so the path of its calls is behind the gate like any other.
            var stranger = HttpRequest.newBuilder(
                    program.request("/engine/web/webhook").build().uri());
            assertEquals(401, program.send(stranger.GET()).statusCode());
            assertEquals(
                    "engine_unavailable",
                    Program.json(program.get("/devices/default"))
                            .at("/results/state")
                            .textValue());
            assertEquals(404, program.post("/sandbox/pair", "{}").statusCode());
            assertEquals(
                    400,
                    program.post("/devices", "{\"device_id\":\"second\",\"engine\":\"sandbox\"}")
                            .statusCode());
            assertTrue(program.output().contains("POST /devices/default/engine"), program.output());
            assertFalse(
                    Files.readString(loaded).contains("gateway.engine.sandbox."), "nothing of the sandbox is loaded");
        }
    }

    @Test
    void aDatabaseOfTheVersionBeforeGetsTheEngineOfTheProcess() throws Exception {
        OldDatabase.make(new Database.Sqlite(folder.resolve("storages/whatsapp.db")), 13);
        try (var program = Program.rest(folder, Map.of("WHATSAPP_ENGINE", "sandbox"))) {
            assertEquals("sandbox", engine(program, "from-before"));
        }
    }
}
