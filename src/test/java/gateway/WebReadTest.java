package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import gateway.twin.web.Twin;
import gateway.twin.web.TwinControl;

/** The real program as a linked device: what it tells others beside messages, and what goes along with messages. */
@Timeout(180)
class WebReadTest {
    private static final String OWN = "6281111111111";
    private static final String PEER = "6282222222222";
    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    Path folder;

    private Twin twin;
    private TwinControl control;

    @BeforeEach
    void start() throws Exception {
        twin = new Twin(0);
        control = new TwinControl(twin);
        for (var number : List.of(OWN, PEER)) {
            control.post("/phones", Map.of("number", number));
        }
    }

    @AfterEach
    void stop() throws Exception {
        twin.close();
    }

    private Program program(Map<String, String> more) throws Exception {
        var environment = new HashMap<>(WebPairing.settings(twin));
        environment.putAll(more);
        var program = Program.rest(folder, environment);
        WebPairing.scan(program, control, OWN);
        WebPairing.connected(program);
        return program;
    }

    private static void came(Program program, String text) {
        await().atMost(SOON)
                .until(() -> program.get("/chat/" + PEER + "@s.whatsapp.net/messages")
                        .body()
                        .contains("\"" + text + "\""));
    }

    private long receipts(String id, String type) {
        return control.entries()
                .filter(entry -> entry.get("what").asText().equals("received")
                        && entry.get("detail").asText().startsWith("receipt {id=" + id + ", type=" + type + ","))
                .count();
    }

    private static void post(Program program, String path, String body) throws Exception {
        var answer = program.post(path, body);
        assertEquals(200, answer.statusCode(), answer.body());
    }

    @Test
    void aMessageIsMarkedAsReadAsThePersonWantsIt() throws Exception {
        try (var program = program(Map.of())) {
            var id = control.send(PEER, OWN, "read me");
            came(program, "read me");
            assertEquals(0, receipts(id, "read"));
            post(program, "/message/" + id + "/read", "{\"phone\":\"" + PEER + "\"}");
            assertTrue(TwinControl.awaited(() -> receipts(id, "read") == 1));
            assertEquals(
                    "all",
                    Program.json(program.get("/user/my/privacy"))
                            .at("/results/read_receipts")
                            .asText());
        }
    }

    @Test
    void everyMessageIsMarkedAsReadByItselfAndPrivatelyWhenReceiptsAreOff() throws Exception {
        control.fault("no_read_receipts", "true");
        try (var program = program(Map.of("WHATSAPP_AUTO_MARK_READ", "true"))) {
            var id = control.send(PEER, OWN, "read me");
            assertTrue(TwinControl.awaited(() -> receipts(id, "read-self") == 1));
            assertEquals(0, receipts(id, "read"));
        }
    }

    @Test
    void typingIsShown() throws Exception {
        try (var program = program(Map.of())) {
            post(program, "/send/chat-presence", "{\"phone\":\"" + PEER + "\",\"action\":\"start\"}");
            post(program, "/send/chat-presence", "{\"phone\":\"" + PEER + "\",\"action\":\"stop\"}");
            assertTrue(TwinControl.awaited(() -> control.entries()
                    .map(entry -> entry.get("detail").asText())
                    .filter(detail -> detail.startsWith("chatstate {to="))
                    .map(detail -> detail.substring(detail.indexOf('[')))
                    .toList()
                    .equals(List.of("[composing]", "[paused]"))));
        }
    }

    @Test
    void aPersonsTokenGoesWithMessagesAndOursIsIssuedOnceAWeek() throws Exception {
        try (var program = program(Map.of())) {
            send(program, "without");
            assertEquals(0, control.seen("token", ""));
            assertTrue(TwinControl.awaited(() -> issued() == 1));
            control.post("/phones/" + PEER + "/token", Map.of("to", OWN, "token", "0a0b0c"));
            control.post("/phones/" + PEER + "/token", Map.of("to", OWN, "token", "ffff", "t", "1000000000"));
            control.send(PEER, OWN, "after the token");
            came(program, "after the token");
            send(program, "with");
            assertEquals(1, control.seen("token", "0a0b0c"));
            control.fault("retry_receipt", "1");
            send(program, "again");
            assertTrue(TwinControl.awaited(() -> control.seen("token", "0a0b0c") == 3), "the answer has it too");
            assertEquals(0, control.seen("token", "ffff"), "an older token does not take its place");
            assertEquals(1, issued());
        }
    }

    private long issued() {
        return control.entries()
                .filter(entry -> entry.get("detail").asText().startsWith("iq {")
                        && entry.get("detail").asText().contains("xmlns=privacy")
                        && entry.get("detail").asText().endsWith("[tokens]"))
                .count();
    }

    private void send(Program program, String text) throws Exception {
        post(program, "/send/message", "{\"phone\":\"" + PEER + "\",\"message\":\"" + text + "\"}");
        await().atMost(SOON).untilAsserted(() -> assertTrue(control.shown(PEER, text) > 0, text));
    }
}
