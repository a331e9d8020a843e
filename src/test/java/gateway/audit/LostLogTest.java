package gateway.audit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;

/** A file that vanished or shrank is told apart from one that was rotated. */
class LostLogTest extends AuditFolder {

    @Test
    void aLogThatWasRemovedIsALossAndVerifyNamesThePlace() throws IOException {
        try (AuditLog log = open()) {
            for (int i = 0; i < 25; i++) {
                log.write(change("ada"));
            }
            Files.delete(file);
            log.write(change("eve"));
        }
        told("removed or replaced", 25);
        assertTrue(
                verify().problem().orElseThrow().contains(file + ":1: the lines before line 26 are missing"),
                verify().toString());
        assertFalse(String.join("", journal).contains("rotation"), "nothing was signed as a rotation");
    }

    @Test
    void aLogThatWasMovedElsewhereIsALoss() throws IOException {
        try (AuditLog log = open()) {
            log.write(change("ada"));
            Files.move(file, directory.resolve("elsewhere"));
            log.write(change("eve"));
        }
        told("removed or replaced", 1);
    }

    @Test
    void aLogThatWasCutIsALossAndWhatIsWrittenNextStandsBehindTheCut() throws IOException {
        try (AuditLog log = open()) {
            for (int i = 0; i < 25; i++) {
                log.write(change("ada"));
            }
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(Files.readString(file).indexOf("{\"seq\":11,"));
            }
            log.write(change("eve"));
        }
        told("cut short", 25);
        assertTrue(
                verify().problem().orElseThrow().contains(file + ":11: line 11 is missing, here is line 26"),
                verify().toString());
    }

    @Test
    void aLogThatWasEmptiedIsALoss() throws IOException {
        try (AuditLog log = open()) {
            log.write(change("ada"));
            FileChannel.open(file, StandardOpenOption.WRITE).truncate(0).close();
            log.write(change("eve"));
        }
        told("cut short", 1);
        assertTrue(verify().problem().isPresent());
    }

    @Test
    void aLossIsNoticedWithoutAnythingToWrite() throws IOException {
        try (AuditLog log = open()) {
            log.write(change("ada"));
            Files.delete(file);
            await().until(() -> losses.get() == 1);
        }
        told("removed or replaced", 1);
    }

    @Test
    void aLossBetweenTwoRunsIsNoticedAtTheStart() throws IOException {
        fill(3);
        Files.delete(file);
        fill(1);
        assertEquals(1, losses.get());
        assertTrue(verify().problem().isPresent());
    }

    @Test
    void aLogThatWasReplacedByAnotherIsALoss() throws IOException {
        fill(1);
        var old = Files.readAllBytes(file);
        fill(3);
        Files.write(file, old);
        fill(1);
        assertEquals(1, losses.get());
        assertTrue(verify().problem().isPresent());
    }

    @Test
    void rotationsOfEveryOrderlyKindAreNoLoss() throws IOException {
        try (AuditLog log = open()) {
            log.write(change("ada"));
            Files.move(file, file.resolveSibling("security.log-20260101"));
            log.write(change("bob"));
            // As logrotate with compress: the file itself goes, its content stays.
            try (var packed = new GZIPOutputStream(Files.newOutputStream(file.resolveSibling("security.log.1.gz")))) {
                Files.copy(file, packed);
            }
            Files.delete(file);
            log.write(change("eve"));
        }
        Files.move(file, file.resolveSibling("security.log.0"));
        Files.createFile(file);
        fill(1);
        assertEquals(0, losses.get());
        assertEquals(java.util.Optional.empty(), verify().problem());
    }

    @Test
    void aCommandThatFoundTheLossLeavesNothingToFindForTheServer() throws Exception {
        try (AuditLog server = open()) {
            server.write(change("ada"));
            Files.delete(file);
            try (AuditLog command = open()) {
                command.write(change("command"));
            }
            server.write(change("ada"));
        }
        assertEquals(1, losses.get());
    }

    @Test
    void aSymbolicLinkInThePlaceOfTheLogOrItsKeysIsRefused() throws IOException {
        var target = Files.writeString(directory.resolve("target"), "somebody else's half a line");
        Files.createDirectories(file.getParent());
        Files.createSymbolicLink(file, target);
        assertThrows(IOException.class, this::open);
        Files.delete(file);
        fill(1);
        var kept = directory.resolve("kept");
        Files.move(keys, kept);
        Files.createSymbolicLink(keys, kept);
        assertThrows(IOException.class, this::open);
        Files.delete(keys);
        Files.move(kept, keys);
        var checkpoints = file.resolveSibling("audit.checkpoints");
        Files.delete(checkpoints);
        Files.createSymbolicLink(checkpoints, target);
        try (AuditLog log = open()) {
            log.write(change("ada"));
            log.write(login(1));
            log.write(change("ada"));
            assertEquals(
                    1,
                    Files.readString(file)
                            .lines()
                            .filter(line -> line.contains("\"req-1\""))
                            .count());
            Files.delete(file);
            Files.createSymbolicLink(file, target);
            assertThrows(AuditUnavailable.class, () -> log.write(change("ada")));
        }
        assertEquals("somebody else's half a line", Files.readString(target));
    }

    private void told(String how, int last) throws IOException {
        assertEquals(1, losses.get());
        assertTrue(
                Files.readString(file)
                        .contains("\"event\":\"sys_log_lost\",\"actor\":\"system\",\"src_ip\":\"-\",\"req_id\":\"-\","
                                + "\"outcome\":\"failure\",\"details\":{\"how\":\"" + how + "\",\"last_line\":\"" + last
                                + "\"}"),
                Files.readString(file));
    }
}
