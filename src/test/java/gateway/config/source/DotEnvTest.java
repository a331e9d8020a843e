package gateway.config.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.config.reading.ConfigGiven;

class DotEnvTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw-rw-rw-", "rw--w----", "rwx--x---"})
    void aFileThatOthersCanTouchIsRefused(String rights) {
        var given = new ConfigGiven(directory);
        given.file(".env", rights, "APP_PORT=x\n");
        assertEquals(
                ".env (working directory) can be read or changed by other users; run: chmod 600 .env.", given.error());
    }

    @Test
    void aFileOfAnotherUserIsRefused() {
        new ConfigGiven(directory).dotEnv("APP_PORT=3001");
        var error = DotEnv.read(directory, "somebody").errors().getFirst().sentence();
        assertTrue(error.contains("belongs to " + System.getProperty("user.name") + ", not to somebody"), error);
        assertTrue(error.contains("chown somebody .env && chmod 600 .env"), error);
    }

    @Test
    void aDirectoryInItsPlaceIsRefused() throws IOException {
        Files.createDirectory(directory.resolve(".env"));
        assertTrue(new ConfigGiven(directory).error().contains("is not a regular file"));
    }

    @Test
    void textThatIsNotUtf8IsRefused() throws IOException {
        new ConfigGiven(directory).dotEnv("");
        Files.write(directory.resolve(".env"), new byte[] {'A', '=', (byte) 0xff});
        assertTrue(new ConfigGiven(directory).error().contains("is not UTF-8 text"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hunter2",
                "=hunter2",
                "WHATSAPP_SECRET=\"hunter2",
                "WHATSAPP_SECRET='hunter2",
                "WHATSAPP_SECRET=\"hunter\"2",
                "APP-PORT=hunter2",
                "FIRST=hunter2"
            })
    void aMalformedLineIsNamedAndNotRepeated(String line) {
        var error =
                new ConfigGiven(directory).dotEnv("FIRST=1", "", line, "LAST=2").error();
        assertTrue(error.startsWith(".env (line 3) "), error);
        assertFalse(error.contains("hunter"), error);
    }

    @Test
    void valuesAreReadAsTheyAreWritten() {
        var entries = DotEnvText.parse(String.join(
                        "\r\n",
                        "\uFEFF# comment",
                        "A=1",
                        "export B = two words  # comment",
                        "C=p#w",
                        "D='$x \\n # \"'",
                        "E=\"a\\\"b # c\" # comment",
                        "F=",
                        "G=$argon2id$v=19$m=1,t=2$x",
                        "  H=#"))
                .entries();
        assertEquals(
                "{A=1, B=two words, C=p#w, D=$x \\n # \", E=a\"b # c, F=, G=$argon2id$v=19$m=1,t=2$x, H=}",
                entries.entrySet().stream()
                        .collect(
                                java.util.LinkedHashMap::new,
                                (map, entry) ->
                                        map.put(entry.getKey(), entry.getValue().text()),
                                java.util.Map::putAll)
                        .toString());
        assertEquals(3, entries.get("B").line());
    }

    @Test
    void anUnknownKeyThatLooksLikeOursIsWarnedOf() {
        var warnings = new ConfigGiven(directory)
                .dotEnv("APP_BASIC_AUHT=admin:x", "WHATSAPP_FANCY_THING=1", "PATH_TO=x")
                .warnings();
        assertEquals(
                "[APP_BASIC_AUHT (.env line 1) is no setting of the gateway; did you mean APP_BASIC_AUTH., "
                        + "WHATSAPP_FANCY_THING (.env line 2) is no setting of the gateway; remove that line.]",
                warnings.toString());
    }

    @Test
    void aNearMissInTheEnvironmentIsWarnedOfAndOtherProgramsVariablesAreNot() {
        assertEquals(
                "[APP_PROT (environment) is no setting of the gateway; did you mean APP_PORT.]",
                new ConfigGiven(directory)
                        .env("APP_PROT", "1")
                        .env("WHATSAPP_SERVICE_PORT_8080_TCP", "tcp://10.0.0.1:1")
                        .warnings()
                        .toString());
    }
}
