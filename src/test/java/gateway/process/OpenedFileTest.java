package gateway.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are swapped while they are open, and what stands in their place. */
class OpenedFileTest {
    @TempDir
    Path folder;

    @Test
    void whatIsReadIsWhatWasLookedAtAlthoughTheNameLeadsElsewhereNow() throws Exception {
        var file = Files.writeString(folder.resolve("file"), "mine");
        try (var opened = OpenedFile.of(file)) {
            assertTrue(opened.attributes().isRegularFile());
            Files.delete(file);
            Files.writeString(file, "another's");
            try (var in = opened.stream()) {
                assertEquals("mine", new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
            assertEquals(4, opened.attributes().size());
        }
    }

    @Test
    void anEntryIsThatOfTheOpenedDirectory() throws Exception {
        var place = Files.createDirectory(folder.resolve("place"));
        Files.writeString(place.resolve("entry"), "mine");
        try (var opened = OpenedFile.of(place)) {
            Files.move(place, folder.resolve("old"));
            Files.createDirectory(place);
            Files.writeString(place.resolve("entry"), "another's");
            try (var entry = opened.entry("entry");
                    var in = entry.stream()) {
                assertEquals("mine", new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void aPipeIsOpenedAtOnceAndIsNoFile() throws Exception {
        var pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            try (var opened = OpenedFile.of(pipe)) {
                assertFalse(opened.attributes().isRegularFile());
            }
        });
    }

    @Test
    void aLinkIsFollowedOnlyWhereThatIsAsked() throws Exception {
        var file = Files.writeString(folder.resolve("file"), "mine");
        var link = Files.createSymbolicLink(folder.resolve("link"), file);
        var refused = assertThrows(FileSystemException.class, () -> OpenedFile.of(link));
        assertEquals("it is a symbolic link", refused.getReason());
        try (var opened = OpenedFile.following(link)) {
            assertEquals(4, opened.attributes().size());
        }
        assertThrows(NoSuchFileException.class, () -> OpenedFile.of(folder.resolve("none")));
        assertThrows(NotDirectoryException.class, () -> OpenedFile.of(file.resolve("below")));
    }
}
