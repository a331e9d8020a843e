package gateway.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.function.Supplier;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import gateway.auth.Argon2;
import gateway.auth.CredentialBook;
import gateway.auth.PasswordPolicy;
import gateway.auth.Principal.Scope;

/**
 * {@code whatsapp user}: works on the database beside a running server, which takes changes up with the next request.
 */
@Command(
        name = "user",
        description = "Users of the API. A password is asked for, or read from standard input.",
        footer = {
            "",
            "Examples:",
            "  whatsapp user add ada --scopes send,read",
            "  openssl rand -base64 32 | whatsapp user hash-password"
        })
public final class UserCommand implements Runnable {
    private final Supplier<OpenCredentials> open;
    private final PasswordInput input;

    @Spec
    private CommandSpec spec;

    /** @param open opens the database when a sub-command needs it */
    public UserCommand(Supplier<OpenCredentials> open, PasswordInput input) {
        this.open = open;
        this.input = input;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Name what to do: add, list, passwd, revoke or hash-password.");
    }

    @Command(
            name = "add",
            description = "Adds a user.",
            footer = {"", "Example: whatsapp user add ada --scopes send,read"})
    int add(
            @Parameters(paramLabel = "NAME", description = "letters, digits and . _ @ -") String name,
            @Option(
                            names = "--scopes",
                            paramLabel = "LIST",
                            defaultValue = "send,read,manage",
                            description = "what it may do; ${DEFAULT-VALUE} when absent")
                    String scopes,
            @Option(names = "--device", paramLabel = "ID", description = "the one device it may use; all when absent")
                    String device) {
        return change(
                book -> book.addUser(
                        CredentialBook.By.command(),
                        name,
                        password(),
                        Scope.parse(scopes),
                        Optional.ofNullable(device)),
                "User " + name + " may enter.");
    }

    @Command(
            name = "list",
            description = "Shows the users of the database, and those of this shell's settings.",
            footer = {"", "Example: whatsapp user list"})
    int list() {
        try (var accounts = open.get()) {
            var list = new Listing("NAME", "SCOPES", "DEVICE", "PASSWORDS", "LAST USED", "SOURCE");
            for (var name : accounts.configured().users()) {
                list.row(name, Scope.text(EnumSet.allOf(Scope.class)), "all", 1, "-", "APP_BASIC_AUTH");
            }
            for (var user : accounts.book().users()) {
                list.row(
                        user.name(),
                        Scope.text(user.scopes()),
                        user.device().orElse("all"),
                        user.passwords(),
                        Listing.time(user.lastUsed()),
                        "database");
            }
            list.print(out());
            return 0;
        }
    }

    @Command(
            name = "passwd",
            description = "Gives a user a new password; the old one stays good for the overlap.",
            footer = {"", "Example: whatsapp user passwd ada --overlap PT24H"})
    int passwd(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--overlap",
                            paramLabel = "TIME",
                            defaultValue = "PT0S",
                            description = "how long the old one stays good, such as PT24H; ended at once when absent")
                    Duration overlap) {
        return change(
                book -> book.changePassword(CredentialBook.By.command(), name, password(), overlap),
                "The password is changed.");
    }

    @Command(
            name = "revoke",
            description = "Removes a user; its next request is refused.",
            footer = {"", "Example: whatsapp user revoke ada"})
    int revoke(@Parameters(paramLabel = "NAME") String name) {
        return change(book -> book.revokeUser(CredentialBook.By.command(), name), "User " + name + " is out.");
    }

    @Command(
            name = "hash-password",
            description = "Prints the $argon2id$ hash of a password, for APP_BASIC_AUTH.",
            footer = {"", "Example: openssl rand -base64 32 | whatsapp user hash-password"})
    int hashPassword() {
        String password = password();
        new PasswordPolicy()
                .objection("", password)
                .ifPresent(
                        objection -> spec.commandLine().getErr().println("warning: the password " + objection + "."));
        spec.commandLine().getErr().flush();
        out().println(Argon2.of(password.toCharArray()));
        out().flush();
        return 0;
    }

    private String password() {
        return input.read()
                .orElseThrow(
                        () -> new ParameterException(
                                spec.commandLine(),
                                "There is no password, or the two differ. Type it, or pipe it in: openssl rand -base64 32 | whatsapp user …"));
    }

    private int change(java.util.function.Consumer<CredentialBook> work, String done) {
        try (var accounts = open.get()) {
            work.accept(accounts.book());
            out().println(done);
            out().flush();
            return 0;
        } catch (CredentialBook.Refused | IllegalArgumentException e) {
            return UsageErrors.refused(spec, e.getMessage());
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
