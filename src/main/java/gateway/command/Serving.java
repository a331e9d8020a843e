package gateway.command;

import gateway.config.Problem;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What the commands that serve have in common. */
final class Serving {
    private Serving() {
    }

    /** Reads the settings, tells what is wrong with them, and runs the server when nothing is; otherwise 2. */
    static int serve(SettingOptions options, CommandSpec spec, Server server) {
        var configuration = options.load(spec.commandLine().getParseResult());
        var err = spec.commandLine().getErr();
        for (Problem warning : configuration.warnings()) {
            err.println("warning: " + warning.sentence());
        }
        for (Problem error : configuration.errors()) {
            err.println("error: " + error.sentence());
        }
        err.flush();
        var settings = configuration.settings();
        return settings.isPresent() ? server.run(settings.get()) : CommandLine.ExitCode.USAGE;
    }
}
