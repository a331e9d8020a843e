package gateway.command;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Model.CommandSpec;

import gateway.config.OneLine;
import gateway.config.SettingProblem;
import gateway.config.reading.Configuration;
import gateway.config.reading.Configuration.Effective;

/** {@code whatsapp config check}: every setting with its value (secrets masked) and source, then all that is wrong. */
final class ConfigCommand implements Callable<Integer> {
    private static final int WIDEST_VALUE = 60;

    private final SettingOptions options;
    private final CommandSpec group;
    private final CommandSpec check;

    ConfigCommand(SettingOptions options) {
        this.options = options;
        this.check = Help.command(
                this,
                "check",
                "Print every setting with its source, and all errors at once. Exits 2 when there are any, 75 when a secret store is absent for now.",
                "whatsapp config check",
                "whatsapp config check --port 3001 --host 0.0.0.0");
        options.addTo(check);
        this.group = Help.group("config", "Look at the configuration.", "whatsapp config check");
        group.addSubcommand("check", check);
    }

    CommandSpec spec() {
        return group;
    }

    @Override
    public Integer call() {
        var configuration = options.reader(check.commandLine().getParseResult()).read();
        var out = check.commandLine().getOut();
        table(out, configuration);
        list(out, "Errors", configuration.errors());
        list(out, "Warnings", configuration.warnings());
        if (configuration.errors().isEmpty()) {
            out.println();
            out.println("The configuration is valid.");
        }
        out.flush();
        return Serving.exitCode(configuration);
    }

    private static void table(PrintWriter out, Configuration configuration) {
        int names = widest(configuration.values().stream().map(Effective::name).toList());
        int shown = Math.min(
                WIDEST_VALUE,
                widest(configuration.values().stream().map(ConfigCommand::value).toList()));
        var row = "%-" + names + "s  %-" + shown + "s  %s%n";
        out.printf(row, "SETTING", "VALUE", "SOURCE");
        for (var value : configuration.values()) {
            out.printf(row, value.name(), value(value), value.origin());
        }
    }

    /** Control characters are shown as a question mark: the value may come from a file that somebody else wrote. */
    private static String value(Effective value) {
        return value.shown().isEmpty() ? "-" : OneLine.of(value.shown());
    }

    private static int widest(List<String> texts) {
        return texts.stream().mapToInt(String::length).max().orElse(0);
    }

    private static void list(PrintWriter out, String title, List<SettingProblem> problems) {
        if (!problems.isEmpty()) {
            out.println();
            out.println(title + " (" + problems.size() + ")");
            problems.forEach(problem -> out.println("  " + problem.sentence()));
        }
    }
}
