package gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.config.source.remote.LocalVault;

/** {@code whatsapp rotate} beside the real program. */
class RotateTest {
    private static final String FIRST = "first-lantern-oblique-71";
    private static final String TOKEN = "t".repeat(40);

    @TempDir
    Path folder;

    private final Map<String, String> environment =
            new HashMap<>(Map.of("APP_PORT", "0", "APP_METRICS_PORT", "0", "APP_RATE_LIMIT", "off"));
    private Path file;
    private RotateHere command;

    @BeforeEach
    void write() throws Exception {
        file = Files.writeString(folder.resolve("basic-auth"), "admin:" + FIRST + ",ada:ada-" + FIRST + "\n");
    }

    /** Of how many secrets the status says until when the old one is good: that time stands behind the new one's. */
    private long overlaps() {
        return command.said()
                .lines()
                .filter(line -> line.matches("\\S+ +\\S+ +\\d{4}-\\d\\d-\\d\\dT.*"))
                .count();
    }

    private int rotate(String... arguments) {
        command = new RotateHere(environment, folder);
        return command.run(arguments);
    }

    private static int status(Program program, String authorization) throws Exception {
        return program.send(HttpRequest.newBuilder(URI.create(program.url() + "/app/status"))
                        .header("Authorization", authorization))
                .statusCode();
    }

    private static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void bothPasswordsAreGoodDuringTheOverlapAndARetiredOneIsRefusedOnTheNextRequest() throws Exception {
        environment.put("APP_BASIC_AUTH_FILE", file.toString());
        try (var program = Program.start(folder, environment, "rest")) {
            assertEquals(200, status(program, basic("admin:" + FIRST)));
            assertEquals(0, rotate("basic-auth", "--user", "admin", "--show"), command.said());
            var fresh = command.said()
                    .lines()
                    .filter(line -> line.startsWith("admin:"))
                    .findFirst()
                    .orElseThrow();
            assertEquals(fresh + ",ada:ada-" + FIRST, Files.readString(file).strip());
            assertEquals(200, status(program, basic(fresh)), "active when the command returns");
            assertEquals(200, status(program, basic("admin:" + FIRST)));
            assertEquals(200, status(program, basic("ada:ada-" + FIRST)), "untouched");
            assertEquals(0, rotate("retire", "basic-auth"), command.said());
            assertEquals(401, status(program, basic("admin:" + FIRST)));
            assertEquals(200, status(program, basic(fresh)));
            assertEquals(0, rotate("status"));
            assertTrue(command.said().contains("basic-auth"), command.said());
            assertEquals(0, overlaps(), command.said());
        }
        var log = Files.readString(folder.resolve("storages/security.log"));
        assertTrue(log.contains("sensitive_update") && log.contains("\"act\":\"retire\""), log);
    }

    @Test
    void aCredentialOfSystemdIsFixedSoTheNewOneIsKeptSealedAndOutlivesARestart() throws Exception {
        environment.put(
                "CREDENTIALS_DIRECTORY",
                Files.createDirectories(folder.resolve("credentials")).toString());
        Files.writeString(folder.resolve("credentials/app-basic-auth"), "admin:" + FIRST);
        String fresh;
        try (var program = Program.start(folder, environment, "rest")) {
            assertEquals(200, status(program, basic("admin:" + FIRST)));
            assertEquals(2, rotate("basic-auth"), "nobody would ever read it");
            assertEquals(
                    0,
                    rotate(
                            "basic-auth",
                            "--overlap",
                            "0s",
                            "--out",
                            folder.resolve("rotated").toString()),
                    command.said());
            fresh = Files.readString(folder.resolve("rotated/basic-auth")).strip();
            assertFalse(command.said().contains(fresh), "not on standard output, which a timer sends to the journal");
            assertEquals(200, status(program, basic(fresh)));
            assertEquals(401, status(program, basic("admin:" + FIRST)), "no overlap");
        }
        try (var program = Program.start(folder, environment, "rest")) {
            assertEquals(200, status(program, basic(fresh)));
            Files.writeString(folder.resolve("credentials/app-basic-auth"), "admin:operators-own-" + FIRST);
        }
        try (var program = Program.start(folder, environment, "rest")) {
            assertEquals(401, status(program, basic(fresh)), "a changed credential counts");
            assertEquals(200, status(program, basic("admin:operators-own-" + FIRST)));
        }
    }

    @Test
    void allOfThemAreRotatedAtTheirSourcesWithoutAServer() throws Exception {
        environment.put("APP_BASIC_AUTH_FILE", file.toString());
        var env = Files.writeString(
                folder.resolve(".env"),
                "# ours\nWHATSAPP_SECRET=" + TOKEN + "\nWHATSAPP_WEBHOOK_SECRET=" + "w".repeat(32)
                        + "\nLOG_LEVEL=warn\n");
        Files.setPosixFilePermissions(env, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        try (var vault = new LocalVault().put("admin_token", "a".repeat(40))) {
            environment.putAll(Map.of(
                    "WHATSAPP_VAULT_PATH",
                    "secret/whatsapp",
                    "VAULT_ADDR",
                    vault.address(),
                    "VAULT_TOKEN",
                    "root-token"));
            var before = Files.readString(env);
            assertEquals(0, rotate("all", "--dry-run"), command.said());
            assertEquals(before, Files.readString(env));
            assertTrue(command.said().contains("db-password: is not set where this command looks"), command.said());
            assertTrue(
                    command.said().contains("api-token: would get a new value, kept in .env line 2"), command.said());
            assertEquals(0, rotate("all", "--overlap", "1h"), command.said());
            assertFalse(command.said().contains(TOKEN));
            var after = Files.readString(env).lines().toList();
            assertEquals("# ours", after.getFirst());
            assertTrue(after.get(1).matches("WHATSAPP_SECRET='[A-Za-z0-9]{43}'"), after.get(1));
            assertTrue(after.get(2).matches("WHATSAPP_WEBHOOK_SECRET='[A-Za-z0-9]{43}'"), after.get(2));
            assertEquals("LOG_LEVEL=warn", after.get(3));
            assertTrue(vault.get("admin_token").matches("[A-Za-z0-9]{43}"));
            assertTrue(Files.readString(file).matches("admin:[A-Za-z0-9]{43},ada:[A-Za-z0-9]{43}\n"));
            assertEquals(0, rotate("status"), command.said());
            assertEquals(4, overlaps(), command.said());
        }
    }

    @Test
    void aSourceThatDoesNotTakeItLeavesEverythingAsItWas() throws Exception {
        try (var vault = new LocalVault().put("admin_token", "a".repeat(40))) {
            environment.putAll(Map.of(
                    "WHATSAPP_VAULT_PATH",
                    "secret/whatsapp",
                    "VAULT_ADDR",
                    vault.address(),
                    "VAULT_TOKEN",
                    "root-token"));
            vault.forbidWrites();
            assertEquals(2, rotate("admin-token"));
            assertTrue(
                    command.said().contains("could not be stored at its source")
                            && command.said().contains("update"),
                    command.said());
            assertEquals("a".repeat(40), vault.get("admin_token"));
            assertEquals(0, rotate("status"), command.said());
            assertEquals(0, overlaps(), command.said());
        }
    }

    @Test
    void whatIsAskedForWronglyIsRefused() {
        assertEquals(2, rotate("basic-auht"));
        assertEquals(2, rotate("basic-auth", "--overlap", "tomorrow"));
        assertEquals(2, rotate("api-token"), "there is none");
        assertEquals(2, rotate("basic-auth", "--token", "tok_1", "--show"));
        assertEquals(2, rotate());
    }
}
