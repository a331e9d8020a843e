package gateway.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.secret.KeyRing;
import gateway.secret.SealedSettings;

class InstanceFilesTest {
    @TempDir
    Path folder;

    private Path root;
    private static final Map<String, String> SECRETS =
            Map.of("APP_BASIC_AUTH", "admin:hushed-1", "WHATSAPP_WEBHOOK_SECRET", "hushed-2", "APP_OS", "a");
    private InstanceFiles files;

    @BeforeEach
    void start() throws IOException {
        root = Files.createDirectory(folder.resolve("instances"));
        files = open();
    }

    private InstanceFiles open() {
        return new InstanceFiles(
                root, new SealedSettings(KeyRing.file(root.resolveSibling("encryption.key"))), InstantSource.system());
    }

    private String text(int port) throws IOException {
        return Files.readString(files.home(port).resolve(".env"));
    }

    @Test
    void noSecretStandsInTheFileInClearAndOthersDo() throws Exception {
        files.create(3001, SECRETS, Optional.empty());
        assertFalse(text(3001).contains("hushed"), text(3001));
        assertTrue(text(3001).contains("APP_OS='a'"), text(3001));
        files.prepare(3001, SECRETS);
        assertFalse(Files.readString(files.home(3001).resolve(".env.next")).contains("hushed"));
        assertFalse(files.inClear(3001));
        assertEquals(SECRETS, open().settings(3001));
    }

    @Test
    void theFileOfOneInstanceOpensForNoOther() throws Exception {
        files.create(3001, SECRETS, Optional.empty());
        files.create(3002, SECRETS, Optional.empty());
        Files.copy(
                files.home(3001).resolve(".env"),
                files.home(3002).resolve(".env"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThrows(IllegalStateException.class, () -> files.settings(3002));
    }

    @Test
    void withAnotherKeyItDoesNotOpen() throws Exception {
        files.create(3001, SECRETS, Optional.empty());
        Files.delete(root.resolveSibling("encryption.key"));
        var error = assertThrows(IllegalStateException.class, () -> open().settings(3001));
        assertTrue(error.getMessage().contains("WHATSAPP_ENCRYPTION_KEY"), error.getMessage());
    }

    @Test
    void aRotatedKeyIsTakenAndTheOldOneIsNeededNoMore() throws Exception {
        files.create(3001, SECRETS, Optional.empty());
        var sealed =
                text(3001).lines().filter(line -> line.startsWith("SEALED_")).toList();
        files.prepare(3001, Map.of("APP_BASIC_AUTH", "admin:hushed-later"));
        var keys = KeyRing.file(root.resolveSibling("encryption.key")).withNew();
        Files.write(root.resolveSibling("encryption.key"), keys);
        assertEquals(1, open().rewrap());
        assertEquals(0, open().rewrap());
        Files.write(root.resolveSibling("encryption.key"), keys.subList(0, 1));
        assertEquals(SECRETS, open().settings(3001));
        assertEquals(
                sealed,
                text(3001).lines().filter(line -> line.startsWith("SEALED_")).toList(),
                "only the data key is wrapped anew");
        files.adopt(3001, Map.of("APP_BASIC_AUTH", "admin:hushed-later"));
        assertEquals(
                "admin:hushed-later",
                open().settings(3001).get("APP_BASIC_AUTH"),
                "a change that was under way meanwhile");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nAPP_HOST='0.0.0.0", "it's", "tab\there"})
    void aValueThatWouldBecomeAnotherSettingIsNeverWritten(String value) throws Exception {
        assertThrows(
                IllegalArgumentException.class, () -> files.create(3001, Map.of("APP_OS", value), Optional.empty()));
        assertEquals(List.of(), files.ports());
        try (var left = Files.list(root)) {
            assertEquals(
                    List.of(), left.filter(path -> !path.endsWith(".sealing")).toList());
        }
    }

    @Test
    void whatIsWrittenIsReadBackAsItWas() throws Exception {
        var settings = Map.of(
                "APP_BASIC_AUTH",
                "admin:$argon2id$v=19$m=12288,t=3,p=1$c2FsdHNhbHQ$aGFzaA",
                "APP_OS",
                " # \u00e9\u4f60 ${HOME} \"x\"");
        files.create(3001, settings, Optional.empty());
        assertEquals(settings, files.settings(3001));
    }

    @Test
    void aFileThatWasChangedByHandIsNotGuessedAt() throws Exception {
        files.create(3001, Map.of("APP_OS", "a"), Optional.empty());
        Files.writeString(files.home(3001).resolve(".env"), "APP_OS=a b\n");
        assertThrows(IOException.class, () -> files.settings(3001));
    }

    @Test
    void whatAKilledProcessLeftUnfinishedIsNoInstanceAndIsSwept() throws Exception {
        Files.writeString(Files.createDirectory(root.resolve(".new-1234")).resolve(".env"), "APP_OS='a'\n");
        Files.createDirectory(root.resolve("3002"));
        assertEquals(List.of(), files.ports());
        files.sweep();
        assertTrue(Files.notExists(root.resolve(".new-1234")));
    }
}
