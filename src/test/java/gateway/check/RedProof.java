package gateway.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A row of {@code ansible/tests/red-proofs.tsv}: how a check is seen red on a whole machine.
 *
 * @param where  {@code container} or {@code missing}
 * @param group  the number of the group whose breaks are made together; empty for a proof that is missing
 * @param seen   words of the evidence
 * @param others the checks that turn red by the same break
 * @param how    what is broken, or why nothing is
 */
public record RedProof(String check, String where, String group, String seen, List<String> others, String how) {
    private static final Path TESTS =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("ansible/tests");
    private static final String NONE = "-";

    public RedProof {
        others = List.copyOf(others);
    }

    /** Every row of the table. */
    public static List<RedProof> all() {
        return text("red-proofs.tsv")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(RedProof::row)
                .toList();
    }

    /** The row of a check; empty where a person's word alone is looked at. */
    public static Optional<RedProof> of(String check) {
        return all().stream().filter(proof -> proof.check.equals(check)).findFirst();
    }

    public boolean isMissing() {
        return where.equals("missing");
    }

    /** The shell functions that break a machine. */
    static String breaks() {
        return text("red-breaks.sh");
    }

    private static RedProof row(String line) {
        var cells = line.split("\t", -1);
        if (cells.length != 6) {
            throw new IllegalStateException("not a row of six cells: " + line);
        }
        return new RedProof(
                cells[0],
                cells[1],
                word(cells[2]),
                word(cells[3]),
                cells[4].equals(NONE) ? List.of() : List.of(cells[4].split(" ")),
                cells[5]);
    }

    private static String word(String cell) {
        return cell.equals(NONE) ? "" : cell;
    }

    private static String text(String name) {
        try {
            return Files.readString(TESTS.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read", e);
        }
    }
}
