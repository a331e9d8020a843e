package gateway.command;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** How every command presents itself: one sentence, its flags, and examples at the end. */
final class Help {
    private Help() {}

    static CommandSpec command(Callable<Integer> work, String name, String sentence, String... examples) {
        var spec = CommandSpec.wrapWithoutInspection(work).name(name);
        spec.addOption(option());
        spec.usageMessage()
                .description(sentence)
                .width(110)
                .autoWidth(false)
                .abbreviateSynopsis(true)
                .sortOptions(false)
                .sortSynopsis(false)
                .footer(Stream.concat(
                                Stream.of("", examples.length == 1 ? "Example:" : "Examples:"),
                                Arrays.stream(examples).map(example -> "  " + example))
                        .toArray(String[]::new));
        return spec;
    }

    /** Gives a command that is described by annotations, and all below it, the {@code --help} that the others have. */
    static CommandLine added(CommandLine command) {
        command.getCommandSpec().addOption(option());
        command.getCommandSpec().usageMessage().width(110).abbreviateSynopsis(true);
        command.getSubcommands().values().forEach(Help::added);
        return command;
    }

    private static OptionSpec option() {
        return OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Print this help.")
                .build();
    }

    /** A command that only holds others; called by itself it prints its help and exits 2. */
    static CommandSpec group(String name, String sentence, String... examples) {
        var group = new Group();
        group.spec = command(group, name, sentence, examples);
        return group.spec;
    }

    private static final class Group implements Callable<Integer> {
        @SuppressWarnings("NullAway.Init") // group() sets it before anybody else has the command
        private CommandSpec spec;

        @Override
        public Integer call() {
            var err = spec.commandLine().getErr();
            spec.commandLine().usage(err);
            err.flush();
            return CommandLine.ExitCode.USAGE;
        }
    }
}
