package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** The proofs of the fields whose effect shows only over several requests. */
final class OwnProofs {
    private final Map<String, Runnable> proofs;
    private final Scene scene;

    OwnProofs(Scene scene) {
        this.scene = scene;
        this.proofs = Map.ofEntries(
                Map.entry("GET /statics/qrcode/{name} name", this::image),
                Map.entry("GET /statics/media/{device_id}/{file} device_id", this::file),
                Map.entry("GET /statics/media/{device_id}/{file} file", this::file),
                Map.entry("GET /message/{message_id}/download phone", this::download),
                Map.entry("GET /chats before", () -> page("/chats?limit=1")),
                Map.entry(
                        "GET /chat/{chat_jid}/messages before",
                        () -> page("/chat/" + ApiRig.ALICE + "/messages?limit=1")),
                Map.entry("DELETE /devices/{device_id} force", this::force),
                Map.entry("POST /devices/{device_id}/engine force", this::engine),
                Map.entry("POST /message/{message_id}/forward force_reupload", this::forward),
                Map.entry("POST /devices webhook_secret", () -> secret("")),
                Map.entry("PATCH /devices/{device_id}/webhook webhook_secret", () -> secret("PATCH")));
    }

    Optional<Runnable> of(String key) {
        return Optional.ofNullable(proofs.get(key));
    }

    private void image() {
        scene.visit(rig -> {
            device(rig, () -> rig.get("/app/logout"));
            var link = device(rig, () -> rig.get("/app/login"))
                    .results()
                    .path("qr_link")
                    .asText();
            var path = URI.create(link).getPath();
            assertEquals("image/png", rig.get(path).type());
            assertEquals(404, rig.get(path.replace("scan-qr-", "scan-qr-0")).status());
        });
    }

    private void file() {
        scene.visit(rig -> {
            var shown =
                    device(rig, () -> rig.get("/message/" + scene.stage().media() + "/download?phone=" + ApiRig.ALICE));
            var path = URI.create(shown.results().path("file_url").asText()).getPath();
            assertEquals(200, rig.get(path).status(), path);
            assertEquals(
                    404,
                    rig.get(path.replace("/" + ApiRig.DEVICE + "/", "/" + Scene.SECOND + "/"))
                            .status());
            assertEquals(404, rig.get(path.replace(".pdf", "0.pdf")).status());
        });
    }

    private void download() {
        scene.visit(rig -> {
            var path = "/message/" + scene.stage().media() + "/download?phone=";
            assertEquals(200, device(rig, () -> rig.get(path + ApiRig.ALICE)).status());
            assertEquals(404, device(rig, () -> rig.get(path + ApiRig.BOB)).status());
        });
    }

    private void page(String path) {
        scene.visit(rig -> {
            var first = device(rig, () -> rig.get(path));
            var link = first.headers().firstValue("Link").orElseThrow();
            var next = URI.create(link.substring(1, link.indexOf('>')));
            assertTrue(next.getRawQuery().contains("before="), link);
            var behind = path.replaceAll("\\?.*", "?") + next.getRawQuery();
            var second = device(rig, () -> rig.get(behind));
            assertEquals(200, second.status(), second.message());
            assertNotEquals(first.results().path("data"), second.results().path("data"));
        });
    }

    private void force() {
        scene.visit(rig -> {
            device(rig, () -> rig.post("/sandbox/drop", ApiRig.object()));
            var queued = device(
                    rig,
                    () -> rig.post(
                            "/send/message",
                            ApiRig.object().put("phone", ApiRig.ALICE).put("message", "Waits")));
            assertEquals(200, queued.status(), queued.message());
            var path = "/devices/" + ApiRig.DEVICE;
            assertEquals(409, rig.delete(path).status());
            assertEquals(409, rig.delete(path + "?force=false").status());
            assertEquals(200, rig.delete(path + "?force=true").status());
        });
    }

    private void engine() {
        scene.visit(rig -> {
            var path = "/devices/" + ApiRig.DEVICE + "/engine";
            var body = ApiRig.object().put("engine", "told");
            assertEquals(409, rig.post(path, body).status());
            assertEquals(409, rig.post(path, body.put("force", false)).status());
            assertEquals(200, rig.post(path, body.put("force", true)).status());
        });
    }

    /** Whatever is asked for, WhatsApp gets the file itself. */
    private void forward() {
        for (boolean again : new boolean[] {true, false}) {
            scene.visit(rig -> {
                var body = ApiRig.object().put("phone", ApiRig.BOB).put("force_reupload", again);
                var path = "/message/" + scene.stage().media() + "/forward";
                var reply = device(rig, () -> rig.post(path, body));
                assertEquals(200, reply.status(), reply.message());
                assertEquals(
                        1,
                        rig.store.number("SELECT count(*) FROM sandbox_ledger WHERE content LIKE '%application/pdf%'"));
            });
        }
    }

    /** A reply shows which secret it is by its fingerprint alone. */
    private void secret(String method) {
        scene.visit(rig -> {
            var body = ApiRig.object().put("webhook_url", "https://receiver.example/");
            assertNotEquals(
                    fingerprint(rig, method, "one", body.deepCopy().put("webhook_secret", Tellings.SECRET)),
                    fingerprint(
                            rig,
                            method,
                            "two",
                            body.deepCopy().put("webhook_secret", Tellings.SECRET.replace('4', '5'))));
        });
    }

    private static String fingerprint(
            ApiRig rig, String method, String name, com.fasterxml.jackson.databind.node.ObjectNode webhook) {
        var made = ApiRig.object().put("device_id", name);
        if (method.isEmpty()) {
            made.setAll(webhook);
        }
        assertEquals(200, rig.post("/devices", made).status());
        var path = "/devices/" + name + "/webhook";
        if (!method.isEmpty()) {
            assertEquals(
                    200,
                    rig.sent(
                                    method,
                                    path,
                                    "application/json",
                                    webhook.toString().getBytes())
                            .status());
        }
        var shown = rig.get(path).results().path("secret_fingerprint").asText();
        assertTrue(!shown.isEmpty());
        return shown;
    }

    private static ApiRig.Reply device(ApiRig rig, java.util.function.Supplier<ApiRig.Reply> call) {
        return rig.with(Map.of("X-Device-Id", ApiRig.DEVICE), call);
    }
}
