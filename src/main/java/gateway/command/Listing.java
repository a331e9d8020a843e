package gateway.command;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import gateway.config.OneLine;

/**
 * A list that a command prints: a line of headings, and a line for each row, in columns. A list without rows prints
 * «none». A control character in a cell is shown as a question mark, because the text may come from somebody else and
 * the terminal would obey it.
 */
final class Listing {
    private static final String GAP = "  ";

    private final List<List<String>> lines = new ArrayList<>();

    /** @param headings one for each column, in capitals */
    Listing(String... headings) {
        lines.add(List.of(headings));
    }

    /** Adds a row with a cell for each column. */
    void row(Object... cells) {
        var row = new ArrayList<String>(cells.length);
        for (var cell : cells) {
            row.add(OneLine.of(cell.toString()));
        }
        lines.add(row);
    }

    /** A time as it stands in a cell; {@code never} when there is none. */
    static String time(Optional<Instant> time) {
        return time.map(Instant::toString).orElse("never");
    }

    void print(PrintWriter out) {
        if (lines.size() == 1) {
            out.println("none");
            out.flush();
            return;
        }
        int[] widths = new int[lines.getFirst().size()];
        for (var line : lines) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], line.get(column).length());
            }
        }
        for (var line : lines) {
            var text = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                text.append(column == 0 ? "" : GAP).append(line.get(column));
                text.append(" ".repeat(widths[column] - line.get(column).length()));
            }
            out.println(text.toString().stripTrailing());
        }
        out.flush();
    }
}
