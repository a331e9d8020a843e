package gateway.command;

import java.util.concurrent.Callable;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** {@code whatsapp completion}: prints the script by which bash and zsh complete commands and flags. */
final class CompletionCommand implements Callable<Integer> {
    private final CommandSpec spec = Help.command(
            this, "completion", "Print the completion script for bash and zsh.", "source <(whatsapp completion)");

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        out.print(AutoComplete.bash("whatsapp", spec.root().commandLine()));
        out.flush();
        return CommandLine.ExitCode.OK;
    }
}
