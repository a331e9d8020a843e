package gateway.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.node.ObjectNode;
import gateway.http.Envelope;

/** {@code target/crash.json}: what all crash tests of one run found. */
final class Findings {
    private static final Path FILE = Path.of("target/crash.json");

    private Findings() {
    }

    static void add(ObjectNode figures) throws IOException {
        var all = Files.exists(FILE) ? (ObjectNode) Envelope.JSON.readTree(Files.readString(FILE)) : Envelope.JSON.createObjectNode();
        all.setAll(figures);
        Files.writeString(FILE, all.toPrettyString() + "\n");
    }
}
