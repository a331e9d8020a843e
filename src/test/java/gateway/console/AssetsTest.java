package gateway.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

class AssetsTest {
    private static final Path FOLDER = Path.of("src/main/resources/console");

    @Test
    void everyFileOfTheFolderIsServedAndNoOther() throws Exception {
        var served = new TreeSet<>(Assets.NAMES);
        served.add(Assets.PAGE);
        try (var files = Files.list(FOLDER)) {
            assertEquals(
                    served,
                    new TreeSet<>(
                            files.map(file -> file.getFileName().toString()).toList()));
        }
    }

    @Test
    void whatThePageNeedsIsThere() {
        var assets = new Assets();
        var address = Pattern.compile("(?:src|href)=\"console/([0-9a-f]+)/([^\"#]+)")
                .matcher(new String(assets.page(), StandardCharsets.UTF_8));
        int found = 0;
        while (address.find()) {
            assertTrue(assets.find(address.group(1), address.group(2)).isPresent(), address.group());
            found++;
        }
        assertTrue(found > 4, "addresses in the page: " + found);
        assertFalse(assets.find("0", "style.css").isPresent());
    }

    @Test
    void noFileHasWhatThePolicyForbids() throws Exception {
        try (var files = Files.list(FOLDER)) {
            for (var file : files.toList()) {
                var text = Files.readString(file);
                assertFalse(
                        Pattern.compile(
                                        "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(| on[a-z]+=\"| style=\"|<style|<script>")
                                .matcher(text)
                                .find(),
                        file.toString());
            }
        }
    }
}
