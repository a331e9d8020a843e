package gateway.command;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where a command takes a password from: asked twice at a terminal, else the first line of standard input; never an
 * argument.
 */
@FunctionalInterface
public interface PasswordInput {
    /** Empty when there is none, or the two differ. */
    Optional<String> read();

    /** This process's terminal, or its standard input. */
    static PasswordInput here() {
        return () -> {
            var console = System.console();
            return console != null && console.isTerminal() ? asked(console) : piped();
        };
    }

    private static Optional<String> asked(Console console) {
        char[] first = console.readPassword("Password: ");
        char[] again = console.readPassword("Again: ");
        return first != null && again != null && new String(first).equals(new String(again))
                ? Optional.of(new String(first)).filter(text -> !text.isEmpty())
                : Optional.empty();
    }

    private static Optional<String> piped() {
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            return Optional.ofNullable(line).filter(text -> !text.isEmpty());
        } catch (IOException e) {
            throw new UncheckedIOException("Standard input cannot be read", e);
        }
    }
}
