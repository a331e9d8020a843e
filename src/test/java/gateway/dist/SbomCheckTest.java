package gateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code src/build/sbom}: the bill of materials and the shipped jars are the same set, by content. */
class SbomCheckTest {
    @TempDir
    Path folder;

    @Test
    void aJarThatIsNotListedIsRefused() throws Exception {
        jar("listed.jar", "one");
        jar("smuggled.jar", "two");

        var run = check(sha256("one"));

        assertEquals(1, run.status());
        assertTrue(run.output().contains(sha256("two")), run.output());
    }

    @Test
    void aListedJarThatIsNotShippedIsRefused() throws Exception {
        jar("listed.jar", "one");

        assertEquals(1, check(sha256("one"), sha256("two")).status());
    }

    @Test
    void aJarWithOtherContentThanListedIsRefused() throws Exception {
        jar("listed.jar", "one, changed");

        assertEquals(1, check(sha256("one")).status());
    }

    @Test
    void theSameSetPassesAndTheProgramItselfIsNoLibrary() throws Exception {
        jar("listed.jar", "one");
        jar("whatsapp.jar", "the program");

        assertEquals(0, check(sha256("one")).status());
    }

    private Run check(String... listed) throws Exception {
        var json = new StringBuilder("{\n  \"metadata\" : { },\n  \"components\" : [\n");
        for (String hash : listed) {
            json.append("          \"alg\" : \"SHA-256\",\n          \"content\" : \"")
                    .append(hash)
                    .append("\"\n");
        }
        Path sbom = Files.writeString(folder.resolve("sbom.json"), json.append("  ]\n}\n"));
        return Run.of(Path.of("."), List.of("src/build/sbom", sbom.toString(), folder.toString()));
    }

    private void jar(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    private static String sha256(String content) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
    }
}
