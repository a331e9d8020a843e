package gateway.command;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.stream.Collectors;

import gateway.audit.AuditUnavailable;
import gateway.config.SettingProblem;
import gateway.config.reading.Configuration;
import gateway.config.reading.SettingsReader;
import gateway.process.ExitCode;
import gateway.process.ExplainedFault;
import gateway.process.Fault;
import gateway.process.PassingFault;
import gateway.store.StoreUnavailable;

/**
 * What the commands that serve have in common. Knows nothing of the command line's library, which a service starts
 * without.
 */
public final class Serving {
    private Serving() {}

    /**
     * Tells what is wrong with the settings, and runs the server when nothing is. What is absent for now is waited for
     * as long as the server says.
     *
     * @return the exit code, see {@link ExitCode}
     */
    public static int serve(SettingsReader reader, PrintWriter err, Server server) {
        var said = "";
        while (true) {
            try {
                return once(reader, err, server);
            } catch (RuntimeException failure) {
                if (code(failure) != ExitCode.ABSENT_FOR_NOW) {
                    return failed(failure, err);
                }
                var sentence = sentence(failure);
                if (!sentence.equals(said)) {
                    failed(failure, err);
                    said = sentence;
                }
                if (!server.waitsFor(sentence)) {
                    return ExitCode.ABSENT_FOR_NOW;
                }
            }
        }
    }

    private static int once(SettingsReader reader, PrintWriter err, Server server) {
        var configuration = reader.read();
        for (SettingProblem warning : configuration.warnings()) {
            err.println("warning: " + warning.sentence());
        }
        if (exitCode(configuration) == ExitCode.ABSENT_FOR_NOW) {
            err.flush();
            throw absent(configuration);
        }
        for (SettingProblem error : configuration.errors()) {
            err.println("error: " + error.sentence());
        }
        err.flush();
        return configuration.settings().isPresent() ? server.run(configuration, reader) : ExitCode.REFUSED;
    }

    /**
     * What a configuration means for a command that needs it: done, for a person, or absent for now as everything wrong
     * is.
     */
    static int exitCode(Configuration configuration) {
        return configuration.errors().isEmpty()
                ? ExitCode.DONE
                : configuration.errors().stream().allMatch(SettingProblem::isPassing)
                        ? ExitCode.ABSENT_FOR_NOW
                        : ExitCode.REFUSED;
    }

    /** All that is wrong with a configuration, as one fault. */
    public static ExplainedFault absent(Configuration configuration) {
        var sentences = configuration.errors().stream()
                .map(SettingProblem::sentence)
                .collect(Collectors.joining(System.lineSeparator() + "error: "));
        return exitCode(configuration) == ExitCode.ABSENT_FOR_NOW
                ? new PassingFault(sentences)
                : new ExplainedFault(sentences);
    }

    /**
     * Says a failure in one sentence.
     *
     * @return the exit code; a failure that is not explained is a fault of this program
     */
    public static int failed(Exception failure, PrintWriter err) {
        int code = code(failure);
        err.println("error: "
                + (code == ExitCode.FAILED && !(failure instanceof Fault)
                        ? "unexpected: " + failure
                        : sentence(failure)));
        err.flush();
        return code;
    }

    private static int code(Exception failure) {
        return switch (failure) {
            case Fault fault -> fault.exitCode();
            case AuditUnavailable log -> ExitCode.ABSENT_FOR_NOW;
            case StoreUnavailable store when StoreUnavailable.isOutage(store) -> ExitCode.ABSENT_FOR_NOW;
            default -> ExitCode.FAILED;
        };
    }

    private static String sentence(Exception failure) {
        return failure instanceof StoreUnavailable store
                ? store.sentence()
                : Objects.requireNonNullElse(failure.getMessage(), failure.toString());
    }
}
