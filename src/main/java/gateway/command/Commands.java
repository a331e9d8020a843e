package gateway.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

import gateway.config.Role;
import gateway.process.ExitCode;

/** The command line {@code whatsapp}, put together. */
public final class Commands {
    private final CommandLine line;
    private final Map<String, Supplier<Object>> tools = new LinkedHashMap<>();

    /**
     * @param version     what {@code --version} prints
     * @param environment the environment variables
     * @param directory   the working directory
     * @param rest        what {@code rest} runs
     * @param admin       what {@code admin} runs
     */
    public Commands(String version, Map<String, String> environment, Path directory, Server rest, Server admin) {
        var options = new SettingOptions(Role.REST, environment, directory);
        var root = Help.group(
                "whatsapp",
                "WhatsApp Gateway: a REST API for WhatsApp, with signed webhooks.",
                "whatsapp rest --port 3000",
                "whatsapp admin --port 8088",
                "whatsapp config check");
        root.version("whatsapp " + version);
        root.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(ExitCode.meanings());
        root.addOption(OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Print the version.")
                .build());
        root.addSubcommand(
                "rest",
                new ServeCommand(
                                options,
                                rest,
                                "rest",
                                "Serve the REST API.",
                                "APP_BASIC_AUTH_FILE=/run/secrets/basic-auth whatsapp rest --port 3000",
                                "whatsapp rest -w https://app.example.com/hook --storage-dir /opt/whatsapp/storages")
                        .spec());
        root.addSubcommand(
                "admin",
                new ServeCommand(
                                new SettingOptions(Role.ADMIN, environment, directory),
                                admin,
                                "admin",
                                "Serve the Admin API: make, change and remove instances of the gateway.",
                                "ADMIN_TOKEN_FILE=/run/secrets/admin-token whatsapp admin --port 8088",
                                "curl -X POST http://localhost:8088/admin/instances -H \"Authorization: Bearer $TOKEN\" \\",
                                "     -H 'Content-Type: application/json' -d '{\"port\": 3001}'")
                        .spec());
        root.addSubcommand("config", new ConfigCommand(options).spec());
        root.addSubcommand("completion", new CompletionCommand().spec());
        line = new CommandLine(root)
                // An argument is a value as it stands: a password may begin with @ or a quote, or hold ${…}.
                .setExpandAtFiles(false)
                .setTrimQuotes(false)
                .setInterpolateVariables(false)
                .setUsageHelpAutoWidth(false)
                .setParameterExceptionHandler(new UsageErrors())
                .setExecutionExceptionHandler((failure, command, parsed) -> Serving.failed(failure, command.getErr()));
    }

    /** Adds a command of the operator's. */
    public Commands with(String name, Supplier<Object> command) {
        tools.put(name, command);
        return this;
    }

    /**
     * Runs one command.
     *
     * @return the exit code, see {@link gateway.process.ExitCode}
     */
    public int run(String... args) {
        if (args.length == 0 || !args[0].equals("rest")) {
            // Not for the server: reading their annotations would lengthen every start.
            whole();
        }
        return line.execute(args);
    }

    /**
     * Adds every command of the operator's, once.
     *
     * @return the model, from which help, completion and documents are made
     */
    public CommandLine whole() {
        tools.forEach((name, command) -> line.addSubcommand(name, Help.added(new CommandLine(command.get()))));
        tools.clear();
        return line.setOut(line.getOut()).setErr(line.getErr());
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
