package gateway.interop;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.twin.web.Twin;

/** One process of a driver in {@code src/test/interop}, with its database. */
final class ForeignClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Process process;
    private final BufferedWriter commands;
    private final List<JsonNode> events = new ArrayList<>();
    private boolean ended;

    /** @param database the file or folder that keeps the keys; one that is there is used again */
    ForeignClient(InteropDriver driver, Twin twin, Path database) throws IOException {
        var log = database.resolveSibling(database.getFileName() + ".log").toFile();
        List<String> command = new ArrayList<>(driver.command());
        command.addAll(List.of(twin.webSocket(), twin.media(), twin.rootKey(), database.toString()));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log))
                .start();
        commands = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        Thread.ofVirtual().name(driver.name()).start(this::read);
    }

    private void read() {
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var event = JSON.readTree(line);
                synchronized (events) {
                    events.add(event);
                    events.notifyAll();
                }
            }
        } catch (IOException e) {
            // The process was killed; whoever waits is told below.
        }
        synchronized (events) {
            ended = true;
            events.notifyAll();
        }
    }

    /** Gives a command with these fields. */
    void tell(String command, Map<String, String> fields) throws IOException {
        ObjectNode line = JSON.createObjectNode().put("do", command);
        fields.forEach(line::put);
        commands.write(JSON.writeValueAsString(line) + "\n");
        commands.flush();
    }

    void tell(String command) throws IOException {
        tell(command, Map.of());
    }

    /**
     * The first event of the kind that fits, and takes it out. Earlier events stay.
     *
     * @throws Failure when none came in time or the process ended, with what came instead
     */
    JsonNode await(String kind, Predicate<JsonNode> fits) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        synchronized (events) {
            while (true) {
                for (var event : events) {
                    if (event.get("event").asText().equals(kind) && fits.test(event)) {
                        events.remove(event);
                        return event;
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0 || ended) {
                    throw new Failure("no event '" + kind + "'" + (ended ? " before the process ended" : "")
                            + "; there are " + events);
                }
                events.wait(left);
            }
        }
    }

    JsonNode await(String kind) throws InterruptedException {
        return await(kind, event -> true);
    }

    /** Waits for a message with this text. */
    JsonNode message(String text) throws InterruptedException {
        return await("message", event -> event.get("text").asText().equals(text));
    }

    /** How many events of a kind came and were not taken. */
    long untaken(String kind) {
        synchronized (events) {
            return events.stream()
                    .filter(event -> event.get("event").asText().equals(kind))
                    .count();
        }
    }

    /** Ends the process at once, as a crash does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    /** Deletes a database: a file with its journal files, or a folder of files. */
    static void forget(Path database) throws IOException {
        if (Files.isDirectory(database)) {
            try (var files = Files.list(database)) {
                for (var file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
        for (var suffix : List.of("", "-wal", "-shm", "-journal")) {
            Files.deleteIfExists(database.resolveSibling(database.getFileName() + suffix));
        }
    }
}
