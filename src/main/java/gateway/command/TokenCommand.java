package gateway.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import gateway.auth.CredentialBook;
import gateway.auth.Principal.Scope;

/**
 * {@code whatsapp token}: works on the database beside a running server, which takes changes up with the next request.
 */
@Command(
        name = "token",
        description = "Tokens for programs that call the API.",
        footer = {
            "",
            "Examples:",
            "  whatsapp token create billing --scopes send --lasting P90D",
            "  whatsapp token revoke tok_0123456789ab"
        })
public final class TokenCommand implements Runnable {
    private final Supplier<OpenCredentials> open;

    @Spec
    private CommandSpec spec;

    /** @param open opens the database when a sub-command needs it */
    public TokenCommand(Supplier<OpenCredentials> open) {
        this.open = open;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to do: create, list or revoke.");
    }

    @Command(
            name = "create",
            description = "Makes a token and prints it, this once.",
            footer = {"", "Example: whatsapp token create billing --scopes send --lasting P90D"})
    int create(
            @Parameters(paramLabel = "NOTE", description = "what it is for") String note,
            @Option(
                            names = "--scopes",
                            paramLabel = "LIST",
                            required = true,
                            description = "send, read, manage; by comma")
                    String scopes,
            @Option(names = "--device", paramLabel = "ID", description = "the one device it may use; all when absent")
                    String device,
            @Option(names = "--lasting", paramLabel = "TIME", description = "such as P90D; without end when absent")
                    Duration lasting) {
        try (var accounts = open.get()) {
            var end = Optional.ofNullable(lasting).map(time -> Instant.now().plus(time));
            var token = accounts.book()
                    .createToken(
                            CredentialBook.By.command(), note, Scope.parse(scopes), Optional.ofNullable(device), end);
            out().println(token.text());
            out().flush();
            spec.commandLine().getErr().println("Token " + token.id() + "; its text is not shown again.");
            spec.commandLine().getErr().flush();
            return 0;
        } catch (CredentialBook.Refused | IllegalArgumentException e) {
            return UsageErrors.refused(spec, e.getMessage());
        }
    }

    @Command(
            name = "list",
            description = "Shows the tokens of the database and of this shell's settings, without their text.",
            footer = {"", "Example: whatsapp token list"})
    int list() {
        try (var accounts = open.get()) {
            var list = new Listing("ID", "SCOPES", "DEVICE", "ENDS", "LAST USED", "SOURCE", "NOTE");
            if (accounts.configured().apiToken()) {
                list.row("-", Scope.SEND.text(), "all", "never", "-", "WHATSAPP_SECRET", "");
            }
            for (var token : accounts.book().tokens()) {
                list.row(
                        token.id(),
                        Scope.text(token.scopes()),
                        token.device().orElse("all"),
                        Listing.time(token.notAfter()),
                        Listing.time(token.lastUsed()),
                        "database",
                        token.note());
            }
            list.print(out());
            return 0;
        }
    }

    @Command(
            name = "revoke",
            description = "Removes a token; its next request is refused.",
            footer = {"", "Example: whatsapp token revoke tok_0123456789ab"})
    int revoke(@Parameters(paramLabel = "ID") String id) {
        try (var accounts = open.get()) {
            accounts.book().revokeToken(CredentialBook.By.command(), id);
            out().println("Token " + id + " is out.");
            out().flush();
            return 0;
        } catch (CredentialBook.Refused e) {
            return UsageErrors.refused(spec, e.getMessage());
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
