package gateway.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import gateway.figures.FiguresFile;

/** What was measured, in the order in which it was: a table for people and a flat JSON object for programs. */
final class Figures {
    private record Figure(String key, double value, String meaning) {}

    private final List<Figure> figures = new ArrayList<>();

    /** Adds a figure; {@code key} ends in its unit ({@code _ms}, {@code _mb}, {@code _rps}, {@code _us}). */
    void add(String key, double value, String meaning) {
        figures.add(new Figure(key, Math.round(value * 100) / 100.0, meaning));
        // Told at once too: a run that is ended early has measured something.
        System.out.printf("%-28s %,12.2f%n", key, value);
    }

    String table() {
        var lines = new StringBuilder();
        for (var figure : figures) {
            lines.append("%-28s %,12.2f  %s%n".formatted(figure.key, figure.value, figure.meaning));
        }
        return lines.toString();
    }

    /** Puts the figures into the file; those of other runs stay there. */
    void write(Path file) throws IOException {
        var json = JsonNodeFactory.instance.objectNode();
        figures.forEach(figure -> json.put(figure.key, figure.value));
        FiguresFile.add(file, json);
    }

    /** The middle one of an odd number of measurements. */
    static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
