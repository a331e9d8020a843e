package gateway.command;

import java.util.Collection;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import gateway.config.OneLine;
import gateway.config.catalogue.Spelling;

/** Says in one sentence what is wrong with a command line, without its values: any of them may be a secret. */
final class UsageErrors implements IParameterExceptionHandler {

    @Override
    public int handleParseException(ParameterException problem, String[] args) {
        var command = problem.getCommandLine().getCommandSpec();
        var sentence = sentence(problem);
        return refused(
                command,
                sentence + (sentence.endsWith("?") || sentence.endsWith(".") ? "" : ".") + " See "
                        + command.qualifiedName() + " --help.");
    }

    /** Says on standard error why nothing was done. Returns the exit code, 2. */
    static int refused(CommandSpec command, @Nullable String sentence) {
        var err = command.commandLine().getErr();
        err.println("error: " + Objects.requireNonNullElse(sentence, "that is not possible"));
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    private static String sentence(ParameterException problem) {
        return switch (problem) {
            case UnmatchedArgumentException unmatched -> unknown(unmatched);
            case MissingParameterException missing
            when !missing.getMissing().isEmpty() && missing.getMissing().getFirst() instanceof OptionSpec option ->
                // Either it was given without its value, or not at all.
                option.longestName()
                        + (String.valueOf(missing.getMessage()).startsWith("Missing required option")
                                ? " is needed"
                                : " needs a value");
            case OverwrittenOptionException twice
            when twice.getOverwritten() instanceof OptionSpec option -> option.longestName() + " is given twice";
            case MissingParameterException missing
            when !missing.getMissing().isEmpty()
                    && missing.getMissing().getFirst() instanceof PositionalParamSpec position ->
                position.paramLabel() + " is missing";
            case ParameterException other
            when other.getArgSpec() instanceof OptionSpec option ->
                option.longestName() + " has a value that is not understood";
            // Said by a command of this program.
            case ParameterException own
            when own.getClass() == ParameterException.class && own.getArgSpec() == null ->
                Objects.requireNonNullElse(own.getMessage(), "").replaceAll("\\.$", "");
            default -> "the command line cannot be understood";
        };
    }

    private static String unknown(UnmatchedArgumentException unmatched) {
        var argument = unmatched.getUnmatched().getFirst();
        var command = unmatched.getCommandLine().getCommandSpec();
        if (argument.startsWith("--")) {
            var flag = argument.split("=", 2)[0];
            return "unknown flag " + printable(flag)
                    + hint(flag, command.optionsMap().keySet());
        }
        if (argument.startsWith("-") && argument.length() > 1) {
            return "unknown flag " + printable(argument.substring(0, 2));
        }
        // A stray word may be the value of a flag, and that a secret: it is not repeated.
        return command.subcommands().isEmpty()
                ? "an argument stands where only flags are expected"
                : "unknown command" + hint(argument, command.subcommands().keySet());
    }

    private static String hint(String word, Collection<String> known) {
        return Spelling.nearest(word, known)
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
    }

    private static String printable(String flag) {
        return OneLine.of(flag)
                .codePoints()
                .limit(40)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
