package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.database.PostgresForTests;
import gateway.store.SqlDialect;
import gateway.twin.web.Twin;
import gateway.twin.web.TwinControl;

/** The real program as a linked device of a twin's phone: it pairs, sends, receives, is killed, and goes on. */
@Timeout(180)
class WebLineTest {
    private static final String OWN = "6281111111111";
    private static final String PEER = "6282222222222";
    private static final String STRANGER = "6283333333333";

    @TempDir
    Path folder;

    private Twin twin;
    private TwinControl control;
    private Map<String, String> database = Map.of();

    @BeforeEach
    void start() throws Exception {
        twin = new Twin(0);
        control = new TwinControl(twin);
        control.post("/phones", Map.of("number", OWN));
        control.post("/phones", Map.of("number", PEER));
    }

    @AfterEach
    void stop() throws Exception {
        twin.close();
    }

    private void on(SqlDialect dialect) {
        database = dialect == SqlDialect.POSTGRES
                ? Map.of(
                        "DB_URI",
                        PostgresForTests.uri(PostgresForTests.running().fresh()),
                        "WHATSAPP_ENCRYPTION_KEY",
                        Base64.getEncoder().encodeToString(new byte[32]))
                : Map.of();
    }

    private Program program() throws Exception {
        return program("");
    }

    /** @param failpoint where the program dies, the first time that it comes by */
    private Program program(String failpoint) throws Exception {
        var environment = new HashMap<>(WebPairing.settings(twin));
        environment.put("WHATSAPP_SEND_WAIT", "20s");
        environment.putAll(database);
        if (!failpoint.isEmpty()) {
            environment.put("JAVA_TOOL_OPTIONS", "-Dgateway.failpoint=" + failpoint + ":1");
        }
        return Program.rest(folder, environment);
    }

    private void pair(Program program) throws Exception {
        WebPairing.scan(program, control, OWN);
        WebPairing.connected(program);
    }

    private static void send(Program program, String text) throws Exception {
        assertEquals(
                200,
                program.post("/send/message", "{\"phone\":\"" + PEER + "\",\"message\":\"" + text + "\"}")
                        .statusCode());
    }

    private void shown(String number, String text) {
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertEquals(1, control.shown(number, text), text));
    }

    private static void came(Program program, String text) {
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            var body = program.get("/chat/" + PEER + "@s.whatsapp.net/messages").body();
            assertTrue(body.contains("\"" + text + "\""), body);
        });
    }

    @ParameterizedTest
    @EnumSource(SqlDialect.class)
    void aDevicePairsTalksIsKilledAndGoesOn(SqlDialect dialect) throws Exception {
        on(dialect);
        try (var program = program()) {
            pair(program);
            send(program, "first");
            shown(PEER, "first");
            shown(OWN, "first");
            control.send(PEER, OWN, "an answer");
            came(program, "an answer");
            program.kill();
        }
        control.send(PEER, OWN, "while away");
        try (var program = program()) {
            WebPairing.connected(program);
            came(program, "while away");
            send(program, "second");
            shown(PEER, "second");
            assertEquals(1, control.shown(PEER, "first"));
            assertEquals(0, control.seen("not opened", ""));
            assertEquals(200, program.get("/app/logout").statusCode());
            assertEquals(0, control.devices(OWN));
        }
    }

    @Test
    void aFurtherAskGivesTheCurrentCodeWhichItsImageSays() throws Exception {
        try (var program = program()) {
            var first = WebPairing.login(program);
            for (int i = 0; i < 8; i++) {
                assertEquals(first.path("qr_text"), WebPairing.login(program).path("qr_text"));
            }
            assertEquals(30, first.path("qr_duration").intValue());
            assertEquals(
                    first.path("qr_text").textValue(),
                    WebPairing.read(program, first.path("qr_link").textValue()));
            control.post(
                    "/phones/" + OWN + "/scan",
                    Map.of("qr", first.path("qr_text").textValue()));
            WebPairing.connected(program);
            assertEquals(1, control.seen("registration", ""));
        }
    }

    @Test
    void aStrangerWhoAsksForAMessageIsNotSentIt() throws Exception {
        control.post("/phones", Map.of("number", STRANGER));
        try (var program = program()) {
            pair(program);
            control.fault("retry_stranger", STRANGER);
            send(program, "not for strangers");
            shown(PEER, "not for strangers");
            control.fault("retry_stranger", "");
            send(program, "next");
            shown(PEER, "next");
            await().during(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> control.shown(STRANGER, "not for strangers") == 0);
        }
    }

    @Test
    void aQuestionForALostMessageIsAnsweredAfterAKill() throws Exception {
        try (var program = program()) {
            pair(program);
            send(program, "opens the session");
        }
        control.fault("not_opened", "1");
        try (var program = program("web-again")) {
            WebPairing.connected(program);
            send(program, "lost at first");
            assertEquals(137, program.exit());
        }
        assertEquals(1, control.count("waiting_peers"));
        try (var program = program()) {
            WebPairing.connected(program);
            shown(PEER, "lost at first");
            send(program, "next");
            shown(PEER, "next");
            shown(OWN, "lost at first");
            assertEquals(
                    List.of(0, 0, 0),
                    List.of(
                            control.count("waiting_peers"),
                            control.count("shown_twice"),
                            control.count("reused_keys")));
        }
    }

    @Test
    void aChangeThatIsAskedForAgainIsSentAsAChange() throws Exception {
        try (var program = program()) {
            pair(program);
            var sent = program.post("/send/message", "{\"phone\":\"" + PEER + "\",\"message\":\"wrong words\"}");
            var id = Program.json(sent).path("results").path("message_id").textValue();
            shown(PEER, "wrong words");
            control.fault("not_opened", "1");
            assertEquals(
                    200,
                    program.post(
                                    "/message/" + id + "/update",
                                    "{\"phone\":\"" + PEER + "\",\"message\":\"right words\"}")
                            .statusCode());
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> control.get("/phones/" + PEER + "/inbox").size() == 2);
            assertEquals(
                    "1",
                    control.get("/phones/" + PEER + "/inbox").get(1).get("edit").textValue());
        }
    }

    @Test
    void aKillBeforeThePhoneHearsOfThePairingNeedsANewOneAndNothingElse() throws Exception {
        try (var program = program("web-paired")) {
            WebPairing.scan(program, control, OWN);
            assertEquals(137, program.exit());
        }
        assertEquals(0, control.devices(OWN));
        try (var program = program()) {
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> program.get("/app/login").statusCode() == 200);
            pair(program);
            send(program, "after all");
            shown(PEER, "after all");
            assertEquals(1, control.devices(OWN));
        }
    }

    @ParameterizedTest
    @EnumSource(SqlDialect.class)
    void whatWasAcceptedBeforeAKillIsShownAfterIt(SqlDialect dialect) throws Exception {
        on(dialect);
        var accepted = new ConcurrentLinkedQueue<String>();
        try (var program = program()) {
            pair(program);
            send(program, "opens the session");
            var sending = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 10_000; i++) {
                        send(program, "word " + i);
                        accepted.add("word " + i);
                    }
                } catch (Exception | AssertionError _) {
                    // The program was killed.
                }
            });
            await().atMost(Duration.ofSeconds(40)).until(() -> accepted.size() > 10);
            program.kill();
            sending.join();
        }
        try (var program = program()) {
            WebPairing.connected(program);
            send(program, "the end");
            shown(PEER, "the end");
            for (var text : accepted) {
                shown(PEER, text);
            }
        }
    }

    @Test
    void nothingOfTheEngineIsLoadedInASandbox() throws Exception {
        var loaded = folder.resolve("loaded");
        try (var program = Program.rest(folder, Map.of("JAVA_TOOL_OPTIONS", Program.CLASSES_LOADED + loaded))) {
            assertEquals(200, program.get("/app/status").statusCode());
        }
        assertFalse(Files.readString(loaded).contains("gateway.engine.web."));
    }
}
