package gateway.api;

import static gateway.api.SandboxGiven.to;
import static gateway.api.SandboxGiven.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

import gateway.engine.Event;
import gateway.http.Envelope;
import gateway.messaging.AutoActions;

/** The pretended WhatsApp does what a tester asks of it, and remembers. */
class SandboxTest extends PairedRig {
    private String inbound(ObjectNode fields) {
        var reply = rig.post("/sandbox/inbound", fields.put("from", ApiRig.ALICE));
        assertEquals(200, reply.status(), reply.message());
        return reply.results().path("message_id").asText();
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
    void editsReactionsAndRevocationsShowInTheMessageTheyChange() {
        var id = rig.post("/send/message", to("first"))
                .results()
                .path("message_id")
                .asText();
        rig.post("/message/" + id + "/update", to("second"));
        assertEquals("second", message(id).path("content").asText());
        rig.post(
                "/message/" + id + "/reaction",
                ApiRig.object().put("phone", ApiRig.ALICE).put("emoji", "👍"));
        inbound(ApiRig.object().put("type", "reaction").put("message_id", id).put("emoji", "🎉"));
        until(() -> message(id).path("reactions").size() == 2);
        rig.post(
                "/message/" + id + "/reaction",
                ApiRig.object().put("phone", ApiRig.ALICE).put("emoji", ""));
        assertEquals(1, message(id).path("reactions").size());
        rig.post("/message/" + id + "/revoke", ApiRig.object().put("phone", ApiRig.ALICE));
        assertEquals("", message(id).path("content").asText());
    }

    @Test
    void everyKindOfMessageComesInAndIsKept() {
        var fields = ApiRig.object()
                .put("message", "words")
                .put("message_id", "X")
                .put("emoji", "🙂")
                .put("contact_name", "Carol")
                .put("contact_phone", "12025550109")
                .put("latitude", "1.5")
                .put("longitude", "2.5")
                .put("question", "Tea?");
        fields.putArray("options").add("Yes").add("No");
        for (var kind : new String[] {
            "text", "contact", "location", "live_location", "poll", "list", "order", "reaction", "edit", "revoke"
        }) {
            inbound(fields.deepCopy().put("type", kind));
        }
        for (var kind : Map.of(
                        "image",
                        "image",
                        "video",
                        "video",
                        "video_note",
                        "video",
                        "audio",
                        "audio",
                        "document",
                        "file",
                        "sticker",
                        "sticker")
                .entrySet()) {
            assertEquals(
                    200,
                    rig.multipart(
                                    "/sandbox/inbound",
                                    Map.of("from", ApiRig.ALICE, "type", kind.getKey()),
                                    Map.of("file", Samples.file(kind.getValue())))
                            .status());
        }
        until(() ->
                rig.happened.stream().filter(Event.Message.class::isInstance).count() == 16);
        assertEquals(13, rig.store.number("SELECT count(*) FROM message"), "the three changes are no messages");
        assertEquals(
                6,
                rig.get("/chat/" + ApiRig.ALICE + "/messages?media_only=true")
                        .results()
                        .path("data")
                        .size());
    }

    @Test
    void groupsChannelsAndContactsOutliveARestart() {
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
        rig.post("/group/topic", ApiRig.object().put("group_id", group).put("topic", "Plans"));
        var before = rig.get("/user/my/groups").results();
        rig.close();
        rig = new ApiRig(directory);
        assertEquals(before, rig.get("/user/my/groups").results());
        assertEquals(
                "Plans",
                rig.get("/group/info?group_id=" + group).results().path("Topic").asText());
    }

    @Test
    void onlyAnAdminChangesAGroup() {
        var group = rig.post(
                        "/sandbox/group",
                        ApiRig.object()
                                .put("title", "Theirs")
                                .put("owner", ApiRig.ALICE)
                                .set(
                                        "participants",
                                        Envelope.JSON.createArrayNode().add("12025550123")))
                .results()
                .path("group_id")
                .asText();
        assertEquals(
                400,
                rig.post(
                                "/group/announce",
                                ApiRig.object().put("group_id", group).put("announce", true))
                        .status());
        rig.post(
                "/sandbox/group/members",
                ApiRig.object()
                        .put("group_id", group)
                        .put("type", "promote")
                        .set("participants", Envelope.JSON.createArrayNode().add("12025550123")));
        assertEquals(
                200,
                rig.post(
                                "/group/announce",
                                ApiRig.object().put("group_id", group).put("announce", true))
                        .status());
        until(() -> rig.happened.stream()
                .anyMatch(event -> event instanceof Event.GroupJoined joined
                        && joined.name().equals("Theirs")));
    }

    @Test
    void anAutomaticReplyIsGivenOnceInAWhileAndNeverToItself() {
        rig.close();
        rig = new RigSetup(directory)
                .auto(new AutoActions(Optional.of("We are closed."), Duration.ofMinutes(10), true, true))
                .start();
        inbound(ApiRig.object().put("message", "We are closed."));
        inbound(ApiRig.object().put("message", "Are you open?"));
        inbound(ApiRig.object().put("message", "Hello?"));
        until(() -> rig.store.number("SELECT count(*) FROM sandbox_ledger") == 1);
        rig.quiet();
        assertEquals(
                1, rig.store.number("SELECT count(*) FROM sandbox_ledger"), "one answer, and none to its own words");
        until(() -> rig.store.number("SELECT count(*) FROM sandbox_deed WHERE deed = 'read'") == 3);
        rig.post("/sandbox/call", ApiRig.object().put("from", ApiRig.ALICE));
        until(() -> rig.store.number("SELECT count(*) FROM sandbox_deed WHERE deed = 'reject_call'") == 1);
        assertTrue(rig.happened.stream()
                .anyMatch(event -> event instanceof Event.CallOffer call && call.autoRejected()));
    }

    @Test
    void aMessageRemovedOnThePhoneIsToldWithWhatItWas() {
        var id = rig.post("/send/message", to("secret plan"))
                .results()
                .path("message_id")
                .asText();
        rig.post(
                "/sandbox/delete-for-me",
                ApiRig.object().put("chat", ApiRig.ALICE).put("message_id", id));
        until(() -> rig.happened.stream()
                .anyMatch(event -> event instanceof Event.DeletedForMe deleted
                        && deleted.original()
                                .filter(original -> original.words().equals("secret plan") && original.fromMe())
                                .isPresent()));
        assertTrue(message(id).isMissingNode());
    }

    @Test
    void mentionsAndTheAnsweredWordsGoAlong() {
        var question = inbound(ApiRig.object().put("message", "Tea or coffee?"));
        until(() -> !message(question).isMissingNode());
        var body = to("Tea, @12025550102").put("reply_message_id", question);
        var id = rig.post("/send/message", body).results().path("message_id").asText();
        var sent = rig.store
                .one(
                        row -> gateway.engine.ContentJson.read(row.text(1)),
                        "SELECT content FROM sandbox_ledger WHERE wire_id = ?",
                        id)
                .orElseThrow();
        assertEquals("Tea or coffee?", sent.options().quoted());
        assertEquals(
                java.util.List.of(gateway.engine.Jid.ofPhone(ApiRig.BOB)),
                sent.options().mentions());
    }
}
