package gateway.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;

/** What is found of what was changed since. */
class AuditVerifierTest extends AuditFolder {
    @Test
    void anUntouchedLogIsSoundAcrossRestartsAndEpochs() throws IOException {
        fill(200);
        fill(200);
        var report = verify();
        assertEquals(Optional.empty(), report.problem());
        assertEquals(410, report.lines());
        assertTrue(Files.readString(file).contains(",\"e\":1,"), "the key never changed");
        assertFalse(journal.isEmpty());
    }

    @Test
    void aLogLongerThanWhatIsReadAtOnceIsSound() throws IOException {
        fill(2_000);
        assertTrue(Files.size(file) > 512 * 1024, "it is read in one piece");
        var report = verify();
        assertEquals(Optional.empty(), report.problem());
        assertEquals(2_050, report.lines());
    }

    @Test
    void aPieceOfALineIsNoLine() throws IOException {
        fill(1);
        byte[] line = Files.readString(file).lines().findFirst().orElseThrow().getBytes(StandardCharsets.US_ASCII);
        assertTrue(AuditLine.parse(line, 0, line.length).isPresent());
        for (int cut = 1; cut < line.length; cut++) {
            assertEquals(Optional.empty(), AuditLine.parse(line, 0, cut), "cut at " + cut);
            assertEquals(Optional.empty(), AuditLine.parse(line, cut, line.length), "begun at " + cut);
        }
    }

    @Test
    void aThousandRandomMutationsAreAllFound() throws IOException {
        fill(120);
        byte[] sound = Files.readAllBytes(file);
        byte[] older = null;
        var random = new Random(42);
        for (int i = 0; i < 1000; i++) {
            byte[] changed = Mutation.of(i % 9).apply(sound, random);
            if (Arrays.equals(changed, sound)) {
                continue;
            }
            Files.write(file, changed);
            var report = verify();
            assertTrue(report.problem().isPresent(), "mutation " + i + " of kind " + i % 9 + " was not found");
            older = changed;
        }
        assertNotEquals(null, older);
        Files.write(file, sound);
        assertEquals(Optional.empty(), verify().problem());
    }

    @Test
    void aLogPutBackWithItsCheckpointsAndStateIsSeenByACheckpointKeptElsewhere() throws IOException {
        fill(50);
        byte[] log = Files.readAllBytes(file);
        byte[] checkpoints = Files.readAllBytes(file.resolveSibling("audit.checkpoints"));
        byte[] state = Files.readAllBytes(keys.resolve("audit.state"));
        fill(50);
        Files.write(file, log);
        Files.write(file.resolveSibling("audit.checkpoints"), checkpoints);
        Files.write(keys.resolve("audit.state"), state);
        assertEquals(Optional.empty(), verify().problem());

        Path elsewhere = directory.resolve("journal");
        Files.write(elsewhere, journal);
        var report = new AuditVerifier(keys.resolve("audit.seed"), keys.resolve("audit.pub"))
                .verify(List.of(file), List.of(elsewhere), List.of(), Optional.empty());
        assertTrue(report.problem().orElse("").contains("the log ends with line"), report.toString());
    }

    @Test
    void aForgedCheckpointIsFound() throws IOException {
        fill(50);
        Path checkpoints = file.resolveSibling("audit.checkpoints");
        Files.writeString(checkpoints, Files.readString(checkpoints).replaceFirst("\"seq\":\\d+", "\"seq\":7"));
        assertTrue(verify().problem().orElse("").contains("not signed"), verify().toString());
    }

    @Test
    void aRotatedFileThatIsMissingInTheMiddleIsFound() throws IOException {
        try (AuditLog log = open()) {
            for (int i = 0; i < 3; i++) {
                log.write(change("ada"));
                Files.move(file, file.resolveSibling("security.log." + (9 - i)));
            }
            log.write(change("ada"));
        }
        Files.delete(file.resolveSibling("security.log.8"));
        assertTrue(verify().problem().orElse("").contains("is missing"), verify().toString());
    }

    @Test
    void aRotatedFileThatWasPackedIsCheckedLikeTheOthers() throws Exception {
        fill(60);
        Path packed = file.resolveSibling("security.log.1.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            Files.copy(file, out);
        }
        Files.delete(file);
        fill(10);
        assertEquals(List.of(packed, file), AuditVerifier.rotated(file));
        assertEquals(new AuditVerifier.Report(73, Optional.empty()), verify());
        assertEquals(0, python(packed, file));

        byte[] sound = Files.readAllBytes(packed);
        for (byte[] changed :
                List.of(flipped(sound, sound.length / 2), flipped(sound, 1), Arrays.copyOf(sound, sound.length - 20))) {
            Files.write(packed, changed);
            assertTrue(verify().problem().isPresent());
            assertEquals(1, python(packed, file));
        }
    }

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] copy = bytes.clone();
        copy[at] ^= 4;
        return copy;
    }

    @Test
    void theStandaloneVerifierComesToTheSameConclusion() throws Exception {
        fill(100);
        assertEquals(0, python(file));
        byte[] sound = Files.readAllBytes(file);
        var random = new Random(7);
        for (int i = 0; i < 9; i++) {
            Files.write(file, Mutation.of(i).apply(sound, random));
            assertEquals(1, python(file), "mutation of kind " + i);
        }
        Files.delete(file);
        assertEquals(2, python(file));
    }

    private int python(Path... logs) throws Exception {
        var command = new ArrayList<String>(List.of(
                "python3",
                "src/main/dist/audit-verify.py",
                "--seed",
                keys.resolve("audit.seed").toString(),
                "--key",
                keys.resolve("audit.pub").toString(),
                "--checkpoints",
                file.resolveSibling("audit.checkpoints").toString(),
                "--state",
                keys.resolve("audit.state").toString()));
        Stream.of(logs).map(Path::toString).forEach(command::add);
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
