package gateway;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;

import picocli.CommandLine;

import gateway.command.RotateCommand;
import gateway.wiring.OperatorTools;

/** {@code whatsapp rotate} in this process, with the environment and the working directory a test gives it. */
public final class RotateHere {
    private final OperatorTools tools;
    private final StringWriter out = new StringWriter();

    public RotateHere(Map<String, String> environment, Path directory) {
        tools = new OperatorTools(environment, directory);
    }

    /** The exit code. */
    public int run(String... arguments) {
        out.getBuffer().setLength(0);
        var writer = new PrintWriter(out, true);
        return new CommandLine(new RotateCommand(tools::rotation))
                .setOut(writer)
                .setErr(writer)
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    e.printStackTrace(writer);
                    return 70;
                })
                .execute(arguments);
    }

    /** What the last run said, both streams. */
    public String said() {
        return out.toString();
    }
}
