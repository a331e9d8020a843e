package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import gateway.admin.FreePort;
import gateway.command.DrawnQr;
import gateway.twin.web.Twin;
import gateway.twin.web.TwinControl;

/** {@code whatsapp pair} beside the real program, with a twin's phone that scans or types what the command shows. */
@Timeout(180)
class PairLineTest {
    private static final String OWN = "6281111111111";
    private static final Pattern CODE = Pattern.compile("The code: ([A-Z0-9]{4}-[A-Z0-9]{4})");

    @TempDir
    Path folder;

    private Twin twin;
    private TwinControl control;
    private Map<String, String> environment;

    @BeforeEach
    void start() throws Exception {
        twin = new Twin(0);
        control = new TwinControl(twin);
        control.post("/phones", Map.of("number", OWN));
        environment = new HashMap<>(WebPairing.settings(twin));
        environment.put("APP_PORT", Integer.toString(FreePort.find()));
    }

    @AfterEach
    void stop() throws Exception {
        twin.close();
    }

    private Program pair(String... options) throws Exception {
        var words = new String[options.length + 1];
        words[0] = "pair";
        System.arraycopy(options, 0, words, 1, options.length);
        return Program.start(folder, environment, words);
    }

    private static void says(Program program, String words) {
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertTrue(program.output().contains(words), program::output));
    }

    /** The command has ended, and with it what it needed for itself. */
    @Test
    void aLinkOfTheCommandOutlivesTheCommandAndEndsWithItsToken() throws Exception {
        try (var gateway = Program.rest(folder, environment)) {
            says(gateway, "Link a phone:");
            try (var pair = pair("--link")) {
                assertEquals(0, pair.exit(), pair::output);
                var link = pair.output().replaceFirst("(?s).*/pair#([A-Za-z0-9_-]{43}).*", "$1");
                var asked = "{\"link\":\"" + link + "\",\"page\":\"" + "a".repeat(43) + "\"}";
                assertEquals(200, gateway.post("/pair/state", asked).statusCode());
                var token = Program.json(gateway.get("/tokens")).path("results").path(0);
                assertEquals("whatsapp pair", token.path("note").asText());
                gateway.send(
                        gateway.request("/tokens/" + token.path("id").asText()).DELETE());
                assertEquals(403, gateway.post("/pair/state", asked).statusCode());
            }
        }
    }

    @Test
    void aPhoneScansWhatTheTerminalShows() throws Exception {
        try (var gateway = Program.rest(folder, environment)) {
            gateway.url();
            says(gateway, "with the WEB engine");
            says(gateway, "Link a phone:");
            try (var pair = pair()) {
                says(pair, "The code renews itself.");
                says(pair, "Not affiliated with WhatsApp");
                says(pair, "can ban the number");
                control.post("/phones/" + OWN + "/scan", Map.of("qr", DrawnQr.last(pair.output())));
                assertEquals(0, pair.exit(), pair::output);
                assertTrue(
                        pair.output().endsWith("Account default is linked: " + OWN + "@s.whatsapp.net."), pair::output);
            }
            assertEquals(
                    0, Program.json(gateway.get("/tokens")).path("results").size(), "the command's token is revoked");
            var log = Files.readString(folder.resolve("storages/security.log"));
            assertTrue(log.contains("authn_token_created") && log.contains("authn_token_revoked"), log);
            try (var again = pair()) {
                assertEquals(0, again.exit(), again::output);
                assertFalse(again.output().contains("█"), again::output);
            }
        }
    }

    @Test
    void aPersonTypesTheCodeOnThePhone() throws Exception {
        try (var gateway = Program.rest(folder, environment)) {
            gateway.url();
            try (var pair = pair("--device", "default", "--phone", "+" + OWN)) {
                says(pair, "The code: ");
                var code = CODE.matcher(pair.output());
                assertTrue(code.find(), pair::output);
                control.post("/phones/" + OWN + "/code", Map.of("code", code.group(1)));
                assertEquals(0, pair.exit(), pair::output);
            }
        }
    }

    @Test
    void whatCannotBeIsOneSentenceAndLeavesNoToken() throws Exception {
        try (var gateway = Program.rest(folder, environment)) {
            gateway.url();
            try (var pair = pair("--device", "nobody")) {
                assertEquals(2, pair.exit());
                says(pair, "error: --device: the gateway has no account of that id");
            }
            try (var pair = pair("--phone", "12")) {
                assertEquals(2, pair.exit());
                says(pair, "error: The gateway refuses: phone:");
            }
            control.fault("refuse_upgrade", "503");
            try (var pair = pair()) {
                assertEquals(75, pair.exit());
                says(pair, "error: The gateway refuses: WhatsApp cannot be reached");
            }
            assertEquals(0, Program.json(gateway.get("/tokens")).path("results").size());
        }
        try (var pair = pair()) {
            assertEquals(75, pair.exit());
            says(pair, "error: No gateway answers on http://127.0.0.1:" + environment.get("APP_PORT"));
        }
    }

    @Test
    void anInterruptedCommandRevokesItsToken() throws Exception {
        try (var gateway = Program.rest(folder, environment)) {
            gateway.url();
            try (var pair = pair()) {
                says(pair, "The code renews itself.");
                assertEquals(
                        1, Program.json(gateway.get("/tokens")).path("results").size());
            }
            assertEquals(0, Program.json(gateway.get("/tokens")).path("results").size());
        }
    }

    @Test
    void onTheSandboxItSaysSoAndHowToGoReal() throws Exception {
        environment.keySet().removeIf(name -> name.startsWith("WHATSAPP_"));
        try (var gateway = Program.rest(folder, environment)) {
            gateway.url();
            says(gateway, "To go real: start it with --engine web or WHATSAPP_ENGINE=web");
            try (var pair = pair()) {
                assertEquals(2, pair.exit());
                says(pair, "WHATSAPP_ENGINE=web");
            }
        }
    }
}
