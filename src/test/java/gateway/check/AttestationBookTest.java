package gateway.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of attestations, and everything that others could put in their place. */
class AttestationBookTest {
    @TempDir
    Path storage;

    private Path folder;
    private Path file;
    private AttestationBook book;

    private static final Attestation SAID = new Attestation(
            "A-TEST-5",
            "Ada Example",
            Instant.parse("2027-01-01T00:00:00Z"),
            LocalDate.parse("2027-12-31"),
            Optional.of(new Attestation.Proof("/srv/report.pdf", "0".repeat(64))));

    @BeforeEach
    void open() {
        folder = storage.resolve("attestations");
        file = folder.resolve("A-TEST-5.json");
        book = new AttestationBook(storage, text -> "sealed:" + HexFormat.of().toHexDigits(text.hashCode()));
    }

    private String trouble() {
        return book.find("A-TEST-5").orElseThrow().trouble().orElse("");
    }

    private void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    @Test
    void whatIsWrittenIsFoundAndBelongsToItsOwnerAlone() throws Exception {
        assertEquals(Optional.empty(), book.find("A-TEST-5"));
        book.write(SAID);
        assertEquals(Optional.of(new Attestation.Found(SAID, Optional.empty())), book.find("A-TEST-5"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count(), "no draft stays");
        }
    }

    @Test
    void anAlteredFieldBreaksTheSeal() throws Exception {
        book.write(SAID);
        var text = Files.readString(file);
        for (var change : new String[][] {
            {"Ada Example", "Eve Example"}, {"2027-12-31", "2099-12-31"}, {"report.pdf", "other.pdf"}, {"000", "100"}
        }) {
            Files.writeString(file, text.replaceFirst(change[0], change[1]));
            assertTrue(trouble().contains("altered"), change[0]);
        }
        Files.writeString(file, text);
        assertEquals("", trouble());
    }

    @Test
    void anAttestationOfAnotherItemDoesNotCount() throws Exception {
        book.write(SAID);
        Files.copy(file, folder.resolve("B-QTR-2.json"));
        mode(folder.resolve("B-QTR-2.json"), "rw-------");
        assertTrue(book.find("B-QTR-2").orElseThrow().trouble().orElse("").contains("altered"));
    }

    @Test
    void fieldsCannotBeMovedFromOneToAnother() {
        var one = new Attestation("A", "x\ny", SAID.at(), SAID.until(), Optional.empty());
        var other = new Attestation("A\nx", "y", SAID.at(), SAID.until(), Optional.empty());
        assertFalse(one.text().equals(other.text()));
    }

    @Test
    void aFileThatOthersMayOpenDoesNotCount() throws Exception {
        book.write(SAID);
        for (var mode : new String[] {"rw-rw----", "rw----r--", "rw-----w-"}) {
            mode(file, mode);
            assertTrue(trouble().contains("open to others"), mode);
        }
        mode(file, "rw-------");
        mode(folder, "rwxrwx---");
        assertTrue(trouble().contains("attestations is open to others"));
        assertThrows(UncheckedIOException.class, () -> book.write(SAID), "nothing is written there either");
    }

    @Test
    void aFileOfAnotherOwnerDoesNotCount() throws Exception {
        assumeTrue("root".equals(Files.getOwner(Path.of("/proc/self")).getName()), "only root gives files away");
        book.write(SAID);
        Files.setOwner(
                file, storage.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        assertTrue(trouble().contains("belongs to nobody"), trouble());
    }

    @Test
    void aLinkAPipeAndADirectoryAreRefusedAtOnce() throws Exception {
        book.write(SAID);
        var real = Files.move(file, storage.resolve("real.json"));
        Files.createSymbolicLink(file, real);
        assertTrue(refused().contains("symbolic link"), refused());
        Files.delete(file);
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", "-m", "600", file.toString())
                        .start()
                        .waitFor());
        assertTrue(refused().contains("not a regular file"), refused());
        Files.delete(file);
        Files.createDirectory(file);
        assertTrue(refused().contains("not a regular file"), refused());
        Files.delete(file);
        Files.move(folder, storage.resolve("elsewhere"));
        Files.createSymbolicLink(folder, storage.resolve("elsewhere"));
        assertTrue(refused().contains("symbolic link"), refused());
        assertThrows(UncheckedIOException.class, () -> book.write(SAID));
    }

    private String refused() {
        var unseen = assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> assertThrows(Unseen.class, () -> book.find("A-TEST-5")));
        return String.valueOf(unseen.getMessage());
    }

    @Test
    void whatIsTooLongOrNoAttestationIsRefused() throws Exception {
        book.write(SAID);
        Files.writeString(file, "[".repeat(16_385));
        assertTrue(refused().contains("more than"), refused());
        for (var text : new String[] {
            "", "[]", "{", "{\"item\":\"A-TEST-5\"}", Files.readString(file).substring(9)
        }) {
            Files.writeString(file, text.length() > 9_000 ? "nonsense" : text);
            assertTrue(refused().contains("holds no attestation"), text);
        }
    }
}
