package gateway.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.check.Attestation;
import gateway.check.AttestationBook;
import gateway.check.Unseen;

/** The command line of {@code whatsapp attest}. */
class AttestCommandTest {
    private static final Instant NOW = Instant.parse("2027-01-01T12:00:00Z");

    @TempDir
    Path directory;

    private CommandRig rig;
    private AttestationBook book;
    private final List<Attestation> noted = new ArrayList<>();

    @BeforeEach
    void open() {
        rig = new CommandRig(directory);
        book = new AttestationBook(directory, text -> "seal" + text.hashCode());
    }

    private int run(String... words) {
        rig = new CommandRig(directory);
        return rig.commands(Map.of())
                .with(
                        "attest",
                        () -> new AttestCommand(
                                () -> new AttestCommand.Open(book, this::hash, noted::add, () -> {}),
                                InstantSource.fixed(NOW)))
                .run(words);
    }

    private String hash(Path file) {
        if (Files.notExists(file)) {
            throw new Unseen(file + " is not there");
        }
        return "0".repeat(64);
    }

    /** One sentence, exit 2, and nothing recorded. */
    private void refused(String sentence, String... words) {
        assertEquals(2, run(words));
        assertTrue(rig.err.toString().contains(sentence), rig.err.toString());
        assertEquals(1, rig.err.toString().lines().count(), rig.err.toString());
        assertEquals("", rig.out.toString());
        assertEquals(List.of(), noted);
        assertFalse(Files.exists(directory.resolve("attestations")));
    }

    @Test
    void anAttestationIsInTheLogAndInTheBook() throws Exception {
        var report = Files.writeString(directory.resolve("report.pdf"), "fine");
        assertEquals(
                0,
                run("attest", "a-test-5", "--by", "Ada Example", "--until", "2027-12-31", "--file", report.toString()),
                rig.err.toString());
        assertEquals(
                "A-TEST-5 is attested by Ada Example until 2027-12-31.",
                rig.out.toString().strip());
        var found = book.find("A-TEST-5").orElseThrow().attestation();
        assertEquals(List.of(found), noted);
        assertEquals(report.toString(), found.proof().orElseThrow().path());
        assertEquals(0, run("attest", "--list"));
        assertTrue(rig.out.toString().contains("2027-12-31"), rig.out.toString());
        assertTrue(rig.out.toString().contains("never"), rig.out.toString());
    }

    @Test
    void badInputIsOneSentence() {
        refused("--by is needed", "attest", "A-TEST-5", "--until", "2027-12-31");
        refused("--by is one line", "attest", "A-TEST-5", "--by", " ", "--until", "2027-12-31");
        refused("--by is one line", "attest", "A-TEST-5", "--by", "A\nB", "--until", "2027-12-31");
        refused("--until is needed", "attest", "A-TEST-5", "--by", "Ada");
        refused("--until is in the past", "attest", "A-TEST-5", "--by", "Ada", "--until", "2026-12-31");
        refused("--until must be a day", "attest", "A-TEST-5", "--by", "Ada", "--until", "tomorrow");
        refused("at most 365 days", "attest", "A-TEST-5", "--by", "Ada", "--until", "2028-01-02");
        refused("did you mean A-TEST-5?", "attest", "A-TEST-55", "--by", "Ada", "--until", "2027-12-31");
        refused("ITEM is no item", "attest", "hunter2-secret", "--by", "Ada", "--until", "2027-12-31");
        assertFalse(rig.err.toString().contains("hunter2"));
        refused("is proved by a machine", "attest", "A-TLS-1", "--by", "Ada", "--until", "2027-12-31");
        refused("Say which", "attest");
        refused("--list stands alone", "attest", "A-TEST-5", "--list");
        refused(
                "--file cannot be hashed",
                "attest",
                "A-TEST-5",
                "--by",
                "Ada",
                "--until",
                "2027-12-31",
                "--file",
                "/no/such/file");
    }

    @Test
    void whatTheLogRefusesIsNotRecorded() {
        rig = new CommandRig(directory);
        int exit = rig.commands(Map.of())
                .with(
                        "attest",
                        () -> new AttestCommand(
                                () -> new AttestCommand.Open(
                                        book,
                                        this::hash,
                                        attestation -> {
                                            throw new java.io.UncheckedIOException(
                                                    "The log is full", new java.io.IOException());
                                        },
                                        () -> {}),
                                InstantSource.fixed(NOW)))
                .run(new String[] {"attest", "A-TEST-5", "--by", "Ada", "--until", "2027-12-31"});
        assertEquals(2, exit);
        assertTrue(book.find("A-TEST-5").isEmpty());
    }
}
