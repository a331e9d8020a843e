package gateway.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gateway.config.Settings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class CommandLineTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<Settings> served = new ArrayList<>();
    private final List<Settings> administered = new ArrayList<>();

    private Commands commands(Map<String, String> environment) {
        return new Commands("1.2.3", environment, directory, (configuration, reader) -> {
            served.add(configuration.settings().orElseThrow());
            return 7;
        }, (configuration, reader) -> {
            administered.add(configuration.settings().orElseThrow());
            return 8;
        }).printing(new PrintWriter(out, true), new PrintWriter(err, true));
    }

    private int run(String... args) {
        return commands(Map.of()).run(args);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
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
        assertEquals(2, run(line.split(" ")));
        assertEquals("error: " + sentence, err.toString().strip());
        assertTrue(served.isEmpty());
    }

    @Test
    void wrongSettingsAreAllPrintedAndNothingIsServed() {
        assertEquals(2, run("rest", "-b", "admin", "--port", "99999", "--host", "0.0.0.0"));
        var lines = err.toString().lines().filter(line -> line.startsWith("error: ")).toList();
        assertTrue(lines.get(0).startsWith("error: APP_PORT (flag --port) is \"99999\""), lines::toString);
        assertTrue(lines.get(1).startsWith("error: APP_BASIC_AUTH (flag --basic-auth) has no colon"), lines::toString);
        assertTrue(served.isEmpty());
    }

    @Test
    void anEmptyCredentialIsNeverNoCredential() {
        assertEquals(2, commands(Map.of("APP_BASIC_AUTH", "")).run("rest"));
        assertEquals(2, run("rest", "-b", ""));
        assertTrue(served.isEmpty());
    }

    @Test
    void rightSettingsAreServedAndTheServersCodeIsTheExitCode() {
        assertEquals(7, run("rest", "-b", "admin:aB3:+/=@${HOME}%n", "-p", "3005", "-d", "--account-validation=false",
                "-w", "https://a.example/", "-w", "https://b.example/", "--webhook-secret", "@0123456789abcdef0123456789abcdef"));
        var settings = served.getFirst();
        assertEquals(3005, settings.http().port());
        assertEquals("aB3:+/=@${HOME}%n", ((gateway.config.BasicUser.Plain)
                settings.auth().users().getFirst().password()).text().reveal());
        assertEquals(Settings.LogLevel.DEBUG, settings.logLevel());
        assertFalse(settings.api().accountValidation());
        assertEquals(2, settings.webhook().urls().size());
        assertEquals("@0123456789abcdef0123456789abcdef", settings.webhook().secret().orElseThrow().reveal());
        assertTrue(err.toString().contains("warning: APP_BASIC_AUTH (flag --basic-auth) holds a secret on the command line"));
    }

    @Test
    void theEngineIsChosenByAFlag() {
        assertEquals(7, run("rest", "--engine", "web"));
        assertEquals(Settings.EngineKind.WEB, served.getFirst().whatsApp().engine());
        assertEquals(7, commands(Map.of("WHATSAPP_ENGINE", "web")).run("rest", "--engine=sandbox"));
        assertEquals(Settings.EngineKind.SANDBOX, served.getLast().whatsApp().engine());
        assertEquals(2, run("rest", "--engine", "cloud"));
        assertTrue(err.toString().contains("error: WHATSAPP_ENGINE (flag --engine) is \"cloud\""), err.toString());
    }

    @Test
    void theAdminApiHasItsOwnPortAndNeedsItsOwnTokenOnly() {
        var token = Map.of("ADMIN_TOKEN", "5f0c8a17d3e94b62a1c7f08e2d6b935c", "APP_PROFILE", "production");
        assertEquals(8, commands(token).run("admin", "--port", "9088", "--supervisor", "systemd"));
        var admin = administered.getFirst().admin();
        assertEquals(9088, admin.port());
        assertEquals(19088, admin.metricsPort());
        assertEquals(gateway.config.SupervisorKind.SYSTEMD, admin.supervisor());
        assertTrue(admin.host().isLoopbackAddress());
        assertEquals("", err.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a3d8f7e2b9c1d4e5f6a7b8c9d0e1f2a | 127.0.0.1 | ADMIN_TOKEN (environment variable ADMIN_TOKEN) has 31 characters",
        "                                | 127.0.0.1 | ADMIN_TOKEN (default) is not set, and the Admin API needs it",
        "5f0c8a17d3e94b62a1c7f08e2d6b935c | 0.0.0.0 | ADMIN_HOST (environment variable ADMIN_HOST) lets the token cross the network in clear",
    })
    void theAdminApiRefusesToStartUnguarded(String token, String host, String sentence) {
        var environment = new java.util.HashMap<>(Map.of("ADMIN_HOST", host, "APP_PROFILE", "production"));
        if (token != null) {
            environment.put("ADMIN_TOKEN", token);
        }
        assertEquals(2, commands(environment).run("admin"));
        assertTrue(err.toString().startsWith("error: " + sentence), err.toString());
        assertTrue(administered.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rest", "admin", "config", "config check", "completion"})
    void everyHelpEndsWithAnExample(String command) {
        var args = (command + " --help").strip().split(" ");
        assertEquals(0, run(args));
        var help = out.toString();
        assertTrue(help.substring(help.indexOf("Example")).contains(("whatsapp " + command).strip()), help);
        assertTrue(help.lines().count() > 4);
    }

    @Test
    void noCommandIsLeftOutOfTheHelpTest() {
        assertEquals(List.of("rest", "admin", "config", "check", "completion"), names(commands(Map.of()).line()));
    }

    private static List<String> names(CommandLine line) {
        var names = new ArrayList<String>();
        line.getSubcommands().forEach((name, command) -> {
            names.add(name);
            names.addAll(names(command));
        });
        return names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"outbox", "outbox list", "outbox retry", "outbox cancel", "webhook", "webhook list", "webhook add",
        "webhook remove", "webhook deliveries", "webhook replay", "user", "user add", "user passwd", "user list", "user revoke",
        "user hash-password", "token", "token create", "token list", "token revoke", "rotate", "rotate status", "rotate retire",
        "pair", "env", "env encrypt", "env decrypt", "audit", "audit verify"})
    void theHelpOfAnOperatorsCommandHasAnExample(String command) {
        var words = (command + " --help").split(" ");
        assertEquals(0, withTools().run(words), err.toString());
        assertTrue(out.toString().contains("Example"), out.toString());
        assertTrue(out.toString().contains("whatsapp " + command.split(" ")[0]), out.toString());
    }

    /** The library's own label for what a method takes is its position there: {@code <arg2>}. */
    @Test
    void everyHelpNamesWhatAnOptionTakes() {
        var commands = withTools();
        assertEquals(0, commands.run("--help"));
        assertEquals(List.of(), unnamed(commands.line()));
    }

    private static List<String> unnamed(CommandLine line) {
        var all = new ArrayList<String>();
        if (line.getUsageMessage().contains("<arg")) {
            all.add(line.getCommandSpec().qualifiedName());
        }
        line.getSubcommands().values().forEach(command -> all.addAll(unnamed(command)));
        return all;
    }

    private Commands withTools() {
        return commands(Map.of())
                .with("outbox", () -> new OutboxCommand(CommandLineTest::unused))
                .with("webhook", () -> new WebhookCommand(CommandLineTest::unused))
                .with("user", () -> new UserCommand(CommandLineTest::unused, java.util.Optional::empty))
                .with("token", () -> new TokenCommand(CommandLineTest::unused))
                .with("rotate", () -> new RotateCommand(CommandLineTest::unused))
                .with("pair", () -> new PairCommand(CommandLineTest::unused, new Screen(new PrintWriter(out), false), Duration.ZERO))
                .with("env", () -> new EnvCommand(directory, java.util.Optional::empty))
                .with("audit", () -> new AuditCommand(CommandLineTest::unused));
    }

    private static PairCommand.Open unused(Optional<String> device) {
        return unused();
    }

    private static <T> T unused() {
        throw new IllegalStateException("help opens nothing");
    }

    @Test
    void aCommandAloneThatOnlyHoldsOthersPrintsItsHelpAndExits2() {
        assertEquals(2, run());
        assertEquals(2, run("config"));
        assertTrue(err.toString().contains("whatsapp config check"));
    }

    @Test
    void theVersionIsPrinted() {
        assertEquals(0, run("--version"));
        assertEquals("whatsapp 1.2.3", out.toString().strip());
    }

    @Test
    void aSwitchNeedsNoValue() {
        assertEquals(7, run("rest", "--trusted-proxy", "--auto-mark-read", "-p", "3005"));
        assertEquals(2, served.getFirst().http().trustedProxies().size());
        assertTrue(served.getFirst().whatsApp().autoMarkRead());
        assertEquals(7, run("rest", "--trusted-proxy", "10.0.0.0/8", "--debug=false"));
        assertEquals("[10.0.0.0/8]", served.getLast().http().trustedProxies().toString());
    }

    @Test
    void completionKnowsTheFlags() {
        assertEquals(0, run("completion"));
        assertTrue(out.toString().contains("--webhook-secret"));
    }

    @Test
    void configCheckShowsNoSecretFromAnySource() throws IOException {
        var dotEnv = directory.resolve(".env");
        Files.writeString(dotEnv, "DB_URI=postgresql://w:hunter2a@localhost/wa\nAPP_BASIC_AUTH=admin:hunter2b,c:hunter2c\n"
                + "WHATSAPP_WEBHOOK=https://a.example/?t=hunter2d\n");
        Files.setPosixFilePermissions(dotEnv, PosixFilePermissions.fromString("rw-------"));
        var code = commands(Map.of("ADMIN_TOKEN", "hunter2e", "WHATSAPP_SECRET", "hunter2f".repeat(5)))
                .run("config", "check", "--webhook-secret", "hunter2g");
        assertEquals(2, code);
        assertFalse((out + "" + err).contains("hunter2"), out::toString);
        assertTrue(out.toString().contains("postgresql://w:********@localhost:5432/wa?sslmode=prefer"), out::toString);
        assertTrue(out.toString().contains("admin:********,c:********"), out::toString);
        assertTrue(out.toString().contains("Errors (1)"), out::toString);
        assertTrue(out.toString().contains("  ADMIN_TOKEN (environment variable ADMIN_TOKEN) has 8 characters"), out::toString);
    }

    @Test
    void configCheckPrintsEverySettingWithItsSource() {
        assertEquals(0, commands(Map.of("APP_PORT", "3001")).run("config", "check", "--os", "Firefox"));
        var text = out.toString();
        assertTrue(text.lines().anyMatch(line -> line.matches("APP_PORT +3001 +environment variable APP_PORT")), text);
        assertTrue(text.lines().anyMatch(line -> line.matches("APP_OS +Firefox +flag --os")), text);
        assertTrue(text.lines().anyMatch(line -> line.matches("APP_METRICS_PORT +13001 +default")), text);
        gateway.config.catalogue.Catalogue.all().forEach(setting -> assertTrue(text.contains("\n" + setting.name() + " "), setting.name()));
        assertTrue(text.contains("The configuration is valid."));
    }
}
