package gateway;

import java.util.Map;

import picocli.CommandLine;

/** The command line of the program with all its commands, as a model that documents are made from. */
public final class WholeCommandLine {
    private WholeCommandLine() {}

    /** A fresh model; running one of its servers does nothing. */
    public static CommandLine model() {
        return Gateway.commands("", (configuration, reader) -> 0, Map.of()).whole();
    }
}
