package gateway.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import gateway.auth.CredentialBook;
import gateway.config.OneLine;
import gateway.messaging.HoldBook;
import gateway.messaging.HoldBook.Hold;

/** {@code whatsapp hold}: works on the database, beside a running server or without one. */
@Command(
        name = "hold",
        description = {
            "Holds an account: it accepts messages and sends none, and is not connected to WhatsApp.",
            "A restart changes nothing about that; whatsapp release ends it.",
            "Exits 0 when held, 1 when a running gateway has not closed the connection in time, 2 when nothing was done."
        },
        footer = {
            "",
            "Examples:",
            "  whatsapp hold default --reason \"restored from the backup of Monday\"",
            "  whatsapp hold --all --reason \"a key was lost\"",
            "  whatsapp hold --list"
        })
public final class HoldCommand implements Callable<Integer> {
    /** Longer than a message under way is waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final long LOOK_MILLIS = 100;
    private static final int MAX_REASON = 200;

    private final Supplier<Open> open;

    @Spec
    private CommandSpec spec;

    /**
     * What the commands work on; closing it closes the database and the security log.
     *
     * @param served whether a running gateway serves the account, as far as that is known
     */
    public record Open(HoldBook book, Predicate<String> served, Runnable closing) implements AutoCloseable {
        /** The sentence about an account that was just released: what a running gateway does, or one that starts. */
        String released(String device) {
            return device
                    + (served.test(device)
                            ? " is released: a running gateway connects it, and what waits goes out."
                            : " is released. No gateway serves it now; one that starts connects it, and what waits goes out.");
        }

        @Override
        public void close() {
            closing.run();
        }
    }

    @Parameters(paramLabel = "ACCOUNT", arity = "0..1", description = "the account's name, as GET /devices shows it")
    private @Nullable String account;

    @Option(names = "--all", description = "hold every account")
    private boolean all;

    @Option(names = "--list", description = "show the held accounts, and hold none")
    private boolean list;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "why, one line of up to 200 characters; kept in the database and the security log")
    private String reason = "";

    /** @param open opens the database when there is something to do */
    public HoldCommand(Supplier<Open> open) {
        this.open = open;
    }

    @Override
    public Integer call() throws InterruptedException {
        if ((account == null ? 0 : 1) + (all ? 1 : 0) + (list ? 1 : 0) != 1) {
            throw new ParameterException(spec.commandLine(), "Say which: an ACCOUNT, --all or --list.");
        }
        if (reason.length() > MAX_REASON || !OneLine.of(reason).equals(reason)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--reason is one line of up to " + MAX_REASON + " characters, without control characters.");
        }
        try (var opened = open.get()) {
            return list ? list(opened.book()) : hold(opened, accounts(spec, opened.book(), account));
        }
    }

    /**
     * The account that was named, or all of them.
     *
     * @param named null for all
     */
    static List<String> accounts(CommandSpec spec, HoldBook book, @Nullable String named) {
        var accounts = book.accounts();
        if (named != null && !accounts.contains(named)) {
            // What was typed is not repeated: a stray argument may be a secret.
            throw new ParameterException(
                    spec.commandLine(),
                    "There is no such account; there is "
                            + (accounts.isEmpty() ? "none yet." : String.join(", ", accounts) + "."));
        }
        return named == null ? accounts : List.of(named);
    }

    private int list(HoldBook book) {
        var list = new Listing("ACCOUNT", "HELD SINCE", "BY", "DISCONNECTED", "REASON");
        for (var hold : book.list()) {
            list.row(
                    hold.device(),
                    Instant.ofEpochMilli(hold.heldAt()),
                    hold.by(),
                    hold.stoppedAt() == 0 ? "not confirmed yet" : Instant.ofEpochMilli(hold.stoppedAt()),
                    hold.reason());
        }
        list.print(out());
        return 0;
    }

    private int hold(Open opened, List<String> accounts) throws InterruptedException {
        if (accounts.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "There is no account yet.");
        }
        var by = CredentialBook.By.command().actor();
        for (var device : accounts) {
            out().println(device
                    + (opened.book().hold(device, reason, by)
                            ? " is held: it accepts messages and sends none."
                            : " is held already; its first reason stays."));
        }
        out().flush();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean stopped = true;
        for (var device : accounts) {
            stopped &= stopped(opened, device, deadline);
        }
        return stopped ? 0 : 1;
    }

    /** Whether the account's connection is closed; waits for the gateway that serves the account, if one runs. */
    private boolean stopped(Open opened, String device, long deadline) throws InterruptedException {
        while (opened.book()
                .find(device)
                .map(Hold::stoppedAt)
                .filter(at -> at == 0)
                .isPresent()) {
            if (!opened.served().test(device)) {
                out().println("No gateway serves " + device + " now; one that starts does not connect it.");
                out().flush();
                return true;
            }
            if (System.nanoTime() - deadline > 0) {
                spec.commandLine()
                        .getErr()
                        .println("warning: the running gateway has not closed the connection of " + device + " within "
                                + PATIENCE.toSeconds() + " s; stop the gateway, or look again: whatsapp hold --list");
                spec.commandLine().getErr().flush();
                return false;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        out().println(device + " is not connected.");
        out().flush();
        return true;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
