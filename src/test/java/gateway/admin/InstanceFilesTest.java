package gateway.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceFilesTest {
    @TempDir
    Path root;
    private InstanceFiles files;

    @BeforeEach
    void start() {
        files = new InstanceFiles(root, InstantSource.system());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nAPP_HOST='0.0.0.0", "it's", "tab\there"})
    void aValueThatWouldBecomeAnotherSettingIsNeverWritten(String value) throws Exception {
        assertThrows(IllegalArgumentException.class, () -> files.create(3001, Map.of("APP_OS", value), Optional.empty()));
        assertEquals(List.of(), files.ports());
        try (var left = Files.list(root)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void whatIsWrittenIsReadBackAsItWas() throws Exception {
        var settings = Map.of("APP_BASIC_AUTH", "admin:$argon2id$v=19$m=12288,t=3,p=1$c2FsdHNhbHQ$aGFzaA", "APP_OS", " # \u00e9\u4f60 ${HOME} \"x\"");
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
