package gateway.config.reading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.config.Origin;
import gateway.config.Role;
import gateway.config.catalogue.AdminSettings;
import gateway.config.source.Found;
import gateway.config.source.Source;

class SecretFileTest {
    @TempDir
    Path directory;

    /** An unreadable file must not let an older value from elsewhere come into force. */
    @Test
    void aMissingFileIsAnErrorEvenWhenTheEnvironmentHasAValue() {
        var error = new ConfigGiven(directory)
                .env("WHATSAPP_SECRET", ConfigGiven.TOKEN)
                .env("WHATSAPP_SECRET_FILE", "gone")
                .error();
        assertTrue(
                error.startsWith("WHATSAPP_SECRET (WHATSAPP_SECRET_FILE, environment variable WHATSAPP_SECRET_FILE) "
                        + "points to " + directory.resolve("gone") + ", which is no file"),
                error);
    }

    @Test
    void anEmptyPointerAnEmptyFileAndAFileOfTwoLinesAreErrors() {
        var given = new ConfigGiven(directory).env("WHATSAPP_SECRET_FILE", "");
        assertTrue(given.error().contains("names no file"));
        given.env("WHATSAPP_SECRET_FILE", "secret");
        given.file("secret", "rw-------", "\n");
        assertTrue(given.error().contains("is empty"));
        given.file("secret", "rw-------", ConfigGiven.TOKEN + "\n" + ConfigGiven.TOKEN + "\n");
        assertTrue(given.error().contains("more than one line"));
        assertFalse(given.error().contains(ConfigGiven.TOKEN));
    }

    @Test
    void aLargeFileIsNotRead() {
        var given = new ConfigGiven(directory).env("ADMIN_TOKEN_FILE", "large");
        given.file("large", "rw-------", "x".repeat(65 * 1024));
        assertTrue(given.error().contains("larger than 64 KiB"));
    }

    @Test
    void aFileThatEverybodyReadsIsWarnedOf() {
        var given = new ConfigGiven(directory).env("ADMIN_TOKEN_FILE", "token");
        given.file("token", "rw-r--r--", ConfigGiven.TOKEN);
        assertTrue(given.warnings().getFirst().contains("chmod 600 " + directory.resolve("token")));
        given.file("token", "rw-------", ConfigGiven.TOKEN);
        assertEquals("[]", given.warnings().toString());
    }

    @Test
    void aFurtherSourceTakesItsPlaceInTheChain() {
        Source vault = setting -> setting == AdminSettings.ADMIN_TOKEN
                ? java.util.Optional.of(
                        new Found(ConfigGiven.TOKEN, new Origin(Origin.Kind.FILE, "vault secret/whatsapp")))
                : java.util.Optional.empty();
        var loaded = Configuration.from(Role.REST, Places.same(java.util.List.of(vault)), directory);
        assertEquals(
                ConfigGiven.TOKEN,
                loaded.settings().orElseThrow().admin().token().orElseThrow().reveal());
    }
}
