package gateway.engine.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;

import com.fasterxml.jackson.databind.ObjectMapper;

import gateway.figures.FiguresFile;

/** What {@code make fuzz} runs: Jazzer's entry, and the way between kept inputs and Jazzer's folders of files. */
public final class FuzzEntry {
    private static FuzzTarget target;

    private FuzzEntry() {}

    /** @param args the target's name */
    public static void fuzzerInitialize(String[] args) {
        target = FuzzTarget.valueOf(args[0]);
        // Classes are loaded before the first input, whose time is bounded.
        target.corpus().forEach(target::accepts);
    }

    /** Takes one input of Jazzer's. */
    public static void fuzzerTestOneInput(byte[] input) {
        target.accepts(input);
    }

    /**
     * {@code unpack TARGET FOLDER} writes the kept inputs as files; {@code pack FOLDER FILE} writes files as lines, the
     * shortest first; {@code figures FILE TARGETS RUNS FAILED} writes how a run went.
     */
    public static void main(String[] args) throws IOException {
        switch (args[0]) {
            case "unpack" -> unpack(FuzzTarget.valueOf(args[1]), Path.of(args[2]));
            case "pack" -> pack(Path.of(args[1]), Path.of(args[2]));
            case "figures" ->
                FiguresFile.add(
                        Path.of(args[1]),
                        new ObjectMapper()
                                .createObjectNode()
                                .put("targets", Integer.parseInt(args[2]))
                                .put("runs", Long.parseLong(args[3]))
                                .put("failed", Integer.parseInt(args[4])));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void unpack(FuzzTarget from, Path folder) throws IOException {
        Files.createDirectories(folder);
        int i = 0;
        for (byte[] kept : from.corpus()) {
            Files.write(folder.resolve("kept-" + ++i), kept);
        }
    }

    private static void pack(Path folder, Path file) throws IOException {
        try (var files = Files.list(folder)) {
            Files.write(
                    file,
                    files.map(FuzzEntry::line)
                            .filter(line -> !line.isEmpty())
                            .distinct()
                            .sorted(Comparator.comparingInt(String::length).thenComparing(line -> line))
                            .toList());
        }
    }

    private static String line(Path file) {
        try {
            return HexFormat.of().formatHex(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
