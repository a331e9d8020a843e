package gateway.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import gateway.check.Check.Phase;
import gateway.digest.Sha256;
import gateway.process.OpenedFile;

/** The directory of kept reports, two files for each: JSON and HTML. Each report names the hash of the one before it. */
public final class ReportShelf {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int MAX_BYTES = 4 << 20;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path directory;

    public ReportShelf(Path directory) {
        this.directory = directory;
    }

    /**
     * A report that is kept.
     *
     * @param json the hash of its JSON
     * @param html the hash of its HTML
     */
    public record Kept(Phase phase, String name, String json, String html, String previous) {}

    /** Notes a report before it is kept; throws when the note cannot be written. */
    @FunctionalInterface
    public interface Noted {
        void note(Kept kept);
    }

    /** What is different since the newest report of the same phase. A report from the future is told and is not compared. */
    public Since since(Phase phase, List<CheckRun.Result> results, Instant now) {
        var changes = new ArrayList<String>();
        var names = new ArrayList<String>();
        for (var name : names(phase)) {
            if (isAhead(name, now)) {
                changes.add(ahead(name));
            } else {
                names.add(name);
            }
        }
        if (names.isEmpty()) {
            return new Since("", "", changes);
        }
        var name = names.getLast();
        var bytes = bytes(name);
        if (bytes.isEmpty()) {
            changes.add("the report before, " + name + ", cannot be read");
            return new Since(name, "", changes);
        }
        var before = tree(bytes.get());
        if (before.isEmpty()) {
            changes.add("the report before, " + name + ", is not a report: it was cut or altered");
        } else {
            changes.addAll(altered(before.get()));
            changes.addAll(changes(before.get(), results));
        }
        return new Since(name, Sha256.hex(bytes.get()), changes);
    }

    /** Returns a sentence when the report that a report names as its predecessor was altered; otherwise none. */
    List<String> altered(JsonNode report) {
        var name = report.path("since").path("file").asText("");
        if (!name.matches("[a-z]+-[0-9TZ]+\\.json")) {
            return List.of();
        }
        var bytes = bytes(name);
        // A report may be deleted in its time; one that is there must be as it was.
        return bytes.isPresent()
                        && !Sha256.hex(bytes.get())
                                .equals(report.path("since").path("sha256").asText(""))
                ? List.of("the report " + name + " was altered after it was kept")
                : List.of();
    }

    private static List<String> changes(JsonNode before, List<CheckRun.Result> results) {
        Map<String, String> now = new LinkedHashMap<>();
        results.forEach(result ->
                now.put(result.check().name(), Report.Kind.of(result.verdict()).text()));
        return changes(before, now);
    }

    /** What is different between two reports. */
    static List<String> changes(JsonNode before, JsonNode after) {
        return changes(before, verdicts(after));
    }

    private static Map<String, String> verdicts(JsonNode report) {
        Map<String, String> verdicts = new LinkedHashMap<>();
        for (var check : report.path("checks")) {
            verdicts.put(check.path("name").asText(""), check.path("verdict").asText(""));
        }
        return verdicts;
    }

    private static List<String> changes(JsonNode before, Map<String, String> after) {
        var then = new TreeMap<>(verdicts(before));
        var changes = new ArrayList<String>();
        after.forEach((name, now) -> {
            var old = then.remove(name);
            if (old == null) {
                changes.add(name + " is new: " + now);
            } else if (!old.equals(now)) {
                changes.add(name + " was " + old + ", is " + now);
            }
        });
        then.keySet().forEach(name -> changes.add(name + " is no longer asked"));
        return changes;
    }

    /**
     * Keeps a report.
     *
     * @throws UncheckedIOException when it cannot be written
     */
    public Kept keep(Report report, Phase phase, Noted noted) {
        var json = ReportForm.JSON.print(report).getBytes(StandardCharsets.UTF_8);
        var html = ReportForm.HTML.print(report).getBytes(StandardCharsets.UTF_8);
        var name = phase.text() + "-" + STAMP.format(report.time());
        var kept = new Kept(
                phase,
                name,
                Sha256.hex(json),
                Sha256.hex(html),
                report.since().map(Since::sha256).orElse(""));
        noted.note(kept);
        try {
            write(directory.resolve(name + ".json"), json);
            write(directory.resolve(name + ".html"), html);
        } catch (IOException e) {
            throw new UncheckedIOException("The report cannot be written in " + directory, e);
        }
        return kept;
    }

    /** Writes a file whole or not at all, for its owner and group. */
    public static void write(Path file, byte[] bytes) throws IOException {
        var parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException(file + " is no file");
        }
        var whole = Files.createTempFile(parent, ".report", "");
        try {
            Files.write(whole, bytes);
            Files.setPosixFilePermissions(whole, PosixFilePermissions.fromString("rw-r-----"));
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    /** When a report of this name was made; empty when the name tells no time. */
    static Optional<Instant> time(String name) {
        try {
            return Optional.of(STAMP.parse(name.replaceAll("^[a-z]+-|\\.json$", ""), Instant::from));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Whether a report was made by a clock that was ahead. */
    static boolean isAhead(String name, Instant now) {
        return time(name)
                .filter(made -> made.isAfter(now.plus(Evidence.CLOCKS)))
                .isPresent();
    }

    /** The sentence about a report that {@link #isAhead}. */
    static String ahead(String name) {
        return "the report " + name + " is from the future: a clock jumped";
    }

    /** The names of a phase's reports, the oldest one first. */
    List<String> names(Phase phase) {
        try (var files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.matches(phase.text() + "-[0-9]{8}T[0-9]{6}Z\\.json"))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("The reports in " + directory + " cannot be listed", e);
        }
    }

    /** A report as it is kept; empty when it cannot be read or is none. */
    Optional<JsonNode> report(String name) {
        return bytes(name).flatMap(ReportShelf::tree);
    }

    /**
     * Reads the first bytes of a report, and no others. A pipe in the place of the report holds nobody up.
     *
     * @throws IOException when the report cannot be read, or is not a regular file
     */
    byte[] head(String name, int bytes) throws IOException {
        try (var opened = OpenedFile.of(directory.resolve(name))) {
            if (!opened.attributes().isRegularFile()) {
                throw new FileSystemException(name, null, "it is not a regular file");
            }
            try (var in = opened.stream()) {
                return in.readNBytes(bytes);
            }
        }
    }

    private Optional<byte[]> bytes(String name) {
        try {
            var bytes = head(name, MAX_BYTES + 1);
            return bytes.length > MAX_BYTES ? Optional.empty() : Optional.of(bytes);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<JsonNode> tree(byte[] bytes) {
        try {
            return Optional.of(MAPPER.readTree(bytes))
                    .filter(tree -> !tree.path("checks").isEmpty());
        } catch (JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
