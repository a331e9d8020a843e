package gateway.command;

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
        return Serving.serve(options.reader(spec.commandLine().getParseResult()), spec.commandLine().getErr(), server);
    }
}
