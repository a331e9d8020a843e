package gateway.api;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

import gateway.engine.Content;
import gateway.engine.Event;
import gateway.engine.RemoteFile;
import gateway.http.Envelope;

/** What engines can say, from the sandbox's controls to a client's reply. */
class SeamTest extends PairedRig {
    private static ObjectNode to(String text) {
        return ApiRig.object().put("phone", ApiRig.ALICE).put("message", text);
    }

    private void fail(String how, int retryAfter) {
        assertEquals(
                200,
                rig.post(
                                "/sandbox/fail",
                                ApiRig.object().put("sends", 1).put("how", how).put("retry_after", retryAfter))
                        .status());
    }

    private JsonNode message(String id) {
        for (var message :
                rig.get("/chat/" + ApiRig.ALICE + "/messages").results().path("data")) {
            if (message.path("id").asText().equals(id)) {
                return message;
            }
        }
        return Envelope.JSON.missingNode();
    }

    @Test
    void aMessageThatIsRefusedAfterItWasTakenIsShownAsFailedAndToldOnce() {
        for (int i = 0; i < 20; i++) {
            fail("failed_later", 0);
            var reply = rig.post("/send/message", to("word " + i));
            assertEquals(200, reply.status(), reply.message());
            var id = reply.results().path("message_id").asText();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> message(id).path("status").asText().equals("failed"));
            assertTrue(
                    message(id).path("failure").asText().contains("(131026)"),
                    message(id).toString());
            rig.quiet();
            assertEquals(
                    1,
                    rig.happened.stream()
                            .filter(event -> event instanceof Event.Failed failed
                                    && failed.id().equals(id))
                            .count());
            assertEquals(
                    1,
                    rig.store.number(
                            "SELECT count(*) FROM outbox WHERE message_id = ? AND state = 2 AND reason = 'REJECTED'",
                            id));
            assertEquals("failed", message(id).path("status").asText(), "it stays so");
        }
        assertEquals(200, rig.post("/send/message", to("next")).status());
    }

    @Test
    void aRestrictedAccountIsToldUntilWhen() {
        fail("restricted", 3_600);
        var reply = rig.post("/send/message", to("no"));
        assertEquals(403, reply.status());
        assertEquals("ACCOUNT_RESTRICTED", reply.json().path("code").asText());
        assertEquals("3600", reply.headers().firstValue("Retry-After").orElse(""));
        fail("restricted", 0);
        assertTrue(rig.post("/send/message", to("no"))
                .headers()
                .firstValue("Retry-After")
                .isEmpty());
        assertEquals(0, rig.store.number("SELECT count(*) FROM sandbox_ledger"));
    }

    @Test
    void aClosedWindowIsARefusalOfItsOwn() {
        fail("window_closed", 0);
        var reply = rig.post("/send/message", to("no"));
        assertEquals(400, reply.status());
        assertEquals("WINDOW_CLOSED", reply.json().path("code").asText());
    }

    @Test
    void aFileThatIsOnlyAnnouncedIsShownAndDownloadedWhenSomebodyAsks() {
        var sample = Samples.file("image");
        var id = rig.multipart(
                        "/sandbox/inbound",
                        Map.of("from", ApiRig.ALICE, "type", "image", "pending", "true", "caption", "Look"),
                        Map.of("file", sample))
                .results()
                .path("message_id")
                .asText();
        await().atMost(Duration.ofSeconds(10)).until(() -> !message(id).isMissingNode());
        assertTrue(message(id).path("file_pending").asBoolean());
        assertEquals("", message(id).path("url").asText());
        assertEquals("image", message(id).path("media_type").asText());
        assertEquals(sample.bytes().length, message(id).path("file_length").asLong());
        assertTrue(rig.happened.stream()
                .anyMatch(event -> event instanceof Event.Message came
                        && came.content() instanceof Content.Media media
                        && media.file() instanceof RemoteFile));
        var forwarded = rig.post("/message/" + id + "/forward", ApiRig.object().put("phone", ApiRig.BOB));
        assertEquals(200, forwarded.status(), forwarded.message());
        assertFalse(message(id).has("file_pending"), "it was downloaded to be forwarded");
        var reply = rig.get("/message/" + id + "/download?phone=" + ApiRig.ALICE);
        assertEquals(200, reply.status(), reply.message());
        assertEquals(
                "/" + reply.results().path("file_path").asText(),
                message(id).path("url").asText());
        assertEquals(
                sample.bytes().length, rig.get(message(id).path("url").asText()).body().length);
    }

    @Test
    void aFileThatWhatsAppHasNoLongerIsARefusal() {
        var id = rig.multipart(
                        "/sandbox/inbound",
                        Map.of("from", ApiRig.ALICE, "type", "document", "pending", "true"),
                        Map.of("file", Samples.file("file")))
                .results()
                .path("message_id")
                .asText();
        await().atMost(Duration.ofSeconds(10)).until(() -> !message(id).isMissingNode());
        rig.store.write(tx -> tx.delete("DELETE FROM sandbox_file"));
        assertEquals(
                400,
                rig.get("/message/" + id + "/download?phone=" + ApiRig.ALICE).status());
        assertTrue(message(id).path("file_pending").asBoolean());
    }

    @Test
    void aMessageThatCannotBeShownIsSeenToHaveCome() {
        var id = rig.post(
                        "/sandbox/inbound",
                        ApiRig.object()
                                .put("from", ApiRig.ALICE)
                                .put("type", "unsupported")
                                .put("what", "event_invite"))
                .results()
                .path("message_id")
                .asText();
        await().atMost(Duration.ofSeconds(10)).until(() -> !message(id).isMissingNode());
        assertEquals("unsupported", message(id).path("kind").asText());
        assertEquals(
                "A message came that cannot be shown here: event invite",
                message(id).path("content").asText());
        assertEquals(
                400,
                rig.post("/message/" + id + "/forward", ApiRig.object().put("phone", ApiRig.BOB))
                        .status());
        var bad = rig.post(
                "/sandbox/inbound",
                ApiRig.object()
                        .put("from", ApiRig.ALICE)
                        .put("type", "unsupported")
                        .put("what", "<b>"));
        assertTrue(bad.status() == 400 && bad.message().startsWith("what:"), bad.message());
    }

    @Test
    void eachMemberHasAnOutcomeWithWhatsAppsNumber() {
        var group = rig.post(
                        "/group",
                        ApiRig.object()
                                .put("title", "Team")
                                .set(
                                        "participants",
                                        Envelope.JSON.createArrayNode().add(ApiRig.ALICE)))
                .results()
                .path("group_id")
                .asText();
        var outcomes = rig.post(
                        "/group/participants",
                        ApiRig.object()
                                .put("group_id", group)
                                .set(
                                        "participants",
                                        Envelope.JSON
                                                .createArrayNode()
                                                .add(ApiRig.ALICE)
                                                .add(ApiRig.BOB)
                                                .add("12025550000")))
                .results();
        assertEquals(
                "is in the group already (409)",
                outcomes.path(0).path("message").asText());
        assertEquals("success", outcomes.path(1).path("status").asText());
        assertEquals(
                "is not on WhatsApp (404)", outcomes.path(2).path("message").asText());
    }

    @Test
    void aPersonHasALidAndDevices() {
        var info = rig.get("/user/info?phone=" + ApiRig.ALICE).results();
        assertEquals("110105552021@lid", info.path("lid").asText());
        assertEquals(
                ApiRig.ALICE + "@s.whatsapp.net",
                info.path("devices").path(0).path("AD").asText());
        assertEquals(
                ApiRig.ALICE + ":1@s.whatsapp.net",
                info.path("devices").path(1).path("AD").asText());
    }
}
