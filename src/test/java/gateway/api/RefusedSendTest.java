package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call that WhatsApp refuses leaves nothing: no message, no chat made for it, no file. */
class RefusedSendTest {
    private static final String NOWHERE = "120363999999999999@g.us";

    @TempDir
    Path directory;

    private ApiRig rig;
    private String known;

    @BeforeEach
    void open() {
        rig = new ApiRig(directory).paired();
        known = rig.post(
                        "/send/message",
                        ApiRig.object().put("phone", ApiRig.ALICE).put("message", "well"))
                .results()
                .path("message_id")
                .asText();
        rig.quiet();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aSendOfAnyKindToAGroupThatIsNotThereLeavesNothing() {
        var sends = new LinkedHashMap<String, ObjectNode>();
        sends.put("/send/message", ApiRig.object().put("message", "hello"));
        sends.put("/send/contact", ApiRig.object().put("contact_name", "Ann").put("contact_phone", ApiRig.BOB));
        sends.put(
                "/send/link",
                ApiRig.object().put("link", "https://example.com/").put("caption", "see"));
        sends.put("/send/location", ApiRig.object().put("latitude", "1.5").put("longitude", "2.5"));
        var poll = ApiRig.object().put("question", "which").put("max_answer", 1);
        poll.putArray("options").add("a").add("b");
        sends.put("/send/poll", poll);
        sends.put("/message/" + known + "/reaction", ApiRig.object().put("emoji", "x"));
        sends.put("/message/" + known + "/update", ApiRig.object().put("message", "other words"));
        sends.put("/message/" + known + "/revoke", ApiRig.object());
        sends.put("/message/" + known + "/forward", ApiRig.object());
        var before = rig.fingerprint();
        sends.forEach((path, body) -> {
            refused(
                    path,
                    rig.send(rig.request(path)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    body.put("phone", NOWHERE).toString()))));
            assertEquals(before, rig.fingerprint(), path);
        });
    }

    @Test
    void aNamedSendThatIsRefusedIsAnsweredTheSameAgainAndShowsNowhere() {
        for (int i = 0; i < 2; i++) {
            refused(
                    "named",
                    rig.send(rig.request("/send/message")
                            .header("Content-Type", "application/json")
                            .header("Idempotency-Key", "once")
                            .POST(HttpRequest.BodyPublishers.ofString(ApiRig.object()
                                    .put("message", "hello")
                                    .put("phone", NOWHERE)
                                    .toString()))));
        }
        assertEquals(1, rig.get("/chats").results().path("data").size());
        assertEquals(0, rig.store.number("SELECT count(*) FROM message WHERE chat = ?", NOWHERE));
    }

    @Test
    void aFileToAGroupThatIsNotThereIsNotKept() {
        var before = rig.fingerprint();
        Map.of(
                        "/send/image",
                        "image",
                        "/send/video",
                        "video",
                        "/send/audio",
                        "audio",
                        "/send/sticker",
                        "sticker",
                        "/send/file",
                        "file")
                .forEach((path, field) -> {
                    refused(path, rig.multipart(path, Map.of("phone", NOWHERE), Map.of(field, Samples.file(field))));
                    assertEquals(before, mediaIgnored(rig.fingerprint()), path);
                });
    }

    @Test
    void aMessageThatIsRefusedAfterItsCallerWasToldIsShownAsFailedWithTheReason() {
        assertEquals(200, rig.post("/sandbox/drop", ApiRig.object()).status());
        var reply = rig.post(
                "/send/message", ApiRig.object().put("phone", ApiRig.ALICE).put("message", "later"));
        assertTrue(reply.message().contains("queued"), reply.message());
        var id = reply.results().path("message_id").asText();
        assertEquals(
                200,
                rig.post("/sandbox/fail", ApiRig.object().put("sends", 1).put("passing", false))
                        .status());
        assertEquals(200, rig.get("/app/reconnect").status());
        rig.quiet();
        JsonNode shown = rig.get("/chat/" + ApiRig.ALICE + "/messages")
                .results()
                .path("data")
                .path(0);
        assertEquals(id, shown.path("id").asText());
        assertEquals("failed", shown.path("status").asText());
        assertTrue(!shown.path("failure").asText().isEmpty());
        rig.get("/chat/" + ApiRig.ALICE + "/messages")
                .results()
                .path("data")
                .forEach(other -> assertTrue(other.path("id").asText().equals(id)
                        || other.path("status").isMissingNode()));
    }

    /** The directory of the account's files may be made by a file that was there for a moment. */
    private String mediaIgnored(String fingerprint) {
        return fingerprint.replace(", " + directory.resolve("media/default"), "");
    }

    private static void refused(String path, ApiRig.Reply reply) {
        assertEquals(400, reply.status(), path + " " + reply.json());
    }
}
