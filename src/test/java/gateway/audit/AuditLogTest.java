package gateway.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

/** What is written: lines, rotation, crashes. */
class AuditLogTest extends AuditFolder {
    @Test
    void anAdministrativeEventIsInTheFileWhenItReturns() throws IOException {
        try (AuditLog log = open()) {
            log.write(change("ada"));
            String text = Files.readString(file);
            assertTrue(
                    text.contains(
                            "\"event\":\"user_created\",\"actor\":\"ada\",\"src_ip\":\"192.0.2.1\",\"req_id\":\"req-12345\""),
                    text);
            var json = new ObjectMapper().readTree(text.lines().findFirst().orElseThrow());
            assertEquals("eve", json.path("details").path("user").asText());
        }
    }

    /** fail2ban bans by the network of an IPv6 address, which it cannot compute. */
    @Test
    void anAddressOfVersionSixIsNamedWithItsNetwork() throws Exception {
        var network = Map.of(
                "2001:db8:0:0:0:0:0:7",
                "2001:db8:0:0::/64",
                "2001:db8:1:2:3:4:5:6%eth0",
                "2001:db8:1:2::/64",
                InetAddress.getByName("2001:db8:a::7").getHostAddress(),
                "2001:db8:a:0::/64");
        network.forEach((address, site) -> assertEquals(Optional.of(site), AuditLine.site(address), address));
        for (String address : List.of("192.0.2.1", "-", "2001:db8::7", "a:b:c:d:e:f:0:1:2", "x:b:c:d:e:f:0:1")) {
            assertEquals(Optional.empty(), AuditLine.site(address), address);
        }
        try (AuditLog log = open()) {
            log.write(new AuditEntry(
                    SecurityEvent.AUTHN_LOGIN_FAIL, "-", "2001:db8:0:0:0:0:0:7", "r", AuditEntry.FAILURE, Map.of()));
        }
        String text = Files.readString(file);
        assertTrue(
                text.contains("\"src_ip\":\"2001:db8:0:0:0:0:0:7\",\"src_net\":\"2001:db8:0:0::/64\",\"req_id\""),
                text);
        assertEquals(Optional.empty(), verify().problem());
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
    void theServerAndACommandWriteOneChain() throws Exception {
        try (AuditLog log = open()) {
            log.write(change("server"));
            for (int i = 0; i < 2; i++) {
                var command = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherProcess.class.getName(),
                        file.toString(),
                        keys.toString());
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
        assertEquals(
                evil,
                new ObjectMapper().readTree(lines.getFirst()).path("actor").asText());
        assertTrue(lines.getFirst().chars().allMatch(c -> c >= 0x20 && c < 0x7f));
        assertEquals(Optional.empty(), verify().problem());
    }

    @Test
    void whatComesInNumbersIsOneLineWithACount() throws IOException {
        try (AuditLog log = open()) {
            for (int i = 0; i < 500; i++) {
                log.count(new AuditEntry(
                        SecurityEvent.AUTHN_LOGIN_SUCCESS,
                        "ada",
                        "192.0.2.1",
                        "req-" + i,
                        AuditEntry.SUCCESS,
                        Map.of()));
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
                assertEquals(
                        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)), key.toString());
            }
        }
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }
}
