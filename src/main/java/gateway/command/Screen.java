package gateway.command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Where a command draws: a terminal, on which a drawing takes the place of the one before it, or a file or pipe. */
public final class Screen {
    private final PrintWriter out;
    private final boolean terminal;
    private int drawn;

    Screen(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /**
     * This process's standard output, in UTF-8 whatever the locale says. A terminal without colours counts as a file.
     */
    public static Screen here(Map<String, String> environment) {
        var console = System.console();
        return new Screen(
                new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
                console != null
                        && console.isTerminal()
                        && !environment.containsKey("NO_COLOR")
                        && !"dumb".equals(environment.get("TERM")));
    }

    /** Prints a line that stays. */
    void say(String line) {
        out.println(line);
        drawn = 0;
    }

    /** Draws a QR code and a line below it, in the place of the drawing before. */
    void draw(String qr, String below) {
        if (terminal && drawn > 0) {
            out.print("\u001B[" + drawn + "A\u001B[J");
        }
        List<String> lines = terminal ? TerminalQr.coloured(qr) : TerminalQr.plain(qr);
        lines.forEach(out::println);
        out.println(below);
        drawn = lines.size() + 1;
    }
}
