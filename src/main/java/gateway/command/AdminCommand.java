package gateway.command;

import picocli.CommandLine.Model.CommandSpec;

import java.util.concurrent.Callable;

/** {@code whatsapp admin}: the Admin API, which makes and looks after instances of {@code whatsapp rest}. */
final class AdminCommand implements Callable<Integer> {
    private final SettingOptions options;
    private final Server server;
    private final CommandSpec spec;

    AdminCommand(SettingOptions options, Server server) {
        this.options = options;
        this.server = server;
        this.spec = Help.command(this, "admin", "Serve the Admin API: make, change and remove instances of the gateway.",
                "ADMIN_TOKEN_FILE=/run/secrets/admin-token whatsapp admin --port 8088",
                "curl -X POST http://localhost:8088/admin/instances -H \"Authorization: Bearer $TOKEN\" \\",
                "     -H 'Content-Type: application/json' -d '{\"port\": 3001}'");
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
