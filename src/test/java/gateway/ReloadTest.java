package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program takes over what the files and the signal tell it, whole or not at all. */
class ReloadTest {
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final String FIRST = "first-lantern-oblique-71";
    private static final String SECOND = "second-harbour-plover-82";
    private static final String TOKEN = "t".repeat(40);

    @TempDir
    Path folder;

    @Test
    void anEditedFileCountsWithinTwoSecondsAndTheOldPasswordIsRefusedFromThen() throws Exception {
        var file = Files.writeString(folder.resolve("basic-auth"), "admin:" + FIRST + "\n");
        try (var program = start(Map.of("APP_BASIC_AUTH_FILE", file.toString()))) {
            assertEquals(200, status(program, FIRST));
            Files.writeString(file, "admin:" + SECOND + "\n");
            await().atMost(SOON).until(() -> status(program, SECOND) == 200);
            assertEquals(401, status(program, FIRST));
            var metrics = metrics(program);
            assertTrue(metrics.contains("whatsapp_config_last_reload_successful"), metrics);
            assertTrue(
                    metrics.matches("(?s).*whatsapp_secret_age_seconds\\{[^}]*secret=\"basic-auth\"[^}]*\\} \\d.*"),
                    metrics);
        }
        var log = Files.readString(folder.resolve("storages/security.log"));
        assertTrue(log.contains("config_changed") && log.contains("basic-auth"), log);
        assertFalse(log.contains(SECOND), "no secret in the log");
    }

    @Test
    void aWrongFileChangesNothingAndIsToldOfOnceWithoutTheSecret() throws Exception {
        var auth = Files.writeString(folder.resolve("basic-auth"), "admin:" + FIRST + "\n");
        var token = Files.writeString(folder.resolve("token"), TOKEN + "\n");
        try (var program =
                start(Map.of("APP_BASIC_AUTH_FILE", auth.toString(), "WHATSAPP_SECRET_FILE", token.toString()))) {
            assertEquals(200, status(program, FIRST));
            Files.writeString(token, "x".repeat(9));
            Files.writeString(auth, "admin:" + SECOND + "\n");
            await().atMost(SOON).until(() -> program.output().contains("refused"));
            assertEquals(200, status(program, FIRST), "the set is taken whole or not at all");
            assertEquals(401, status(program, SECOND));
            assertTrue(
                    program.output().contains("WHATSAPP_SECRET")
                            && program.output().contains("has 9 characters"),
                    program.output());
            assertFalse(
                    program.output().contains(SECOND) || program.output().contains("x".repeat(9)), program.output());
            assertTrue(metrics(program).contains("whatsapp_config_reload_failures_total"));
            Files.writeString(token, TOKEN);
            await().atMost(SOON).until(() -> status(program, SECOND) == 200);
        }
        assertTrue(Files.readString(folder.resolve("storages/security.log")).contains("config_refused"));
    }

    @Test
    void aSignalDoesTheSameAndNamesWhatNeedsARestart() throws Exception {
        var env = folder.resolve(".env");
        write(env, "APP_BASIC_AUTH=admin:" + FIRST + "\n");
        try (var program = start(Map.of())) {
            assertEquals(200, status(program, FIRST));
            write(env, "APP_BASIC_AUTH=admin:" + SECOND + "\nLOG_LEVEL=warn\n");
            await().atMost(SOON).until(() -> status(program, SECOND) == 200);
            await().atMost(SOON).until(() -> program.output().contains("only a restart takes it over: LOG_LEVEL"));
            long before = program.output().lines().count();
            assertEquals(
                    0,
                    new ProcessBuilder("kill", "-HUP", String.valueOf(program.pid()))
                            .start()
                            .waitFor());
            assertEquals(200, status(program, SECOND), "it lives");
            assertEquals(before, program.output().lines().count(), "nothing new, nothing to tell");
        }
    }

    @Test
    void kubernetesSwapsTheWholeDirectory() throws Exception {
        var mount = Files.createDirectories(folder.resolve("mount"));
        projected(mount, "..2026_1", FIRST);
        Files.createSymbolicLink(mount.resolve("..data"), Path.of("..2026_1"));
        Files.createSymbolicLink(mount.resolve("basic-auth"), Path.of("..data/basic-auth"));
        try (var program = start(Map.of("APP_SECRETS_DIR", mount.toString()))) {
            assertEquals(200, status(program, FIRST));
            projected(mount, "..2026_2", SECOND);
            var link = Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of("..2026_2"));
            Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
            await().atMost(SOON).until(() -> status(program, SECOND) == 200);
            assertEquals(401, status(program, FIRST));
        }
    }

    private static void projected(Path mount, String name, String password) throws Exception {
        Files.writeString(Files.createDirectories(mount.resolve(name)).resolve("basic-auth"), "admin:" + password);
    }

    private static void write(Path file, String text) throws Exception {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    }

    private Program start(Map<String, String> environment) throws Exception {
        var all = new java.util.HashMap<>(Map.of("APP_PORT", "0", "APP_METRICS_PORT", "0", "APP_RATE_LIMIT", "off"));
        all.putAll(environment);
        return Program.start(folder, all, "rest");
    }

    private static String metrics(Program program) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + program.metricsPort() + "/metrics"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }

    private static int status(Program program, String password) throws Exception {
        var basic = Base64.getEncoder().encodeToString(("admin:" + password).getBytes(StandardCharsets.UTF_8));
        return program.send(HttpRequest.newBuilder(URI.create(program.url() + "/app/status"))
                        .header("Authorization", "Basic " + basic))
                .statusCode();
    }
}
