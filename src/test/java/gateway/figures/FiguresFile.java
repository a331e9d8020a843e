package gateway.figures;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A file of measured figures under {@code target/}: one JSON object. Each says of which commit it tells ({@code commit}, abbreviated;
 * empty outside a checkout), and for how many seconds the program ran that wrote it ({@code seconds}).
 */
public final class FiguresFile {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private FiguresFile() {
    }

    /** Puts the figures into the file; figures of other keys stay there. */
    public static void add(Path file, ObjectNode figures) throws IOException {
        var all = Files.exists(file) ? (ObjectNode) JSON.readTree(Files.readString(file)) : JSON.createObjectNode();
        all.put("commit", commit()).put("seconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1_000);
        all.setAll(figures);
        Files.writeString(file, JSON.writeValueAsString(all) + "\n");
    }

    private static String commit() throws IOException {
        var git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD").redirectError(ProcessBuilder.Redirect.DISCARD).start();
        return new String(git.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    }
}
