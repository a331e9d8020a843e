package gateway.command;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import gateway.config.Settings;

/** The commands with what they print, and the settings with which they would have served. */
final class CommandRig {
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    final List<Settings> served = new ArrayList<>();
    final List<Settings> administered = new ArrayList<>();
    private final Path directory;

    CommandRig(Path directory) {
        this.directory = directory;
    }

    Commands commands(Map<String, String> environment) {
        return new Commands(
                        "1.2.3",
                        environment,
                        directory,
                        (configuration, reader) -> {
                            served.add(configuration.settings().orElseThrow());
                            return 7;
                        },
                        (configuration, reader) -> {
                            administered.add(configuration.settings().orElseThrow());
                            return 8;
                        })
                .printing(new PrintWriter(out, true), new PrintWriter(err, true));
    }

    int run(String... args) {
        return commands(Map.of()).run(args);
    }
}
