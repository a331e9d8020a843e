package gateway.crash;

import java.io.IOException;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.figures.FiguresFile;

/** {@code target/crash.json}: what all crash tests of one run found. */
final class Findings {
    private static final Path FILE = Path.of("target/crash.json");

    private Findings() {}

    static void add(ObjectNode figures) throws IOException {
        FiguresFile.add(FILE, figures);
    }
}
