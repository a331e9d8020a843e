package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import gateway.backup.Gnupg;
import gateway.twin.web.Twin;
import gateway.twin.web.TwinControl;

/** A linked device comes back from a backup that is older than its last messages: the twin's phones watch its keys. */
@Timeout(240)
class WebBackupLineTest {
    private static final String OWN = "6281111111111";
    private static final String PEER = "6282222222222";

    @TempDir
    Path folder;

    private Twin twin;
    private TwinControl control;
    private Gnupg gpg;
    private Map<String, String> settings;

    @BeforeEach
    void start() throws Exception {
        twin = new Twin(0);
        control = new TwinControl(twin);
        control.post("/phones", Map.of("number", OWN));
        control.post("/phones", Map.of("number", PEER));
        gpg = new Gnupg(folder);
        gpg.key("ops");
        gpg.passphrase();
        settings = new HashMap<>(WebPairing.settings(twin));
    }

    @AfterEach
    void stop() throws Exception {
        gpg.close();
        twin.close();
    }

    private void command(String... arguments) throws Exception {
        var environment = new HashMap<>(settings);
        environment.put("APP_BASIC_AUTH", "admin:" + Program.PASSWORD);
        environment.put("APP_PORT", "0");
        try (var command = Program.start(folder, environment, arguments)) {
            assertEquals(0, command.exit(), command.output());
        }
    }

    private void said(Program program, String text) throws Exception {
        var reply = program.post("/send/message", "{\"phone\":\"" + PEER + "\",\"message\":\"" + text + "\"}");
        assertEquals(200, reply.statusCode(), reply.body());
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertEquals(1, control.shown(PEER, text), text));
    }

    @Test
    void noKeyIsUsedForASecondMessage() throws Exception {
        Files.createDirectory(folder.resolve("target"));
        try (var program = Program.rest(folder, settings)) {
            WebPairing.scan(program, control, OWN);
            WebPairing.connected(program);
            said(program, "before the backup");
            command("backup", "--to", "target", "--recipient", "ops.asc");
            said(program, "after the backup");
            program.kill();
        }
        var logins = control.seen("login", "");
        Path file;
        try (var files = Files.list(folder.resolve("target"))) {
            file = files.filter(path -> path.toString().endsWith(".gpg"))
                    .findFirst()
                    .orElseThrow();
        }
        command(
                "restore",
                file.toString(),
                "--key",
                "ops-secret.asc",
                "--passphrase-file",
                "passphrase",
                "--into",
                "new");
        settings.put("APP_STORAGE_DIR", "new");
        try (var program = Program.rest(folder, settings)) {
            program.url();
            assertEquals(logins, control.seen("login", ""), "a restored account is held");
            command("restore", "confirm");
            WebPairing.connected(program);
            said(program, "from the new machine");
            said(program, "and once more");
            control.send(PEER, OWN, "welcome back");
            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> assertEquals(
                            200,
                            program.get("/chat/" + PEER + "@s.whatsapp.net/messages")
                                            .body()
                                            .contains("welcome back")
                                    ? 200
                                    : 404));
        }
        assertEquals(0, control.count("reused_keys"));
        assertEquals(0, control.count("shown_twice"));
        assertEquals(0, control.count("waiting_peers"));
    }
}
