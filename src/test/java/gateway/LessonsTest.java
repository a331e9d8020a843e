package gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

/**
 * The table of what other gateways learnt, {@code lessons.tsv}: each lesson of the web engine has tests that run. A row
 * is the lesson's number, what it is about, and tests as {@code package.Class#method}, with tabs between.
 */
class LessonsTest {
    private static final List<Integer> REQUIRED = List.of(10, 11, 20, 21, 22, 23, 25, 27, 31, 36, 37, 38);

    @Test
    void everyLessonHasTestsThatRun() throws IOException {
        var wrong = new ArrayList<String>();
        var rows = rows();
        assertEquals(REQUIRED, List.copyOf(rows.keySet()));
        rows.forEach((number, tests) -> {
            if (tests.isBlank()) {
                wrong.add(number + ": no test");
            }
            Arrays.stream(tests.split(" "))
                    .forEach(name ->
                            FaultsTest.fault(name).ifPresent(why -> wrong.add(number + ": " + name + " " + why)));
        });
        assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
    }

    private static Map<Integer, String> rows() throws IOException {
        try (var in = LessonsTest.class.getResourceAsStream("/lessons.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .collect(Collectors.toMap(
                            row -> Integer.parseInt(row[0]), row -> row[2], (one, two) -> "twice", TreeMap::new));
        }
    }
}
