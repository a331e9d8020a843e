package gateway.command;

import gateway.config.Problem;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

import java.util.concurrent.Callable;

/** {@code whatsapp rest}: reads the settings and, when all are right, runs the server; otherwise exits 2. */
final class RestCommand implements Callable<Integer> {
    private final SettingOptions options;
    private final Server server;
    private final CommandSpec spec;

    RestCommand(SettingOptions options, Server server) {
        this.options = options;
        this.server = server;
        this.spec = Help.command(this, "rest", "Serve the REST API.",
                "APP_BASIC_AUTH_FILE=/run/secrets/basic-auth whatsapp rest --port 3000",
                "whatsapp rest -w https://app.example.com/hook --storage-dir /opt/whatsapp/storages");
        options.addTo(spec);
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        var reader = options.reader(spec.commandLine().getParseResult());
        var configuration = reader.read();
        var err = spec.commandLine().getErr();
        for (Problem warning : configuration.warnings()) {
            err.println("warning: " + warning.sentence());
        }
        for (Problem error : configuration.errors()) {
            err.println("error: " + error.sentence());
        }
        err.flush();
        return configuration.settings().isPresent() ? server.run(configuration, reader) : CommandLine.ExitCode.USAGE;
    }
}
