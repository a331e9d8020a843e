package gateway.api;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** What lists show of chats and messages besides words: the newest message, what is unread, stars, places, cards, polls. */
class ChatPreviewTest extends PairedRig {
    private static final String CHAT = ApiRig.ALICE + "@s.whatsapp.net";

    private String comesIn(String words) {
        var reply = rig.post(
                "/sandbox/inbound", ApiRig.object().put("from", ApiRig.ALICE).put("message", words));
        assertEquals(200, reply.status(), reply.message());
        return reply.results().path("message_id").asText();
    }

    private JsonNode listed() {
        return rig.get("/chats?preview=true").results().at("/data/0");
    }

    private JsonNode newest() {
        return rig.get("/chat/" + CHAT + "/messages").results().at("/data/0");
    }

    @Test
    void aChatIsListedWithItsNewestMessageAndWhatIsUnread() {
        comesIn("one");
        var second = comesIn("two");
        assertEquals(2, listed().path("unread_count").asInt());
        assertEquals("two", listed().at("/last_message/content").asText());
        var plain = rig.get("/chats").results().at("/data/0");
        assertFalse(plain.has("unread_count") || plain.has("last_message"), plain.toString());

        assertEquals(
                200,
                rig.post("/message/" + second + "/read", ApiRig.object().put("phone", CHAT))
                        .status());
        assertEquals(0, listed().path("unread_count").asInt());
        comesIn("three");
        assertEquals(1, listed().path("unread_count").asInt());

        assertEquals(
                200,
                rig.post("/send/message", ApiRig.object().put("phone", CHAT).put("message", "an answer"))
                        .status());
        assertEquals("an answer", listed().at("/last_message/content").asText());
        await().untilAsserted(
                        () -> assertEquals(0, listed().path("unread_count").asInt()));
    }

    @Test
    void aMessageThatWaitsSaysSoInBothLists() {
        comesIn("one");
        rig.post("/sandbox/drop", ApiRig.object());
        assertEquals(
                200,
                rig.post("/send/message", ApiRig.object().put("phone", CHAT).put("message", "later"))
                        .status());
        assertEquals("waiting", listed().at("/last_message/status").asText());
        assertEquals("later", listed().at("/last_message/content").asText());
        assertEquals("waiting", newest().path("status").asText());
        rig.get("/app/reconnect");
        await().untilAsserted(() -> assertFalse(newest().has("status")));
        assertFalse(listed().path("last_message").has("status"));
    }

    @Test
    void aStarIsShownUntilItIsTakenOff() {
        var id = comesIn("a word");
        assertFalse(newest().has("starred"));
        rig.post("/message/" + id + "/star", ApiRig.object().put("phone", CHAT));
        assertTrue(newest().path("starred").asBoolean());
        rig.post("/message/" + id + "/unstar", ApiRig.object().put("phone", CHAT));
        assertFalse(newest().has("starred"));
    }

    @Test
    void aPlaceACardAndAPollAreShownWhole() {
        rig.post(
                "/sandbox/inbound",
                ApiRig.object()
                        .put("from", ApiRig.ALICE)
                        .put("type", "location")
                        .put("latitude", -6.2)
                        .put("longitude", 106.8)
                        .put("place", "A square"));
        assertEquals(-6.2, newest().at("/location/latitude").asDouble());
        assertEquals("A square", newest().at("/location/name").asText());
        rig.post(
                "/sandbox/inbound",
                ApiRig.object()
                        .put("from", ApiRig.ALICE)
                        .put("type", "contact")
                        .put("contact_name", "Bob")
                        .put("contact_phone", "12025550199"));
        assertEquals("Bob", newest().at("/contact/name").asText());
        assertEquals("12025550199", newest().at("/contact/phone").asText().replace("+", ""));
        var poll = ApiRig.object().put("phone", CHAT).put("question", "Tea?").put("max_answer", 1);
        poll.putArray("options").add("Yes").add("No");
        assertEquals(200, rig.post("/send/poll", poll).status());
        await().untilAsserted(
                        () -> assertEquals("No", newest().at("/poll/options/1").asText()));
        assertEquals("Tea?", newest().at("/poll/question").asText());
        assertEquals("Tea?", listed().at("/last_message/poll/question").asText());
    }

    @Test
    void theSandboxTellsWhatWasSent() {
        var sent = rig.post("/send/message", ApiRig.object().put("phone", CHAT).put("message", "a word"));
        var id = sent.results().path("message_id").asText();
        await().untilAsserted(() -> {
            var deed = rig.get("/sandbox/deeds").results().at("/data/0");
            assertEquals("send", deed.path("deed").asText());
            assertEquals(CHAT, deed.path("subject").asText());
            assertEquals(id, deed.path("detail").asText());
        });
    }
}
