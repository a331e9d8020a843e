package gateway.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the program says about itself. */
class HelpTest {
    @TempDir
    Path directory;

    private CommandRig rig;

    @BeforeEach
    void open() {
        rig = new CommandRig(directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rest", "admin", "config", "config check", "completion"})
    void everyHelpEndsWithAnExample(String command) {
        var args = (command + " --help").strip().split(" ");
        assertEquals(0, rig.run(args));
        var help = rig.out.toString();
        assertTrue(help.substring(help.indexOf("Example")).contains(("whatsapp " + command).strip()), help);
        assertTrue(help.lines().count() > 4);
    }

    @Test
    void noCommandIsLeftOutOfTheHelpTest() {
        assertEquals(
                List.of("rest", "admin", "config", "check", "completion"),
                names(rig.commands(Map.of()).line()));
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
    @ValueSource(
            strings = {
                "outbox",
                "outbox list",
                "outbox retry",
                "outbox cancel",
                "webhook",
                "webhook list",
                "webhook add",
                "webhook remove",
                "webhook deliveries",
                "webhook replay",
                "user",
                "user add",
                "user passwd",
                "user list",
                "user revoke",
                "user hash-password",
                "token",
                "token create",
                "token list",
                "token revoke",
                "rotate",
                "rotate status",
                "rotate retire",
                "pair",
                "trace",
                "env",
                "env encrypt",
                "env decrypt",
                "audit",
                "audit verify"
            })
    void theHelpOfAnOperatorsCommandHasAnExample(String command) {
        var words = (command + " --help").split(" ");
        assertEquals(0, withTools().run(words), rig.err.toString());
        assertTrue(rig.out.toString().contains("Example"), rig.out.toString());
        assertTrue(rig.out.toString().contains("whatsapp " + command.split(" ")[0]), rig.out.toString());
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
        return rig.commands(Map.of())
                .with("outbox", () -> new OutboxCommand(HelpTest::unused))
                .with("webhook", () -> new WebhookCommand(HelpTest::unused))
                .with("user", () -> new UserCommand(HelpTest::unused, java.util.Optional::empty))
                .with("token", () -> new TokenCommand(HelpTest::unused))
                .with("rotate", () -> new RotateCommand(HelpTest::unused))
                .with(
                        "pair",
                        () -> new PairCommand(
                                HelpTest::unused, new Screen(new PrintWriter(rig.out), false), Duration.ZERO))
                .with("trace", () -> new TraceCommand((device, time) -> unused()))
                .with("env", () -> new EnvCommand(directory, java.util.Optional::empty))
                .with("audit", () -> new AuditCommand(HelpTest::unused));
    }

    private static PairCommand.Open unused(Optional<String> device) {
        return unused();
    }

    private static <T> T unused() {
        throw new IllegalStateException("help opens nothing");
    }

    @Test
    void aCommandAloneThatOnlyHoldsOthersPrintsItsHelpAndExits2() {
        assertEquals(2, rig.run());
        assertEquals(2, rig.run("config"));
        assertTrue(rig.err.toString().contains("whatsapp config check"));
    }

    @Test
    void theVersionIsPrinted() {
        assertEquals(0, rig.run("--version"));
        assertEquals("whatsapp 1.2.3", rig.out.toString().strip());
    }

    @Test
    void completionKnowsEveryCommandAndTheNamesOfSecrets() {
        var tools = withTools();
        assertEquals(0, tools.run("completion"));
        var script = rig.out.toString();
        var commands = new ArrayList<String>();
        names(tools.line(), "", commands);
        assertTrue(commands.contains("_rotate_retire"), commands::toString);
        for (var command : commands) {
            assertTrue(script.contains("function _picocli_whatsapp" + command + "()"), command);
        }
        var rotate = script.substring(script.indexOf("function _picocli_whatsapp_rotate()"));
        assertTrue(rotate.substring(0, rotate.indexOf("\n}\n")).contains("\"webhook-secret\""), rotate);
    }

    private static void names(CommandLine command, String path, List<String> names) {
        command.getSubcommands().forEach((name, child) -> {
            names.add(path + "_" + name.replace("-", ""));
            names(child, path + "_" + name.replace("-", ""), names);
        });
    }

    @Test
    void completionKnowsTheFlags() {
        assertEquals(0, rig.run("completion"));
        assertTrue(rig.out.toString().contains("--webhook-secret"));
    }
}
