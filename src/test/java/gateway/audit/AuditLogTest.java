package gateway.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

class AuditLogTest {
    @TempDir
    Path directory;
    private Path file;
    private Path keys;
    private final List<String> journal = new CopyOnWriteArrayList<>();
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);

    @BeforeEach
    void paths() {
        file = directory.resolve("log/security.log");
        keys = directory.resolve("keys");
    }

    private AuditLog open() throws IOException {
        return new AuditLog(file, keys, clock, journal::add, AuditMetrics.NONE);
    }

    private static AuditEntry change(String actor) {
        return new AuditEntry(SecurityEvent.USER_CREATED, actor, "192.0.2.1", "req-12345", AuditEntry.SUCCESS, Map.of("user", "eve"));
    }

    private static AuditEntry login(int i) {
        return new AuditEntry(SecurityEvent.AUTHN_LOGIN_SUCCESS, "ada", "192.0.2." + i % 250, "req-" + i, AuditEntry.SUCCESS, Map.of());
    }

    private AuditVerifier.Report verify() throws IOException {
        return new AuditVerifier(keys.resolve("audit.seed"), keys.resolve("audit.pub")).verify(AuditVerifier.rotated(file),
                List.of(file.resolveSibling("audit.checkpoints")), List.of(), Optional.of(keys.resolve("audit.state")));
    }

    private void fill(int lines) throws IOException {
        try (AuditLog log = open()) {
            for (int i = 0; i < lines; i++) {
                log.write(login(i));
                if (i % 40 == 0) {
                    log.write(change("ada"));
                    now = now.plus(Duration.ofMinutes(5));
                }
            }
        }
    }

    @Test
    void anAdministrativeEventIsInTheFileWhenItReturns() throws IOException {
        try (AuditLog log = open()) {
            log.write(change("ada"));
            String text = Files.readString(file);
            assertTrue(text.contains("\"event\":\"user_created\",\"actor\":\"ada\",\"src_ip\":\"192.0.2.1\",\"req_id\":\"req-12345\""), text);
            var json = new ObjectMapper().readTree(text.lines().findFirst().orElseThrow());
            assertEquals("eve", json.path("details").path("user").asText());
        }
    }

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
            if (java.util.Arrays.equals(changed, sound)) {
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
        var report = new AuditVerifier(keys.resolve("audit.seed"), keys.resolve("audit.pub")).verify(List.of(file),
                List.of(elsewhere), List.of(), Optional.empty());
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
    void rotationKeepsTheChain() throws IOException {
        try (AuditLog log = open()) {
            log.write(change("ada"));
            Files.move(file, file.resolveSibling("security.log.1"));
            log.write(change("bob"));
            Files.move(file.resolveSibling("security.log.1"), file.resolveSibling("security.log.2"));
            Files.move(file, file.resolveSibling("security.log.1"));
            log.write(change("eve"));
        }
        assertEquals(new AuditVerifier.Report(3, Optional.empty()), verify());
        assertEquals(1, Files.readAllLines(file).size());

        Files.delete(file.resolveSibling("security.log.2"));
        assertEquals(new AuditVerifier.Report(2, Optional.empty()), verify(), "old files may be deleted in their time");
        Files.delete(file.resolveSibling("security.log.1"));
        Files.move(file, file.resolveSibling("security.log.1"));
        Files.createFile(file);
        assertEquals(Optional.empty(), verify().problem());
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
    void theServerAndACommandWriteOneChain() throws Exception {
        try (AuditLog log = open()) {
            log.write(change("server"));
            for (int i = 0; i < 2; i++) {
                var command = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-cp",
                        System.getProperty("java.class.path"), OtherProcess.class.getName(), file.toString(), keys.toString());
                assertEquals(0, command.inheritIO().start().waitFor());
                log.write(change("server"));
            }
        }
        assertEquals(new AuditVerifier.Report(3 + 2 * OtherProcess.LINES, Optional.empty()), verify());
    }

    @Test
    void aTornLastLineOfACrashIsCutAndTheChainGoesOn() throws IOException {
        fill(10);
        Files.writeString(file, "{\"seq\":12,\"ts\":\"20", StandardOpenOption.APPEND);
        fill(10);
        assertEquals(Optional.empty(), verify().problem());
    }

    @Test
    void linesThatTheStateDoesNotKnowAfterACrashAreTakenOver() throws IOException {
        fill(10);
        byte[] state = Files.readAllBytes(keys.resolve("audit.state"));
        byte[] checkpoints = Files.readAllBytes(file.resolveSibling("audit.checkpoints"));
        try (AuditLog log = open()) {
            log.write(change("ada"));
        }
        Files.write(keys.resolve("audit.state"), state);
        Files.write(file.resolveSibling("audit.checkpoints"), checkpoints);
        fill(1);
        assertEquals(new AuditVerifier.Report(14, Optional.empty()), verify());
    }

    @Test
    void nothingThatAClientSendsCanEndALineOrBecomeAMember() throws IOException {
        String evil = "x\",\"actor\":\"root\"}\r\n{\"seq\":2}\u2028\u0085\u001b[2J\\";
        try (AuditLog log = open()) {
            log.write(new AuditEntry(SecurityEvent.USER_CREATED, evil, evil, evil, evil, Map.of(evil, evil)));
        }
        List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
        assertEquals(1, lines.size());
        assertEquals(evil, new ObjectMapper().readTree(lines.getFirst()).path("actor").asText());
        assertTrue(lines.getFirst().chars().allMatch(c -> c >= 0x20 && c < 0x7f));
        assertEquals(Optional.empty(), verify().problem());
    }

    @Test
    void whatComesInNumbersIsOneLineWithACount() throws IOException {
        try (AuditLog log = open()) {
            for (int i = 0; i < 500; i++) {
                log.count(new AuditEntry(SecurityEvent.AUTHN_LOGIN_SUCCESS, "ada", "192.0.2.1", "req-" + i, AuditEntry.SUCCESS, Map.of()));
            }
        }
        var lines = Files.readAllLines(file);
        assertEquals(1, lines.size());
        assertTrue(lines.getFirst().contains("\"count\":\"500\""), lines.getFirst());
    }

    @Test
    void whenItCannotBeWrittenTheActIsRefused() throws IOException {
        try (AuditLog log = open()) {
            log.write(change("ada"));
            Files.move(file, file.resolveSibling("security.log.1"));
            Files.createDirectory(file);
            assertThrows(AuditUnavailable.class, () -> log.write(change("ada")));
            Files.delete(file);
            log.write(change("bob"));
        }
        assertEquals(Optional.empty(), verify().problem());
    }

    @Test
    void personalDataIsTheSameHashForTheSameValueAndNeverItself() throws IOException {
        try (AuditLog log = open()) {
            assertEquals(log.keyed("6281234567890"), log.keyed("6281234567890"));
            assertNotEquals(log.keyed("6281234567890"), log.keyed("6281234567891"));
            assertTrue(log.keyed("6281234567890").matches("hmac:[0-9a-f]{32}"));
        }
    }

    @Test
    void keysAreTheOwnersOnly() throws IOException {
        fill(1);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)));
        try (var files = Files.list(keys)) {
            for (Path key : files.toList()) {
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)), key.toString());
            }
        }
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void theStandaloneVerifierComesToTheSameConclusion() throws Exception {
        fill(100);
        assertEquals(0, python());
        byte[] sound = Files.readAllBytes(file);
        var random = new Random(7);
        for (int i = 0; i < 9; i++) {
            Files.write(file, Mutation.of(i).apply(sound, random));
            assertEquals(1, python(), "mutation of kind " + i);
        }
        Files.delete(file);
        assertEquals(2, python());
    }

    private int python() throws Exception {
        var command = new ArrayList<String>(List.of("python3", "src/main/dist/audit-verify.py", "--seed",
                keys.resolve("audit.seed").toString(), "--key", keys.resolve("audit.pub").toString(),
                "--checkpoints", file.resolveSibling("audit.checkpoints").toString(),
                "--state", keys.resolve("audit.state").toString(), file.toString()));
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
