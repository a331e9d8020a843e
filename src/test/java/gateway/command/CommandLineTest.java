package gateway.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import gateway.config.Settings;

class CommandLineTest {
    @TempDir
    Path directory;

    private CommandRig rig;

    @BeforeEach
    void open() {
        rig = new CommandRig(directory);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rest --prot 3001 | unknown flag --prot; did you mean --port? See whatsapp rest --help.",
                "rest --basic-auht=admin:hunter2 | unknown flag --basic-auht; did you mean --basic-auth? See whatsapp rest --help.",
                "rest -Zhunter2 | unknown flag -Z. See whatsapp rest --help.",
                "rest hunter2 | an argument stands where only flags are expected. See whatsapp rest --help.",
                "rset | unknown command; did you mean rest? See whatsapp --help.",
                "hunter2 | unknown command. See whatsapp --help.",
                "rest -b | --basic-auth needs a value. See whatsapp rest --help.",
                "rest -p 1 -p 2 | --port is given twice. See whatsapp rest --help.",
            })
    void aWrongCommandLineIsOneSentenceAndExit2(String line, String sentence) {
        assertEquals(2, rig.run(line.split(" ")));
        assertEquals("error: " + sentence, rig.err.toString().strip());
        assertTrue(rig.served.isEmpty());
    }

    @Test
    void wrongSettingsAreAllPrintedAndNothingIsServed() {
        assertEquals(2, rig.run("rest", "-b", "admin", "--port", "99999", "--host", "0.0.0.0"));
        var lines = rig.err
                .toString()
                .lines()
                .filter(line -> line.startsWith("error: "))
                .toList();
        assertTrue(lines.get(0).startsWith("error: APP_PORT (flag --port) is \"99999\""), lines::toString);
        assertTrue(lines.get(1).startsWith("error: APP_BASIC_AUTH (flag --basic-auth) has no colon"), lines::toString);
        assertTrue(rig.served.isEmpty());
    }

    @Test
    void anEmptyCredentialIsNeverNoCredential() {
        assertEquals(2, rig.commands(Map.of("APP_BASIC_AUTH", "")).run("rest"));
        assertEquals(2, rig.run("rest", "-b", ""));
        assertTrue(rig.served.isEmpty());
    }

    @Test
    void rightSettingsAreServedAndTheServersCodeIsTheExitCode() {
        assertEquals(
                7,
                rig.run(
                        "rest",
                        "-b",
                        "admin:aB3:+/=@${HOME}%n",
                        "-p",
                        "3005",
                        "-d",
                        "--account-validation=false",
                        "-w",
                        "https://a.example/",
                        "-w",
                        "https://b.example/",
                        "--webhook-secret",
                        "@0123456789abcdef0123456789abcdef"));
        var settings = rig.served.getFirst();
        assertEquals(3005, settings.http().port());
        assertEquals(
                "aB3:+/=@${HOME}%n",
                ((gateway.config.BasicUser.Plain)
                                settings.auth().users().getFirst().password())
                        .text()
                        .reveal());
        assertEquals(Settings.LogLevel.DEBUG, settings.logLevel());
        assertFalse(settings.api().accountValidation());
        assertEquals(2, settings.webhook().urls().size());
        assertEquals(
                "@0123456789abcdef0123456789abcdef",
                settings.webhook().secret().orElseThrow().reveal());
        assertTrue(rig.err
                .toString()
                .contains("warning: APP_BASIC_AUTH (flag --basic-auth) holds a secret on the command line"));
    }

    @Test
    void theEngineIsChosenByAFlag() {
        assertEquals(7, rig.run("rest", "--engine", "web"));
        assertEquals(Settings.EngineKind.WEB, rig.served.getFirst().whatsApp().engine());
        assertEquals(7, rig.commands(Map.of("WHATSAPP_ENGINE", "web")).run("rest", "--engine=sandbox"));
        assertEquals(
                Settings.EngineKind.SANDBOX, rig.served.getLast().whatsApp().engine());
        assertEquals(2, rig.run("rest", "--engine", "cloud"));
        assertTrue(
                rig.err.toString().contains("error: WHATSAPP_ENGINE (flag --engine) is \"cloud\""), rig.err.toString());
    }

    @Test
    void theAdminApiHasItsOwnPortAndNeedsItsOwnTokenOnly() {
        var token = Map.of(
                "ADMIN_TOKEN",
                "5f0c8a17d3e94b62a1c7f08e2d6b935c",
                "APP_PROFILE",
                "production",
                "WHATSAPP_ENGINE",
                "sandbox");
        assertEquals(8, rig.commands(token).run("admin", "--port", "9088", "--supervisor", "systemd"));
        var admin = rig.administered.getFirst().admin();
        assertEquals(9088, admin.port());
        assertEquals(19088, admin.metricsPort());
        assertEquals(gateway.config.SupervisorKind.SYSTEMD, admin.supervisor());
        assertTrue(admin.host().isLoopbackAddress());
        assertEquals("", rig.err.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a3d8f7e2b9c1d4e5f6a7b8c9d0e1f2a | 127.0.0.1 | ADMIN_TOKEN (environment variable ADMIN_TOKEN) has 31 characters",
                "                                | 127.0.0.1 | ADMIN_TOKEN (default) is not set, and the Admin API needs it",
                "5f0c8a17d3e94b62a1c7f08e2d6b935c | 0.0.0.0 | ADMIN_HOST (environment variable ADMIN_HOST) lets the token cross the network in clear",
            })
    void theAdminApiRefusesToStartUnguarded(String token, String host, String sentence) {
        var environment = new java.util.HashMap<>(
                Map.of("ADMIN_HOST", host, "APP_PROFILE", "production", "WHATSAPP_ENGINE", "web"));
        if (token != null) {
            environment.put("ADMIN_TOKEN", token);
        }
        assertEquals(2, rig.commands(environment).run("admin"));
        assertTrue(rig.err.toString().startsWith("error: " + sentence), rig.err.toString());
        assertTrue(rig.administered.isEmpty());
    }

    @Test
    void theAdminApiChoosesNoEngineForTheGatewaysItStarts() {
        assertEquals(
                2,
                rig.commands(Map.of("ADMIN_TOKEN", "5f0c8a17d3e94b62a1c7f08e2d6b935c", "APP_PROFILE", "production"))
                        .run("admin"));
        assertTrue(rig.err.toString().startsWith("error: WHATSAPP_ENGINE (default) is not set"), rig.err.toString());
        assertTrue(rig.administered.isEmpty());
    }

    @Test
    void aSwitchNeedsNoValue() {
        assertEquals(7, rig.run("rest", "--trusted-proxy", "--auto-mark-read", "-p", "3005"));
        assertEquals(2, rig.served.getFirst().http().trustedProxies().size());
        assertTrue(rig.served.getFirst().whatsApp().autoMarkRead());
        assertEquals(7, rig.run("rest", "--trusted-proxy", "10.0.0.0/8", "--debug=false"));
        assertEquals(
                "[10.0.0.0/8]", rig.served.getLast().http().trustedProxies().toString());
    }
}
