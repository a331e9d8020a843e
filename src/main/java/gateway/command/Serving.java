package gateway.command;

import java.io.PrintWriter;

import gateway.config.Problem;
import gateway.config.SettingsReader;
import gateway.store.StoreFault;

/** What the commands that serve have in common. Knows nothing of the command line's library, which a service starts without. */
public final class Serving {
    private static final int DONE_WRONG = 2;

    private Serving() {
    }

    /** Tells what is wrong with the settings, and runs the server when nothing is; otherwise 2. */
    public static int serve(SettingsReader reader, PrintWriter err, Server server) {
        var configuration = reader.read();
        for (Problem warning : configuration.warnings()) {
            err.println("warning: " + warning.sentence());
        }
        for (Problem error : configuration.errors()) {
            err.println("error: " + error.sentence());
        }
        err.flush();
        return configuration.settings().isPresent() ? server.run(configuration, reader) : DONE_WRONG;
    }

    /** A fault that is explained ends with its sentence and 2; any other is a fault of ours, and ends with 1. */
    public static int failed(Exception failure, PrintWriter err) {
        boolean explained = failure instanceof StoreFault || failure instanceof IllegalStateException;
        err.println("error: " + (explained ? failure.getMessage() : "unexpected: " + failure));
        err.flush();
        return explained ? DONE_WRONG : 1;
    }
}
