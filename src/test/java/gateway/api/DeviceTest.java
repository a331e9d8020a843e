package gateway.api;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.messaging.HoldBook;

/** Several accounts in one gateway know nothing of one another. */
class DeviceTest {
    @TempDir
    Path directory;

    private ApiRig rig;

    @BeforeEach
    void open() {
        rig = new ApiRig(directory).paired();
        assertEquals(
                200,
                rig.post("/devices", ApiRig.object().put("device_id", "second")).status());
        rig.get("/devices/second/login");
        assertEquals(
                200,
                rig.send(rig.request("/sandbox/pair")
                                .header("X-Device-Id", "second")
                                .POST(HttpRequest.BodyPublishers.noBody()))
                        .status());
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void withSeveralAccountsTheRequestMustSayWhich() {
        var reply = rig.get("/chats");
        assertEquals(400, reply.status());
        assertEquals("DEVICE_ID_REQUIRED", reply.json().path("code").asText());
        assertEquals(
                "DEVICE_NOT_FOUND",
                rig.get("/chats?device_id=third").json().path("code").asText());
        assertEquals(200, rig.get("/chats?device_id=second").status());
        var jid = rig.get("/devices/second").results().path("jid").asText();
        assertEquals(
                200,
                rig.send(rig.request("/chats")
                                .header("X-Device-Id", jid.replace("@", "%40"))
                                .GET())
                        .status());
    }

    @Test
    void theFirstAccountThatNobodyAskedForDoesNotCountUntilItIsUsed(@TempDir Path fresh) {
        try (var other = new ApiRig(fresh)) {
            assertEquals(
                    200,
                    other.post("/devices", ApiRig.object().put("device_id", "mine"))
                            .status());
            assertEquals(200, other.get("/app/login").status());
            assertEquals(200, other.post("/sandbox/pair", ApiRig.object()).status());
            assertEquals(
                    "logged_in",
                    other.get("/devices/mine").results().path("state").asText());
            assertEquals(200, other.get("/chats").status());
            // Two that were made are two.
            other.post("/devices", ApiRig.object().put("device_id", "another"));
            assertEquals(400, other.get("/chats").status());
            other.delete("/devices/another");
            // One that is paired counts, and one that has chats does so after its pairing, too.
            other.get("/devices/default/login");
            assertEquals(
                    200,
                    other.post("/sandbox/pair?device_id=default", ApiRig.object())
                            .status());
            assertEquals(400, other.get("/chats").status());
            other.post(
                    "/send/message?device_id=default",
                    ApiRig.object().put("phone", ApiRig.ALICE).put("message", "hi"));
            assertEquals(
                    200,
                    other.send(other.request("/devices/default/logout").POST(HttpRequest.BodyPublishers.noBody()))
                            .status());
            assertEquals(400, other.get("/chats").status());
        }
    }

    @Test
    void oneAccountSeesNothingOfTheOther() {
        var sent = rig.multipart(
                "/send/file?device_id=default", Map.of("phone", ApiRig.ALICE), Map.of("file", Samples.file("file")));
        var id = sent.results().path("message_id").asText();
        assertEquals(
                1, rig.get("/chats?device_id=default").results().path("data").size());
        assertEquals(
                0, rig.get("/chats?device_id=second").results().path("data").size());
        assertEquals(
                404,
                rig.get("/chat/" + ApiRig.ALICE + "/messages?device_id=second").status());
        assertEquals(
                404,
                rig.get("/message/" + id + "/download?device_id=second&phone=" + ApiRig.ALICE)
                        .status());
        assertEquals(
                404,
                rig.post(
                                "/message/" + id + "/forward?device_id=second",
                                ApiRig.object().put("phone", ApiRig.BOB))
                        .status());
        var path = rig.get("/message/" + id + "/download?device_id=default&phone=" + ApiRig.ALICE)
                .results()
                .path("file_path")
                .asText();
        assertEquals(200, rig.get("/" + path).status());
        assertEquals(404, rig.get("/" + path.replace("/default/", "/second/")).status());
        var groups = rig.get("/user/my/groups?device_id=default").results().path("data");
        assertEquals(
                400,
                rig.get("/group/info?device_id=second&group_id="
                                + groups.path(0).path("JID").asText())
                        .status());
    }

    @Test
    void aRemovedAccountIsGoneWithAllItHadAndTheOtherIsNot() {
        rig.multipart(
                "/send/file?device_id=second", Map.of("phone", ApiRig.ALICE), Map.of("file", Samples.file("file")));
        rig.post(
                "/send/message?device_id=default",
                ApiRig.object().put("phone", ApiRig.ALICE).put("message", "stays"));
        rig.quiet();
        assertTrue(Files.exists(directory.resolve("media/second")));
        assertEquals(200, rig.delete("/devices/second").status());
        assertEquals(404, rig.get("/devices/second").status());
        assertFalse(Files.exists(directory.resolve("media/second")));
        for (var table :
                new String[] {"chat", "message", "outbox", "sandbox_account", "sandbox_group", "sandbox_ledger"}) {
            assertEquals(0, rig.store.number("SELECT count(*) FROM " + table + " WHERE device = 'second'"), table);
        }
        assertEquals(1, rig.get("/chats").results().path("data").size());
    }

    @Test
    void messagesThatWaitKeepTheirAccountFromBeingRemovedUnasked() {
        rig.send(rig.request("/sandbox/drop?device_id=second").POST(HttpRequest.BodyPublishers.noBody()));
        var queued = rig.post(
                "/send/message?device_id=second",
                ApiRig.object().put("phone", ApiRig.ALICE).put("message", "later"));
        assertTrue(queued.message().contains("queued"), queued.message());
        var one = rig.delete("/devices/second");
        assertEquals(409, one.status());
        assertTrue(one.message().startsWith("1 message of this device has not been sent yet;"), one.message());
        assertEquals(200, rig.delete("/devices/second?force=true").status());
    }

    @Test
    void aHeldAccountIsNotRemovedAndItsWaitingMessagesAreNoReasonToForceIt() {
        assertTrue(new HoldBook(rig.store, InstantSource.system(), (act, by, device, reason, done) -> {})
                .hold("second", "a drill", "cli:ada"));
        await().until(() ->
                rig.get("/devices/second/status").results().path("held").booleanValue());
        var queued = rig.post(
                "/send/message?device_id=second",
                ApiRig.object().put("phone", ApiRig.ALICE).put("message", "later"));
        assertTrue(queued.message().contains("queued"), queued.message());
        for (var query : new String[] {"", "?force=true"}) {
            var reply = rig.delete("/devices/second" + query);
            assertEquals(409, reply.status());
            assertEquals("This device is held by an operator, who has to release it first.", reply.message());
        }
        assertEquals(200, rig.get("/devices/second").status());
    }

    @Test
    void aNameIsTakenOnceAndIsNoPath() {
        assertEquals(
                409,
                rig.post("/devices", ApiRig.object().put("device_id", "second")).status());
        for (var name : new String[] {"../x", "a/b", "..", " a", "x".repeat(65)}) {
            var reply = rig.post("/devices", ApiRig.object().put("device_id", name));
            assertEquals(400, reply.status(), name);
            assertTrue(reply.message().startsWith("device_id:"), reply.message());
        }
    }

    @Test
    void aRemovedFirstAccountDoesNotComeBackByItself() {
        rig.delete("/devices/default?force=true");
        rig.close();
        rig = new ApiRig(directory);
        assertEquals("second", rig.get("/devices").results().path(0).path("id").asText());
        assertEquals(1, rig.get("/devices").results().size());
    }
}
