package gateway.check;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A line of the guides beside their checklists: what to do, what not to do, a recommendation, a metric, a threshold or a
 * document.
 *
 * @param id     such as {@code A-DO-1}, {@code A-DONT-1}, {@code B-REC-1}, {@code B-MET-1}, {@code B-THR-1} or
 *               {@code B-DOC-1}
 * @param demand the guide's words
 * @param check  the name of the check that answers it; empty when none is built
 */
public record FurtherLine(String id, String demand, Optional<String> check) {
    private static final String NONE = "-";
    private static final List<FurtherLine> ALL = read();

    /** All lines, in the order of the guides. */
    public static List<FurtherLine> all() {
        return ALL;
    }

    /** The lines that no check answers. */
    public static List<FurtherLine> notBuilt() {
        return ALL.stream().filter(line -> line.check().isEmpty()).toList();
    }

    private static List<FurtherLine> read() {
        try (var lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(FurtherLine.class.getResourceAsStream("further.tsv")),
                StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(line -> line.split("\t"))
                    .map(cells -> new FurtherLine(
                            cells[0], cells[1], Optional.of(cells[2]).filter(check -> !check.equals(NONE))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("The list of further lines cannot be read", e);
        }
    }
}
