package gateway.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the Admin API answers, and what it has then done. */
class AdminApiTest {
    private static final String STRONG = "operator:kT8vQ2mZ7xR4nB9wL5cH";

    @TempDir
    Path folder;

    private AdminRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new AdminRig(
                Files.createDirectory(folder.resolve("instances")),
                Map.of("APP_PROFILE", "production", "WHATSAPP_ENGINE", "sandbox"));
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void aReplyDoesNotShowTheWebhooksQueryAndWhatItShowsDoesNotReplaceIt() throws Exception {
        var made = rig.post("{\"port\": 3001, \"webhook\": \"https://a.example/hook?key=hunter2,https://b.example/\"}");
        var shown = "https://a.example/hook?********,https://b.example/";
        assertEquals(shown, made.data().path("config").path("webhook").textValue());
        for (var path : new String[] {"/admin/instances", "/admin/instances/3001"}) {
            var seen = rig.send(rig.request(path).GET());
            assertFalse(seen.raw().body().contains("hunter2"), seen.raw().body());
        }
        assertEquals(
                200,
                rig.patch(3001, "{\"webhook\": \"" + shown + "\", \"debug\": true}")
                        .status());
        assertEquals(
                "https://a.example/hook?key=hunter2,https://b.example/",
                rig.files.settings(3001).get("WHATSAPP_WEBHOOK"));
        var masked = rig.patch(3001, "{\"webhook\": \"https://c.example/?********\"}");
        assertEquals(400, masked.status());
        assertTrue(masked.message().contains("webhook"), masked.message());
    }

    @Test
    void aSecretThatADocumentPrintsIsRefusedByItsFieldsName() {
        var password = rig.post("{\"port\": 3001, \"basic_auth\": \"admin:a-long-password-for-the-tour\"}");
        assertEquals(400, password.status());
        assertTrue(
                password.message().contains("basic_auth") && password.message().contains("everybody knows"),
                password.message());
        var secret = rig.post("{\"port\": 3001, \"webhook_secret\": \"0123456789abcdef0123456789abcdef\"}");
        assertEquals(400, secret.status());
        assertTrue(secret.message().contains("webhook_secret"), secret.message());
    }

    @Test
    void theGuidesBodyMakesAnInstanceWithSecretsOfItsOwn() throws Exception {
        var made = rig.post("{\"port\": 3001}");
        assertEquals(201, made.status());
        assertEquals(
                "/admin/instances/3001",
                made.raw().headers().firstValue("Location").orElseThrow());
        assertEquals("Instance created successfully", made.message());
        assertTrue(made.body().path("success").booleanValue());
        assertEquals(
                made.raw().headers().firstValue("X-Request-Id").orElseThrow(),
                made.body().path("request_id").textValue());
        assertTrue(made.body().path("timestamp").textValue().matches("\\d{4}-\\d\\d-\\d\\dT.*Z"));
        assertEquals("RUNNING", made.data().path("state").textValue());
        assertEquals(4711, made.data().path("pid").intValue());
        assertEquals(5_000_000_000L, made.data().path("uptime").longValue());
        assertEquals(
                "/logs/3001/stderr", made.data().path("logs").path("stderr").textValue());
        var password = made.data().path("generated").path("basic_auth").textValue();
        assertTrue(password.matches("admin:[A-Za-z0-9]{43}"), password);
        assertEquals(password, rig.files.settings(3001).get("APP_BASIC_AUTH"));

        var other = rig.post("{\"port\": 3002}");
        assertNotEquals(
                password, other.data().path("generated").path("basic_auth").textValue());
        var listed = rig.get("/admin/instances");
        assertEquals("Instances retrieved successfully", listed.message());
        assertEquals(
                List.of(3001, 3002),
                List.of(
                        listed.data().get(0).path("port").intValue(),
                        listed.data().get(1).path("port").intValue()));
        assertFalse(listed.raw().body().contains(password.substring(6)), "a secret is told once");
        assertFalse(rig.get("/admin/instances/3001").raw().body().contains("generated"));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(rig.files.home(3001).resolve(".env"))));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(rig.files.home(3001))));
    }

    @Test
    void everyFieldOfTheContractBecomesASetting() throws Exception {
        var made = rig.post("""
                {"port":3001,"basic_auth":"%s","debug":true,"os":"Custom OS","account_validation":false,"base_path":"/api/v1",
                 "auto_reply":"Thank you for your message","auto_mark_read":true,"webhook":"https://myapp.com/webhook",
                 "webhook_secret":"5f0c8a17d3e94b62a1c7f08e2d6b935c","chat_storage":false}""".formatted(STRONG));
        assertEquals(201, made.status(), made.raw().body());
        var settings = rig.files.settings(3001);
        assertEquals(
                Map.of(
                        "a",
                        STRONG,
                        "b",
                        "true",
                        "c",
                        "Custom OS",
                        "d",
                        "false",
                        "e",
                        "/api/v1",
                        "f",
                        "Thank you for your message",
                        "g",
                        "true",
                        "h",
                        "https://myapp.com/webhook",
                        "i",
                        "5f0c8a17d3e94b62a1c7f08e2d6b935c",
                        "j",
                        "false"),
                Map.of(
                        "a",
                        settings.get("APP_BASIC_AUTH"),
                        "b",
                        settings.get("APP_DEBUG"),
                        "c",
                        settings.get("APP_OS"),
                        "d",
                        settings.get("WHATSAPP_ACCOUNT_VALIDATION"),
                        "e",
                        settings.get("APP_BASE_PATH"),
                        "f",
                        settings.get("WHATSAPP_AUTO_REPLY"),
                        "g",
                        settings.get("WHATSAPP_AUTO_MARK_READ"),
                        "h",
                        settings.get("WHATSAPP_WEBHOOK"),
                        "i",
                        settings.get("WHATSAPP_WEBHOOK_SECRET"),
                        "j",
                        settings.get("WHATSAPP_CHAT_STORAGE")));
        assertFalse(made.data().has("generated"));
        assertTrue(made.data().path("config").path("debug").booleanValue());
        assertFalse(made.raw().body().contains("5f0c8a17d3e9"), "no secret comes back");
    }

    @Test
    void aChangeChangesOnlyWhatItNames() throws Exception {
        rig.post("{\"port\":3001,\"basic_auth\":\"%s\",\"os\":\"Mine\",\"webhook\":\"https://a.example/\"}"
                .formatted(STRONG));
        var before = rig.files.settings(3001);
        var changed = rig.patch(3001, "{\"debug\":true,\"os\":null}");
        assertEquals(200, changed.status());
        assertEquals("Instance configuration updated successfully", changed.message());
        assertEquals("true", rig.files.settings(3001).get("APP_DEBUG"));
        var after = rig.files.settings(3001);
        after.remove("APP_DEBUG");
        assertEquals(before, after);
        assertEquals(List.of("start 3001", "stop 3001", "start 3001"), rig.supervisor.done);
        rig.patch(3001, "{\"webhook\":\"\"}");
        assertFalse(rig.files.settings(3001).containsKey("WHATSAPP_WEBHOOK"), "an empty text removes");
    }

    @Test
    void aChangeThatDoesNotStartIsTakenBack() throws Exception {
        rig.post("{\"port\":3001}");
        var before = rig.files.settings(3001);
        rig.supervisor.startsFail = true;
        var failed = rig.patch(3001, "{\"os\":\"Other\"}");
        assertEquals(500, failed.status());
        assertEquals("update_failed", failed.error());
        assertEquals(before, rig.files.settings(3001));
        assertEquals("resume 3001", rig.supervisor.done.getLast());
    }

    @Test
    void anInstanceThatDoesNotStartLeavesNothing() throws Exception {
        rig.supervisor.startsFail = true;
        var failed = rig.post("{\"port\":3001}");
        assertEquals(500, failed.status());
        assertEquals("creation_failed", failed.error());
        assertEquals(List.of(), rig.files.ports());
        assertEquals(404, rig.get("/admin/instances/3001").status());
    }

    @Test
    void deletingStopsItAndKeepsItsStorageAsideAndIsDoneForAnUnknownOneToo() throws Exception {
        rig.post("{\"port\":3001}");
        Files.writeString(rig.files.home(3001).resolve("whatsapp.db"), "messages");
        var deleted = rig.delete("/admin/instances/3001");
        assertEquals(200, deleted.status());
        assertEquals("Instance deleted successfully", deleted.message());
        assertFalse(deleted.body().has("data"));
        assertTrue(rig.supervisor.done.contains("stop 3001"));
        assertEquals("instance_not_found", rig.get("/admin/instances/3001").error());
        assertEquals(200, rig.delete("/admin/instances/3001").status());
        assertEquals(201, rig.post("{\"port\":3001}").status());
        assertFalse(Files.exists(rig.files.home(3001).resolve("whatsapp.db")), "the next one on the port begins empty");
        try (var removed = Files.walk(folder.resolve("instances/removed"))) {
            var left = removed.filter(Files::isRegularFile)
                    .map(path -> path.getFileName().toString())
                    .toList();
            assertEquals(List.of("whatsapp.db"), left, "data is kept, secrets are not");
        }
    }

    @Test
    void theSameRequestTwiceMakesOneInstance() {
        var first = rig.send(rig.request("/admin/instances")
                .header("Idempotency-Key", "k-1")
                .POST(BodyPublishers.ofString("{\"port\":3001}")));
        var again = rig.send(rig.request("/admin/instances")
                .header("Idempotency-Key", "k-1")
                .POST(BodyPublishers.ofString("{\"port\":3001}")));
        assertEquals(201, first.status());
        assertEquals(201, again.status());
        assertEquals(
                "/admin/instances/3001",
                again.raw().headers().firstValue("Location").orElseThrow());
        assertFalse(again.data().has("generated"), "a secret is told once");
        assertEquals(List.of("start 3001"), rig.supervisor.done);
        var other = rig.send(rig.request("/admin/instances")
                .header("Idempotency-Key", "k-2")
                .POST(BodyPublishers.ofString("{\"port\":3001}")));
        assertEquals("instance_exists", other.error());
    }
}
