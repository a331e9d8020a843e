package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import gateway.twin.web.Twin;
import gateway.twin.web.TwinControl;

/** The real program as a linked device: a person with a changed client speaks of messages that others wrote. */
@Timeout(180)
class WebForgeryTest {
    private static final String OWN = "6281111111111";
    private static final String PEER = "6282222222222";
    private static final String STRANGER = "6283333333333";

    @TempDir
    Path folder;

    private Twin twin;
    private TwinControl control;

    @BeforeEach
    void start() throws Exception {
        twin = new Twin(0);
        control = new TwinControl(twin);
        for (var number : new String[] {OWN, PEER, STRANGER}) {
            control.post("/phones", Map.of("number", number));
        }
    }

    @AfterEach
    void stop() throws Exception {
        twin.close();
    }

    @Test
    void nobodyChangesAMessageThatAnotherPersonWrote() throws Exception {
        try (var program = Program.rest(folder, WebPairing.settings(twin))) {
            WebPairing.scan(program, control, OWN);
            WebPairing.connected(program);
            var ours = Program.json(
                            program.post("/send/message", "{\"phone\":\"" + PEER + "\",\"message\":\"pay account 1\"}"))
                    .at("/results/message_id")
                    .textValue();
            var theirs = control.send(PEER, OWN, "to be corrected");
            content(program, PEER, theirs, "to be corrected");

            control.forge(PEER, OWN, "edit", ours, "pay account 2");
            control.forge(STRANGER, OWN, "edit", ours, "pay account 3");
            control.forge(PEER, OWN, "edit", theirs, "corrected");
            content(program, PEER, theirs, "corrected");
            content(program, PEER, ours, "pay account 1");

            control.forge(PEER, OWN, "revoke", ours, "");
            control.forge(STRANGER, OWN, "revoke", theirs, "");
            control.forge(PEER, OWN, "text", ours, "in its place");
            control.send(PEER, OWN, "last");
            control.send(STRANGER, OWN, "last");
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> has(messages(program, PEER), "last") && has(messages(program, STRANGER), "last"));
            assertTrue(has(messages(program, PEER), "in its place"), "a message under a known id is not lost");
            content(program, PEER, ours, "pay account 1");
            content(program, PEER, theirs, "corrected");
            assertTrue(TwinControl.awaited(() -> unacknowledged() == 0), "what is refused is not asked for again");

            control.forge(OWN, PEER, "edit", ours, "pay account 4");
            content(program, PEER, ours, "pay account 4");
            control.forge(PEER, OWN, "revoke", theirs, "");
            content(program, PEER, theirs, "");
        }
    }

    private int unacknowledged() {
        return control.get("/phones/" + OWN).get("unacknowledged").intValue();
    }

    private static void content(Program program, String chat, String id, String expected) {
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            var all = messages(program, chat);
            assertEquals(
                    expected,
                    all.valueStream()
                            .filter(message -> message.path("id").asText().equals(id))
                            .map(message -> message.path("content").asText())
                            .findFirst()
                            .orElse("none"),
                    all::toString);
        });
    }

    private static boolean has(JsonNode messages, String words) {
        return messages.valueStream()
                .anyMatch(message -> message.path("content").asText().equals(words));
    }

    private static JsonNode messages(Program program, String chat) throws Exception {
        return Program.json(program.get("/chat/" + chat + "@s.whatsapp.net/messages"))
                .at("/results/data");
    }
}
