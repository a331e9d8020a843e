package gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.AutoComplete;
import picocli.CommandLine;

/** The help and the completion of every command that the program has, new ones too. */
class EveryCommandTest {
    private static final List<CommandLine> COMMANDS = new ArrayList<>();
    private static String completion = "";

    @BeforeAll
    static void walk() {
        var whole = WholeCommandLine.model();
        add(whole);
        completion = AutoComplete.bash("whatsapp", whole);
    }

    private static void add(CommandLine command) {
        COMMANDS.add(command);
        command.getSubcommands().values().forEach(EveryCommandTest::add);
    }

    private static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }

    @Test
    void eachHasAnExampleOfItself() {
        var without = new ArrayList<String>();
        for (var command : COMMANDS) {
            var help = command.getUsageMessage();
            int example = help.indexOf("Example");
            if (example < 0 || !help.substring(example).contains(name(command))) {
                without.add(name(command));
            }
        }
        assertEquals(List.of(), without);
        assertTrue(COMMANDS.size() > 40, "commands are found: " + COMMANDS.size());
    }

    @Test
    void eachIsToldOfHelp() {
        assertEquals(
                List.of(),
                COMMANDS.stream()
                        .filter(command ->
                                !command.getCommandSpec().optionsMap().containsKey("--help"))
                        .map(EveryCommandTest::name)
                        .toList());
    }

    @Test
    void eachIsCompletedWithAllItsOptions() {
        var missing = new ArrayList<String>();
        for (var command : COMMANDS) {
            var function = "function _picocli_" + name(command).replace("-", "").replace(' ', '_') + "()";
            int at = completion.indexOf(function);
            if (at < 0) {
                missing.add(name(command));
                continue;
            }
            var body = completion.substring(at, completion.indexOf("\n}\n", at));
            command.getCommandSpec().options().stream()
                    .filter(option -> !option.hidden() && !body.contains(option.longestName()))
                    .forEach(option -> missing.add(name(command) + " " + option.longestName()));
        }
        assertEquals(List.of(), missing);
    }

    /** What names a thing of a fixed list is completed from that list. */
    @Test
    void aNameOfAFixedListIsCompleted() {
        for (var word : List.of("webhook-secret", "encryption-key")) {
            var rotate = completion.substring(completion.indexOf("function _picocli_whatsapp_rotate()"));
            assertTrue(rotate.substring(0, rotate.indexOf("\n}\n")).contains('"' + word + '"'), word);
            var retire = completion.substring(completion.indexOf("function _picocli_whatsapp_rotate_retire()"));
            assertTrue(retire.substring(0, retire.indexOf("\n}\n")).contains('"' + word + '"'), word);
        }
    }
}
