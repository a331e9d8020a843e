package gateway.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

/** The table of OWASP ASVS 5.0, {@code asvs.tsv}, against the tests that it names and the page that is made of it. */
class AsvsTest {
    private static final Path TABLE = Path.of("src/test/resources/asvs.tsv");
    private static final Path PAGE = Path.of("src/site/markdown/evidence/asvs.md");

    @Test
    void everyRowNamesTestsThatExistOrSaysWhyThereIsNone() throws IOException {
        var rows = rows();
        assertTrue(rows.size() > 40, () -> rows.size() + " rows");
        var sources = sources();
        var wrong = rows.stream()
                .filter(row -> row.length != 3 || row[1].isEmpty() && row[2].isEmpty())
                .map(row -> String.join(" | ", row))
                .collect(Collectors.toList());
        rows.stream()
                .filter(row -> row.length == 3)
                .flatMap(row -> Arrays.stream(row[1].split(" ")))
                .filter(name -> !name.isEmpty())
                .filter(name -> !exists(name, sources))
                .forEach(wrong::add);
        assertEquals(List.of(), wrong);
    }

    @Test
    void thePageIsMadeOfTheTable() throws Exception {
        var process = new ProcessBuilder("src/build/asvs", "page").start();
        var made = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        assertEquals(made, Files.readString(PAGE), "Run: src/build/asvs page >" + PAGE);
    }

    private static List<String[]> rows() throws IOException {
        return Files.readAllLines(TABLE).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t", -1))
                .toList();
    }

    /** @param name {@code Class.method} */
    private static boolean exists(String name, Map<String, String> sources) {
        var parts = name.split("\\.");
        return parts.length == 2 && sources.getOrDefault(parts[0], "").contains(" " + parts[1] + "(");
    }

    /** Each test class's text by its simple name. */
    private static Map<String, String> sources() throws IOException {
        try (var files = Files.walk(Path.of("src/test/java"))) {
            return files.filter(file -> file.toString().endsWith("Test.java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""), AsvsTest::text));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
