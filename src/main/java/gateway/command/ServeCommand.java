package gateway.command;

import java.util.concurrent.Callable;

import picocli.CommandLine.Model.CommandSpec;

/** {@code whatsapp rest} or {@code whatsapp admin}: reads the settings and, when all are right, runs the server. */
final class ServeCommand implements Callable<Integer> {
    private final SettingOptions options;
    private final Server server;
    private final CommandSpec spec;

    ServeCommand(SettingOptions options, Server server, String name, String sentence, String... examples) {
        this.options = options;
        this.server = server;
        this.spec = Help.command(this, name, sentence, examples);
        options.addTo(spec);
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        return Serving.serve(
                options.reader(spec.commandLine().getParseResult()),
                spec.commandLine().getErr(),
                server);
    }
}
