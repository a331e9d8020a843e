package gateway.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** README, CONTRIBUTING and the pages under {@code src/site/markdown} against the tree that they describe. */
class DocumentsTest {
    private static final Path TOP = Path.of(System.getProperty("basedir", "."));
    private static final Path PAGES = TOP.resolve("src/site/markdown");
    private static final int MAX_README_LINES = 150;
    /** A file or folder of this repository, as a document writes it. */
    private static final Pattern PLACE =
            Pattern.compile("`((?:src|ansible|monitoring|systemd|nginx|apparmor|polkit|\\.ci)/[A-Za-z0-9_.@/-]+)`");

    /** A command's name as the generated page's table has it. */
    private static final Pattern COMMAND = Pattern.compile("\\[`(whatsapp [a-z -]+)`\\]\\(#");
    /** A line of a document that runs the program; a comment behind it is no part of it. */
    private static final Pattern TYPED = Pattern.compile("(?m)^whatsapp [a-z][^#\\n<]*");

    private static final Pattern FLAG = Pattern.compile("--[a-z-]+");

    @Test
    void readmeIsShortAndHasTheTableOfEngines() throws IOException {
        var lines = Files.readAllLines(TOP.resolve("README.md"));
        assertTrue(lines.size() <= MAX_README_LINES, () -> lines.size() + " lines");
        assertTrue(lines.contains("| operation family | sandbox | Cloud API | web |"));
    }

    @Test
    void readmeSaysPlainlyWhatTheProgramIsNot() throws IOException {
        var text = Files.readString(TOP.resolve("README.md"));
        Stream.of(
                        "not affiliated with WhatsApp",
                        "protocol is unofficial",
                        "the number can be banned",
                        "Meta's Cloud API is the official way",
                        "never proven against WhatsApp's own servers")
                .forEach(sentence -> assertTrue(text.contains(sentence), sentence));
    }

    @Test
    void everyQuestionOfAMaintainerNamesAFileThatExists() throws IOException {
        var rows = Files.readAllLines(TOP.resolve("CONTRIBUTING.md")).stream()
                .dropWhile(line -> !line.startsWith("| question |"))
                .skip(2)
                .filter(line -> line.startsWith("|"))
                .toList();
        assertTrue(rows.size() >= 22, () -> rows.size() + " questions");
        assertEquals(
                List.of(),
                rows.stream().filter(row -> !PLACE.matcher(row).find()).toList(),
                "without a file");
    }

    @Test
    void everyPlaceThatADocumentNamesExists() throws IOException {
        var missing = new TreeSet<String>();
        for (var document : documents()) {
            PLACE.matcher(Files.readString(document))
                    .results()
                    .map(DocumentsTest::place)
                    .filter(Predicate.not(place -> Files.exists(TOP.resolve(place))))
                    .forEach(place -> missing.add(TOP.relativize(document) + ": " + place));
        }
        assertEquals("", String.join("\n", missing));
    }

    @Test
    void everyCommandThatADocumentTypesIsTheProgramsOwn() throws IOException {
        var reference = Files.readString(PAGES.resolve("reference/commands.md"));
        var known =
                COMMAND.matcher(reference).results().map(DocumentsTest::place).toList();
        assertTrue(known.size() > 20, known::toString);
        var unknown = new TreeSet<String>();
        for (var document : documents()) {
            TYPED.matcher(Files.readString(document))
                    .results()
                    .map(MatchResult::group)
                    .map(String::strip)
                    .filter(line -> known.stream().noneMatch(command -> (line + " ").startsWith(command + " "))
                            || FLAG.matcher(line).results().anyMatch(flag -> !reference.contains(flag.group())))
                    .forEach(line -> unknown.add(TOP.relativize(document) + ": " + line));
        }
        assertEquals("", String.join("\n", unknown));
    }

    @Test
    void everyRoomIsInTheTableOfTheHouse() throws IOException {
        var table = Files.readString(PAGES.resolve("explanation/house.md"));
        try (var rooms = Files.list(TOP.resolve("src/main/java/gateway"))) {
            assertEquals(
                    List.of(),
                    rooms.filter(Files::isDirectory)
                            .map(room -> room.getFileName().toString())
                            .filter(room -> !table.contains("| `" + room + "` |"))
                            .sorted()
                            .toList());
        }
    }

    @Test
    void everyDecisionIsInTheIndex() throws IOException {
        var index = Files.readString(PAGES.resolve("decisions/index.md"));
        try (var pages = Files.list(PAGES.resolve("decisions"))) {
            assertEquals(
                    List.of(),
                    pages.map(page -> page.getFileName().toString())
                            .filter(name -> !name.equals("index.md") && !index.contains("(" + name + ")"))
                            .sorted()
                            .toList());
        }
    }

    private static String place(MatchResult match) {
        return match.group(1);
    }

    private static List<Path> documents() throws IOException {
        try (var pages = Files.walk(PAGES);
                var top = Files.list(TOP)) {
            return Stream.concat(pages, top)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }
}
