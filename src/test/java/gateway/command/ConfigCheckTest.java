package gateway.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code config check} shows every setting and no secret. */
class ConfigCheckTest {
    @TempDir
    Path directory;

    private CommandRig rig;

    @BeforeEach
    void open() {
        rig = new CommandRig(directory);
    }

    @Test
    void configCheckShowsNoSecretFromAnySource() throws IOException {
        var dotEnv = directory.resolve(".env");
        Files.writeString(
                dotEnv,
                "DB_URI=postgresql://w:hunter2a@localhost/wa\nAPP_BASIC_AUTH=admin:hunter2b,c:hunter2c\n"
                        + "WHATSAPP_WEBHOOK=https://a.example/?t=hunter2d\n");
        Files.setPosixFilePermissions(dotEnv, PosixFilePermissions.fromString("rw-------"));
        var code = rig.commands(Map.of("ADMIN_TOKEN", "hunter2e", "WHATSAPP_SECRET", "hunter2f".repeat(5)))
                .run("config", "check", "--webhook-secret", "hunter2g");
        assertEquals(2, code);
        assertFalse((rig.out + "" + rig.err).contains("hunter2"), rig.out::toString);
        assertTrue(
                rig.out.toString().contains("postgresql://w:********@localhost:5432/wa?sslmode=prefer"),
                rig.out::toString);
        assertTrue(rig.out.toString().contains("admin:********,c:********"), rig.out::toString);
        assertTrue(rig.out.toString().contains("Errors (1)"), rig.out::toString);
        assertTrue(
                rig.out.toString().contains("  ADMIN_TOKEN (environment variable ADMIN_TOKEN) has 8 characters"),
                rig.out::toString);
    }

    @Test
    void configCheckPrintsEverySettingWithItsSource() {
        assertEquals(0, rig.commands(Map.of("APP_PORT", "3001")).run("config", "check", "--os", "Firefox"));
        var text = rig.out.toString();
        assertTrue(text.lines().anyMatch(line -> line.matches("APP_PORT +3001 +environment variable APP_PORT")), text);
        assertTrue(text.lines().anyMatch(line -> line.matches("APP_OS +Firefox +flag --os")), text);
        assertTrue(text.lines().anyMatch(line -> line.matches("APP_METRICS_PORT +13001 +default")), text);
        gateway.config.catalogue.Catalogue.all()
                .forEach(setting -> assertTrue(text.contains("\n" + setting.name() + " "), setting.name()));
        assertTrue(text.contains("The configuration is valid."));
    }
}
