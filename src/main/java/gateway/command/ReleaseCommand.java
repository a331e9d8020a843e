package gateway.command;

import java.util.concurrent.Callable;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import gateway.auth.CredentialBook;

/**
 * {@code whatsapp release}: ends what {@link HoldCommand} began; a running server connects the account within a second.
 */
@Command(
        name = "release",
        description = "Releases a held account: a gateway connects it, and what waits goes out in its order.",
        footer = {"", "Examples:", "  whatsapp release default", "  whatsapp release --all"})
public final class ReleaseCommand implements Callable<Integer> {
    private final Supplier<HoldCommand.Open> open;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "ACCOUNT",
            arity = "0..1",
            description = "the account's name, as whatsapp hold --list shows it")
    private @Nullable String account;

    @Option(names = "--all", description = "release every held account")
    private boolean all;

    /** @param open opens the database when there is something to do */
    public ReleaseCommand(Supplier<HoldCommand.Open> open) {
        this.open = open;
    }

    @Override
    public Integer call() {
        if ((account == null) != all) {
            throw new ParameterException(spec.commandLine(), "Say which: an ACCOUNT, or --all.");
        }
        try (var opened = open.get()) {
            var by = CredentialBook.By.command().actor();
            var out = spec.commandLine().getOut();
            boolean released = false;
            for (var device : HoldCommand.accounts(spec, opened.book(), account)) {
                if (opened.book().release(device, by)) {
                    released = true;
                    out.println(opened.released(device));
                }
            }
            if (!released) {
                out.println(all ? "No account is held." : account + " is not held.");
            }
            out.flush();
            return 0;
        }
    }
}
