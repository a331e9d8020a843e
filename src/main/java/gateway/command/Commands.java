package gateway.command;

import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/** The command line {@code whatsapp}, put together. */
public final class Commands {
    private final CommandLine line;

    /**
     * @param version     what {@code --version} prints
     * @param environment the environment variables
     * @param directory   the working directory
     * @param server      what {@code rest} runs
     */
    public Commands(String version, Map<String, String> environment, Path directory, Server server) {
        var options = new SettingOptions(environment, directory);
        var root = Help.group("whatsapp", "WhatsApp Gateway: a REST API for WhatsApp, with signed webhooks.",
                "whatsapp rest --port 3000", "whatsapp config check");
        root.version("whatsapp " + version);
        root.addOption(OptionSpec.builder("-V", "--version").versionHelp(true).description("Print the version.").build());
        root.addSubcommand("rest", new RestCommand(options, server).spec());
        root.addSubcommand("config", new ConfigCommand(options).spec());
        root.addSubcommand("completion", new CompletionCommand().spec());
        line = new CommandLine(root)
                // An argument is a value as it stands: a password may begin with @ or a quote, or hold ${…}.
                .setExpandAtFiles(false)
                .setTrimQuotes(false)
                .setInterpolateVariables(false)
                .setUsageHelpAutoWidth(false)
                .setParameterExceptionHandler(new UsageErrors());
    }

    /** Runs one command. Exit codes: 0 done, 1 failed unexpectedly, 2 wrong usage or configuration. */
    public int run(String... args) {
        return line.execute(args);
    }

    /** Prints there instead of on the terminal. */
    Commands printing(PrintWriter out, PrintWriter err) {
        line.setOut(out).setErr(err);
        return this;
    }

    CommandLine line() {
        return line;
    }
}
