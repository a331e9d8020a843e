package gateway.audit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

import org.junit.jupiter.api.Test;

/** When the journal gets a checkpoint: whoever cuts the log must be convicted by the last one that left the machine. */
class CheckpointTimesTest extends AuditFolder {
    @Test
    void aChangeAfterAQuietMinuteIsVouchedForAtOnce() throws IOException {
        try (AuditLog log = open()) {
            log.write(change("ada"));
            assertVouchedFor(1, 1);
            now = now.plusSeconds(60);
            log.write(change("bob"));
            assertVouchedFor(2, 2);
        }
        assertEquals(2, journal.size(), "the end has nothing to add");
    }

    @Test
    void whatComesWithinTheMinuteIsVouchedForOnceAtItsEnd() throws IOException {
        try (AuditLog log = open()) {
            for (int i = 0; i < 30; i++) {
                log.write(change("ada"));
                assertVouchedFor(1, 1);
                now = now.plusSeconds(1);
            }
            now = now.plusSeconds(30);
            assertVouchedFor(2, 30);
        }
        assertEquals(2, journal.size());
    }

    @Test
    void whereNothingHappensNothingIsWritten() throws Exception {
        try (AuditLog log = open()) {
            Thread.sleep(Duration.ofMillis(600));
            assertEquals(0, journal.size());
            log.write(change("ada"));
            for (int minute = 0; minute < 5; minute++) {
                now = now.plusSeconds(61);
                Thread.sleep(Duration.ofMillis(300));
            }
            assertVouchedFor(1, 1);
        }
    }

    @Test
    void theFileOfCheckpointsIsItsOwnersAlone() throws IOException {
        try (AuditLog log = open()) {
            log.write(change("ada"));
            assertVouchedFor(1, 1);
        }
        var checkpoints = file.resolveSibling("audit.checkpoints");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(checkpoints)));
    }

    private void assertVouchedFor(int checkpoints, int line) {
        await().untilAsserted(() -> assertEquals(checkpoints, journal.size(), journal::toString));
        assertTrue(journal.getLast().contains("\"seq\":" + line + ","), journal.getLast());
    }
}
