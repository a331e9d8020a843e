package gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * The list of faults that strangers found, {@code faults.tsv}: each row has a test that shows the fault, and the places
 * that were searched for others of its kind. A row is its number, tests as {@code package.Class#method}, and those
 * places, with tabs between.
 */
class FaultsTest {
    private static final List<Class<? extends Annotation>> TESTS =
            List.of(Test.class, TestFactory.class, ParameterizedTest.class, RepeatedTest.class);

    @Test
    void everyFaultHasItsTestsAndThePlacesThatWereSearched() throws IOException {
        var wrong = new ArrayList<String>();
        var seen = new TreeSet<String>();
        for (var line : lines("/faults.tsv")) {
            var columns = line.split("\t", -1);
            if (columns.length != 3) {
                wrong.add(line + ": " + columns.length + " columns instead of 3");
                continue;
            }
            if (!seen.add(columns[0])) {
                wrong.add(columns[0] + ": a second row");
            }
            if (columns[2].isBlank()) {
                wrong.add(columns[0] + ": no places that were searched");
            }
            var tests = Arrays.stream(columns[1].split(" "))
                    .filter(name -> !name.isBlank())
                    .toList();
            if (tests.isEmpty()) {
                wrong.add(columns[0] + ": no test");
            }
            tests.forEach(name -> fault(name).ifPresent(why -> wrong.add(columns[0] + ": " + name + " " + why)));
        }
        required().stream().filter(row -> !seen.contains(row)).forEach(row -> wrong.add(row + ": no row"));
        assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
    }

    /** The fourteen faults of backups, each with a test that puts it in place. */
    @Test
    void everyFaultOfABackupHasItsTests() throws IOException {
        var wrong = new ArrayList<String>();
        var names = new ArrayList<String>();
        for (var line : lines("/backup-faults.tsv")) {
            var columns = line.split("\t", -1);
            assertEquals(3, columns.length, line);
            names.add(columns[0]);
            Arrays.asList(columns[1].split(" "))
                    .forEach(name -> fault(name).ifPresent(why -> wrong.add(columns[0] + ": " + name + " " + why)));
        }
        assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
        assertEquals(
                List.of(
                        "disk full while dumping",
                        "object truncated",
                        "one byte altered",
                        "wrong recipient",
                        "expired key",
                        "upload cut",
                        "target full",
                        "target that lies about success",
                        "clock jumps",
                        "two backups at once",
                        "kill -9 at each step",
                        "restore into a used directory",
                        "of a newer version",
                        "of another gateway"),
                names);
    }

    private static List<String> lines(String resource) throws IOException {
        try (var in = FaultsTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }

    private static Set<String> required() {
        return Stream.concat(
                        Stream.concat(
                                IntStream.rangeClosed(1, 6).mapToObj(n -> "A" + n),
                                IntStream.rangeClosed(1, 15).mapToObj(n -> "B" + n)),
                        Stream.concat(
                                // The console and the words of C25 are not mended yet.
                                IntStream.rangeClosed(1, 21).mapToObj(n -> "C" + n),
                                Stream.concat(
                                        Stream.of("C23", "C24"),
                                        IntStream.rangeClosed(1, 20)
                                                .filter(n -> n != 15)
                                                .mapToObj(n -> "E" + n))))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What keeps this part of a script of the appliance's tests from being one; empty when nothing does. */
    private static Optional<String> part(Path script, String words) {
        var file = Path.of(System.getProperty("basedir", ".")).resolve(script);
        try {
            return Files.readString(file).contains(words) ? Optional.empty() : Optional.of("is not in the file");
        } catch (IOException e) {
            return Optional.of("names no file");
        }
    }

    /** What keeps this from being a test that runs; empty when nothing does. */
    static Optional<String> fault(String name) {
        int hash = name.indexOf('#');
        if (hash < 0) {
            return Optional.of("is not package.Class#method");
        }
        if (name.indexOf('/') >= 0) {
            return part(Path.of(name.substring(0, hash)), name.substring(hash + 1));
        }
        try {
            var type = Class.forName(name.substring(0, hash), false, FaultsTest.class.getClassLoader());
            var methods = Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> method.getName().equals(name.substring(hash + 1)))
                    .toList();
            if (methods.stream().noneMatch(method -> TESTS.stream().anyMatch(method::isAnnotationPresent))) {
                return Optional.of("is not a test method");
            }
            return type.isAnnotationPresent(Disabled.class)
                            || methods.stream().anyMatch(method -> method.isAnnotationPresent(Disabled.class))
                    ? Optional.of("is disabled")
                    : Optional.empty();
        } catch (ClassNotFoundException e) {
            return Optional.of("names no class");
        }
    }
}
