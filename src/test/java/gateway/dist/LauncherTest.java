package gateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code whatsapp}, in a tree whose java only prints what it is given, one argument a line. */
class LauncherTest {
    @TempDir
    Path home;

    @BeforeEach
    void installTheScript() throws IOException {
        Files.copy(Path.of("whatsapp"), executable("whatsapp", ""), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void anUnbuiltCheckoutSaysHowToBuild() throws Exception {
        executable("src/build/jdk", "echo /no/such/jdk");

        var run = Run.of(home, List.of(home + "/whatsapp", "rest"));

        assertEquals(2, run.status());
        assertTrue(run.output().contains("make build"), run.output());
    }

    @Test
    void aCheckoutWithoutJdk25IsRefusedByTheSentenceOfTheSearch() throws Exception {
        executable("src/build/jdk", "echo 'No JDK 25 found' >&2; exit 1");

        var run = Run.of(home, List.of(home + "/whatsapp", "rest"));

        assertEquals(2, run.status());
        assertEquals("No JDK 25 found\n", run.output());
    }

    @Test
    void argumentsArriveAsTheyWereGiven() throws Exception {
        install();

        var run = Run.of(home, List.of(home + "/whatsapp", "rest", "--os", "two words", "", "*"));

        var arguments = run.output().lines().toList();
        assertEquals(
                List.of("rest", "--os", "two words", "", "*"),
                arguments.subList(arguments.indexOf("-jar") + 2, arguments.size()));
    }

    @Test
    void aLinkToTheScriptStartsTheTreeTheScriptIsIn() throws Exception {
        install();
        Path link = Files.createSymbolicLink(home.resolve("elsewhere"), Path.of("whatsapp"));

        var run = Run.of(home, List.of(link.toString()));

        assertTrue(run.output().contains(home + "/lib/whatsapp.jar"), run.output());
        assertTrue(run.output().contains("-Dorg.sqlite.lib.path=" + home + "/lib/native"), run.output());
    }

    @Test
    void theAotCacheIsNamedOnlyWhenThereIsOne() throws Exception {
        install();
        assertFalse(Run.of(home, List.of(home + "/whatsapp")).output().contains("AOTCache"));

        Files.createFile(home.resolve("lib/whatsapp.aot"));

        assertTrue(Run.of(home, List.of(home + "/whatsapp"))
                .output()
                .contains("-XX:AOTCache=" + home + "/lib/whatsapp.aot"));
    }

    private void install() throws IOException {
        executable("runtime/bin/java", "printf '%s\\n' \"$@\"");
        Files.createDirectories(home.resolve("lib"));
    }

    private Path executable(String name, String script) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
