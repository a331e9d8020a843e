package gateway.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every link of every Markdown file leads somewhere. */
class LinksTest {
    private static final Path ROOT = Path.of(System.getProperty("basedir", "")).toAbsolutePath();

    @TempDir
    Path folder;

    @Test
    void everyLinkOfTheTreeLeadsToAFileAndAHeading() throws IOException {
        var documents = Document.all(ROOT);
        assertTrue(documents.size() > 5, documents::toString);
        assertEquals(List.of(), new Links(ROOT, documents).dead());
    }

    @Test
    void eachKindOfDeadLinkIsFound() throws IOException {
        Files.createDirectories(folder.resolve("a"));
        Files.writeString(folder.resolve("there.md"), "# A title\n\n## Of `two` words\n");
        Files.writeString(folder.resolve("a/page.md"), """
                [good](../there.md) [good](../there.md#of-two-words) [good](#here) [good](https://example.org/x) [good](.)

                # Here

                [1](gone.md) [2](../there.md#gone) [3](#gone) [4](https:///x) [5](/etc/passwd) [6](../../x) ![7](gone.png)

                `[no link](gone.md)`
                """);
        assertEquals(
                List.of(
                        "gone.md names no file",
                        "../there.md#gone names no heading",
                        "#gone names no heading",
                        "https:///x is not an address with a host",
                        "/etc/passwd leaves the tree",
                        "../../x leaves the tree",
                        "gone.png names no file"),
                new Links(folder, Document.all(folder))
                        .dead().stream()
                                .map(dead -> dead.replaceFirst("a/page.md:5: ", ""))
                                .toList());
    }

    @Test
    void theSiteHasEveryPageAndItsLinksLeadToFiles() throws IOException {
        Site.main(new String[] {ROOT.toString(), folder.toString()});
        for (var document : Document.all(ROOT)) {
            var page = folder.resolve(Site.page(document.path()));
            var text = Files.readString(page);
            assertTrue(text.contains("<meta name=\"viewport\""), page::toString);
            Pattern.compile("(?:href|src)=\"([^\"#:]+)(#[^\"]*)?\"")
                    .matcher(text)
                    .results()
                    .forEach(link -> {
                        var target = page.resolveSibling(link.group(1)).normalize();
                        assertTrue(Files.isRegularFile(target), page + " leads to " + target);
                    });
        }
    }
}
