package gateway.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

import gateway.WholeCommandLine;

/** The page of the commands: the help of each, from the command line's own model. */
final class CommandsPage {
    /** Columns of a text that a narrow screen still shows without much scrolling. */
    private static final int WIDTH = 80;

    private CommandsPage() {}

    static String text() {
        var commands = every(WholeCommandLine.model());
        var page = new StringBuilder(ReferencePages.head("Commands", """
                Each section is what the command prints with `--help`. Every command ends with one of the
                [exit codes](exit-codes.md). The commands of an operator work on the same database, log and keys as the server, which
                may be running. `source <(whatsapp completion)` completes commands and flags in bash and zsh; `man whatsapp` shows the
                same facts on a machine."""));
        page.append("\n| command | purpose |\n|---|---|\n");
        commands.forEach(command -> page.append("| [`")
                .append(name(command))
                .append("`](#")
                .append(anchor(command))
                .append(") | ")
                .append(ReferencePages.cell(purpose(command)))
                .append(" |\n"));
        commands.forEach(command -> page.append("\n## ")
                .append(name(command))
                .append("\n\n```text\n")
                .append(usage(command))
                .append("```\n"));
        return page.toString();
    }

    /** A command and all below it, each before its own commands. */
    static List<CommandLine> every(CommandLine root) {
        var found = new ArrayList<CommandLine>();
        found.add(root);
        root.getSubcommands().values().forEach(command -> found.addAll(every(command)));
        return found;
    }

    static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }

    /** The first line of its description. */
    static String purpose(CommandLine command) {
        return command.getCommandSpec().usageMessage().description()[0];
    }

    private static String usage(CommandLine command) {
        command.setUsageHelpWidth(WIDTH);
        return command.getUsageMessage(Ansi.OFF)
                .stripTrailing()
                .lines()
                .map(String::stripTrailing)
                .reduce("", (all, line) -> all + line + "\n");
    }

    private static String anchor(CommandLine command) {
        return name(command).toLowerCase(Locale.ROOT).replace(' ', '-');
    }
}
