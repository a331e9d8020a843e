package gateway.api;

import static gateway.api.SandboxGiven.to;
import static gateway.api.SandboxGiven.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;

import org.junit.jupiter.api.Test;

/** What becomes of a message that a tester sends to the pretended WhatsApp. */
class SandboxSendTest extends PairedRig {
    private ApiRig.Reply control(String path) {
        return rig.send(rig.request(path).POST(HttpRequest.BodyPublishers.noBody()));
    }

    @Test
    void sendsThatFailInPassingAreSentLaterAndOthersAreRefused() {
        rig.post("/sandbox/fail", ApiRig.object().put("sends", 1).put("passing", false));
        assertEquals(400, rig.post("/send/message", to("never")).status());
        rig.post("/sandbox/fail", ApiRig.object().put("sends", 1));
        assertEquals(200, rig.post("/send/message", to("a second later")).status());
        assertEquals(1, rig.store.number("SELECT count(*) FROM sandbox_ledger"));
    }

    @Test
    void whatWasSentWhileTheLineWasDownGoesOutWhenItIsUp() {
        control("/sandbox/drop");
        assertTrue(rig.post("/send/message", to("kept")).message().contains("queued"));
        assertEquals(401, rig.get("/user/my/contacts").status());
        assertEquals(200, rig.get("/app/reconnect").status());
        until(() -> rig.store.number("SELECT count(*) FROM sandbox_ledger") == 1);
    }

    @Test
    void aMessageThatWaitsCanBeAnsweredAndForwarded() {
        control("/sandbox/drop");
        var id = rig.post("/send/message", to("kept"))
                .results()
                .path("message_id")
                .asText();
        assertEquals(
                200,
                rig.post("/send/message", to("answer").put("reply_message_id", id))
                        .status());
        assertEquals(
                200,
                rig.post("/message/" + id + "/forward", ApiRig.object().put("phone", ApiRig.ALICE))
                        .status());
        rig.get("/app/reconnect");
        until(() -> rig.store.number("SELECT count(*) FROM sandbox_ledger") == 3);
        assertEquals(
                1,
                rig.store.number(
                        "SELECT count(*) FROM sandbox_ledger WHERE content LIKE '%answer%' AND content LIKE '%kept%'"));
    }

    @Test
    void aBannedNumberDoesNotComeBackByReconnecting() {
        rig.post("/sandbox/ban", ApiRig.object().put("banned", true));
        assertEquals(401, rig.get("/app/reconnect").status());
        rig.close();
        rig = new ApiRig(directory);
        assertEquals(
                false, rig.get("/app/status").results().path("is_connected").asBoolean(), "a ban outlives a restart");
    }

    @Test
    void theOriginalsLeniencyIsASetting() {
        assertEquals(
                400,
                rig.post("/send/message", to("hi").put("is_forwarded", "true")).status());
        rig.close();
        rig = new RigSetup(directory).lenient().start();
        assertEquals(
                200,
                rig.post("/send/message", to("hi").put("is_forwarded", "true")).status());
    }

    @Test
    void aMessageMayHave4096CharactersAndNotOneMore() {
        assertEquals(200, rig.post("/send/message", to("🙂".repeat(4_096))).status());
        assertEquals(400, rig.post("/send/message", to("🙂".repeat(4_097))).status());
    }

    @Test
    void logoutKeepsTheHistory() {
        rig.post("/send/message", to("kept"));
        rig.get("/app/logout");
        assertEquals(
                1,
                rig.get("/chat/" + ApiRig.ALICE + "/messages")
                        .results()
                        .path("data")
                        .size());
    }
}
