package gateway.command;

import java.io.PrintWriter;

import gateway.backup.BackupProgress;

/** One line on a terminal that tells how far a command has come; nothing in a file or pipe. */
final class ProgressLine implements BackupProgress, AutoCloseable {
    private static final long MEGABYTE = 1_000_000;
    private static final int WIDTH = 60;

    private final PrintWriter out;
    private final boolean terminal;
    private boolean drawn;

    ProgressLine(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    static ProgressLine here(PrintWriter err) {
        return new ProgressLine(
                err, System.console() != null && System.console().isTerminal());
    }

    @Override
    public void at(long done, long total) {
        if (terminal) {
            var text = total > 0
                    ? done * 100 / total + " %  " + done / MEGABYTE + " of " + total / MEGABYTE + " MB"
                    : done / MEGABYTE + " MB";
            out.print("\r" + text + " ".repeat(Math.max(0, WIDTH - text.length())));
            out.flush();
            drawn = true;
        }
    }

    @Override
    public void close() {
        takeAway();
    }

    /** Makes room for what is said in its place. */
    void takeAway() {
        if (drawn) {
            drawn = false;
            out.print("\r" + " ".repeat(WIDTH) + "\r");
            out.flush();
        }
    }
}
