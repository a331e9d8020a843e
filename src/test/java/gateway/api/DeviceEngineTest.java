package gateway.api;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import gateway.engine.Jid;
import gateway.engine.ToldEngine;

/** Accounts of one gateway, each with an engine of its own. */
class DeviceEngineTest extends PairedRig {
    private static String engine(ApiRig.Reply reply) {
        return reply.results().path("engine").asText();
    }

    private ApiRig.Reply change(String device, String engine, boolean force) {
        return rig.post(
                "/devices/" + device + "/engine",
                ApiRig.object().put("engine", engine).put("force", force));
    }

    @Test
    void anAccountGetsTheEngineThatWasNamedAndElseTheUsualOne() {
        assertEquals("sandbox", engine(rig.post("/devices", ApiRig.object().put("device_id", "second"))));
        assertEquals(
                "told",
                engine(rig.post(
                        "/devices", ApiRig.object().put("device_id", "third").put("engine", "told"))));
        rig.told().pair("third", Jid.ofPhone("12025550177"));
        var sent = rig.post(
                "/send/message?device_id=third",
                ApiRig.object().put("phone", ApiRig.ALICE).put("message", "told"));
        assertEquals(200, sent.status(), sent.message());
        assertEquals(
                1, rig.told().shown("third", sent.results().path("message_id").asText()));
        assertEquals(
                200,
                rig.post(
                                "/send/message?device_id=default",
                                ApiRig.object().put("phone", ApiRig.ALICE).put("message", "pretended"))
                        .status());
        assertEquals(1, rig.store.number("SELECT count(*) FROM sandbox_ledger"));
        var refused =
                rig.post("/devices", ApiRig.object().put("device_id", "fourth").put("engine", "cloud"));
        assertEquals(400, refused.status());
        assertTrue(refused.message().startsWith("engine: must be one of sandbox, told"), refused.message());
        assertEquals(404, rig.get("/devices/fourth").status());
    }

    @Test
    void anEngineIsKeptOverARestart() {
        rig.post("/devices", ApiRig.object().put("device_id", "third").put("engine", "told"));
        rig.close();
        rig = new RigSetup(directory).usual(ToldEngine.NAME).start();
        assertEquals("sandbox", engine(rig.get("/devices/default")));
        assertEquals("told", engine(rig.get("/devices/third")));
        assertEquals("told", engine(rig.post("/devices", ApiRig.object().put("device_id", "fourth"))));
    }

    @Test
    void anAccountFromBeforeGetsTheUsualEngine() {
        rig.store.write(tx -> tx.update("UPDATE device SET engine = ''"));
        rig.close();
        rig = new RigSetup(directory).usual(ToldEngine.NAME).start();
        assertEquals("told", engine(rig.get("/devices/default")));
    }

    @Test
    void aChangeSaysWhatIsLostAndTheChatsStay() {
        rig.post("/send/message", ApiRig.object().put("phone", ApiRig.ALICE).put("message", "stays"));
        rig.quiet();
        var refused = change("default", "told", false);
        assertEquals(409, refused.status());
        assertTrue(
                refused.message().contains("the pairing of 12025550123")
                        && refused.message().contains("force=true"),
                refused.message());
        assertEquals("sandbox", engine(rig.get("/devices/default")));
        var changed = change("default", "told", true);
        assertEquals(200, changed.status(), changed.message());
        assertTrue(
                changed.message().contains("the pairing of 12025550123 and its keys are gone, chats stay"),
                changed.message());
        assertEquals("disconnected", changed.results().path("state").asText());
        for (var table : new String[] {
            "sandbox_account", "sandbox_ledger", "sandbox_group", "sandbox_member", "sandbox_contact", "sandbox_pending"
        }) {
            assertEquals(0, rig.store.number("SELECT count(*) FROM " + table), table);
        }
        assertEquals(
                1,
                rig.get("/chat/" + ApiRig.ALICE + "/messages")
                        .results()
                        .path("data")
                        .size());
        assertEquals(501, rig.get("/sandbox/state").status());
        assertEquals(200, change("default", "told", false).status(), "nothing changes");
        assertEquals(200, change("default", "sandbox", false).status(), "nobody is paired, so nothing is lost");
        rig.paired();
    }

    @Test
    void aMessageThatWaitsGoesOutByTheNewEngine() {
        rig.send(rig.request("/sandbox/drop").POST(HttpRequest.BodyPublishers.noBody()));
        var id = rig.post(
                        "/send/message",
                        ApiRig.object().put("phone", ApiRig.ALICE).put("message", "later"))
                .results()
                .path("message_id")
                .asText();
        assertEquals(200, change("default", "told", true).status());
        rig.told().pair("default", Jid.ofPhone("12025550177"));
        await().atMost(Duration.ofSeconds(10)).until(() -> rig.told().shown("default", id) == 1);
    }

    @Test
    void anAccountWhoseEngineIsNotOfferedSaysSoAndItsChatsAreReadable() {
        rig.post("/send/message", ApiRig.object().put("phone", ApiRig.ALICE).put("message", "stays"));
        rig.quiet();
        rig.store.write(tx -> tx.update("UPDATE device SET engine = 'cloud'"));
        rig.close();
        rig = new ApiRig(directory);
        var device = rig.get("/devices/default");
        assertEquals("engine_unavailable", device.results().path("state").asText());
        assertEquals("cloud", engine(device));
        var refused = rig.post(
                "/send/message", ApiRig.object().put("phone", ApiRig.ALICE).put("message", "no"));
        assertEquals(501, refused.status());
        assertTrue(
                refused.message().contains("cloud") && refused.message().contains("POST /devices/default/engine"),
                refused.message());
        assertEquals(501, rig.get("/app/login").status());
        assertEquals(501, rig.get("/app/reconnect").status());
        assertEquals(
                1,
                rig.get("/chat/" + ApiRig.ALICE + "/messages")
                        .results()
                        .path("data")
                        .size());
        assertEquals(200, change("default", "sandbox", false).status());
        assertEquals(
                "logged_in", rig.get("/devices/default").results().path("state").asText());
    }
}
