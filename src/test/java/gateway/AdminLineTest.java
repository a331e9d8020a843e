package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.admin.FreePort;

/**
 * The Admin API as the guide uses it, on the real program: an instance that works, and outlives the one who made it.
 */
class AdminLineTest {
    private static final String TOKEN = "a3d8f7e2b9c1d4e5f6a7b8c9d0e1f2a3";

    @TempDir
    Path folder;

    @Test
    void theGuidesCallMakesAnInstanceThatWorksAndSurvivesTheAdminApi() throws Exception {
        int port = FreePort.find();
        JsonNode made;
        try (var admin = Program.admin(folder, TOKEN)) {
            var reply = call(admin, "/admin/instances", "POST", "{\"port\": " + port + "}");
            assertEquals(201, reply.statusCode(), reply.body());
            made = Program.json(reply).path("data");
            assertEquals("RUNNING", made.path("state").textValue());
            assertFalse(
                    admin.output()
                            .contains(made.path("generated").path("basic_auth").textValue()),
                    "no secret in the output");
        }
        var credential = made.path("generated").path("basic_auth").textValue();
        long pid = made.path("pid").longValue();
        var instance = "http://127.0.0.1:" + port;
        try (var client = HttpClient.newHttpClient()) {
            assertEquals(
                    401, get(client, instance + "/app/login", "admin:wrong").statusCode());
            assertTrue(
                    get(client, instance + "/app/login", credential).body().contains("qr_link"),
                    "it works without the Admin API");
        }
        var arguments = Files.readString(Path.of("/proc/" + pid + "/cmdline"))
                + Files.readString(Path.of("/proc/" + pid + "/environ"));
        assertFalse(
                arguments.contains(credential.substring(6)) || arguments.contains(TOKEN),
                "no secret in arguments or environment");
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                assertFalse(
                        Files.readString(file, StandardCharsets.ISO_8859_1).contains(credential.substring(6)),
                        "no secret in clear in " + file);
            }
        }

        try (var admin = Program.admin(folder, TOKEN)) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> state(admin, port).equals("RUNNING"));
            assertEquals(pid, instance(admin, port).path("pid").longValue(), "taken over, not started anew");
            var target = targets(admin).path(0);
            assertEquals(
                    "whatsapp@" + port, target.path("labels").path("instance").textValue());
            var scraped = URI.create("http://" + target.path("targets").path(0).textValue() + "/metrics");
            assertTrue(
                    admin.send(HttpRequest.newBuilder(scraped)).body().contains("whatsapp_accounts_paired"),
                    "Prometheus finds it");
            assertTrue(metrics(admin).contains("gowa_instances_running{} 1.0"), metrics(admin));
            assertEquals(
                    200, call(admin, "/admin/instances/" + port, "DELETE", "").statusCode());
            await().until(() ->
                    ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
            assertEquals("[]", targets(admin).toString());
        }
    }

    @Test
    void aShortTokenAndNoTokenStartNothing() throws Exception {
        for (var environment : java.util.List.of(
                Map.of("ADMIN_PORT", "0"),
                Map.of("ADMIN_PORT", "0", "ADMIN_TOKEN", "short"),
                Map.of("ADMIN_PORT", "0", "ADMIN_TOKEN", ""))) {
            try (var admin = Program.start(folder, environment, "admin")) {
                assertEquals(2, admin.exit(), admin.output());
                assertTrue(admin.output().startsWith("error: ADMIN_TOKEN "), admin.output());
                assertFalse(admin.output().contains("Ready"), admin.output());
            }
        }
    }

    private static HttpResponse<String> call(Program admin, String path, String method, String body) throws Exception {
        return admin.send(HttpRequest.newBuilder(URI.create(admin.url() + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }

    private static JsonNode instance(Program admin, int port) throws Exception {
        return Program.json(call(admin, "/admin/instances/" + port, "GET", "")).path("data");
    }

    private static String state(Program admin, int port) throws Exception {
        return instance(admin, port).path("state").textValue();
    }

    private static String metrics(Program admin) throws Exception {
        return scrape(admin, "/metrics").body();
    }

    private static JsonNode targets(Program admin) throws Exception {
        return Program.json(scrape(admin, "/targets"));
    }

    private static HttpResponse<String> scrape(Program admin, String path) throws Exception {
        return admin.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin.metricsPort() + path)));
    }

    private static HttpResponse<String> get(HttpClient client, String url, String credential) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(url))
                        .header(
                                "Authorization",
                                "Basic "
                                        + Base64.getEncoder()
                                                .encodeToString(credential.getBytes(StandardCharsets.UTF_8)))
                        .build(),
                BodyHandlers.ofString());
    }
}
