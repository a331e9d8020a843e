package gateway.wiring;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

import gateway.config.Secret;

/**
 * What a person reads who started the gateway by hand: where it is, and a command that sends a message. A password that
 * was made for this run goes to the terminal and nowhere else; where there is no terminal, into a file for the owner
 * only, so that no log ever holds it.
 */
final class Welcome {
    static final String USER = "admin";
    private static final String FILE = "password-of-this-run";
    /** Asks for the token once, and keeps it out of every list of processes. */
    private static final String ASK_TOKEN = "read -rsp 'Token: ' TOKEN; ";

    private static final String TOKEN = "-H @<(printf 'Authorization: Bearer %s' \"$TOKEN\") ";

    private final PrintStream out;
    private final boolean terminal;
    private final boolean sandbox;

    Welcome(PrintStream out, boolean terminal, boolean sandbox) {
        this.out = out;
        this.terminal = terminal;
        this.sandbox = sandbox;
    }

    /** Prints to standard output, for the engine of that name. */
    static Welcome here(String engine) {
        Console console = System.console();
        return new Welcome(System.out, console != null && console.isTerminal(), engine.equals(Engines.SANDBOX));
    }

    /**
     * Says how to use the server.
     *
     * @param url where it listens
     * @param generated the password made for this run; empty when the operator configured one
     * @param user the first configured user; empty when only a token was configured
     * @param storage holds the password when there is no terminal
     * @param paired whether an account is paired already
     */
    void print(String url, Optional<Secret> generated, Optional<String> user, Path storage, boolean paired) {
        out.println();
        if (sandbox) {
            out.println(
                    "WhatsApp Gateway with the SANDBOX engine: it talks to a pretended WhatsApp, no message leaves this machine.");
            out.println(
                    "To go real: start it with --engine web or WHATSAPP_ENGINE=web, and link a phone with: whatsapp pair --engine web");
        } else {
            out.println(
                    "WhatsApp Gateway with the WEB engine: an account is a linked device of a phone. Not affiliated with WhatsApp;");
            out.println(
                    "the protocol is unofficial, and WhatsApp can ban the number. Meta's Cloud API is the official way.");
        }
        out.println("Listening on " + url);
        var credentials = generated
                .map(password -> "-u \"" + credentials(password, storage) + "\" ")
                .orElseGet(() -> user.map(Welcome::asked).orElse(TOKEN));
        out.println();
        if (!sandbox && !paired) {
            out.println("Link a phone:");
            out.println();
            out.println("whatsapp pair");
            out.println();
        }
        out.println(paired || !sandbox ? "Send a message:" : "Pair the sandbox's account and send a message:");
        out.println();
        out.println(
                (generated.isEmpty() && user.isEmpty() ? ASK_TOKEN : "") + curl(url, credentials, paired || !sandbox));
        out.println();
        out.flush();
    }

    private String credentials(Secret generated, Path storage) {
        if (terminal) {
            out.println("No credential is configured. For this run only:  user " + USER + "  password "
                    + generated.reveal());
            return USER + ":" + generated.reveal();
        }
        var file = storage.resolve(FILE).toAbsolutePath();
        write(file, USER + ":" + generated.reveal());
        out.println("No credential is configured. The one for this run is in " + file + ", readable by its owner.");
        return "$(cat " + file + ")";
    }

    /** Of a user curl asks the password by itself. */
    private static String asked(String user) {
        return "-u '" + user.replace("'", "'\\''") + "' ";
    }

    /** One command: curl sends the three requests one after another. */
    private static String curl(String url, String credentials, boolean ready) {
        var user = credentials;
        var send =
                user + "-H 'Content-Type: application/json' -d '{\"phone\":\"6281234567890\",\"message\":\"hello\"}' "
                        + url + "/send/message";
        return ready
                ? "curl -sS " + send
                : "curl -sS " + user + url + "/app/login --next -sS " + user + "-X POST " + url
                        + "/sandbox/pair --next -sS " + send;
    }

    private static void write(Path file, String text) {
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, text, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
