package gateway.figures;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A file of measured figures under {@code target/}: one JSON object. Each says of which commit it tells ({@code
 * commit}, abbreviated; empty outside a checkout), and for how many seconds the program ran that wrote it ({@code
 * seconds}).
 */
public final class FiguresFile {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private FiguresFile() {}

    /**
     * Puts the figures into the file; figures of other keys stay there, those of another JVM that writes meanwhile
     * included.
     */
    public static void add(Path file, ObjectNode figures) throws IOException {
        try (var channel = FileChannel.open(file, CREATE, READ, WRITE)) {
            channel.lock();
            var text = Files.readString(file);
            var all = text.isBlank() ? JSON.createObjectNode() : (ObjectNode) JSON.readTree(text);
            all.put("commit", commit())
                    .put("seconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1_000);
            all.setAll(figures);
            var bytes = ByteBuffer.wrap((JSON.writeValueAsString(all) + "\n").getBytes(StandardCharsets.UTF_8));
            channel.truncate(0);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    private static String commit() throws IOException {
        var git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new String(git.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    }
}
