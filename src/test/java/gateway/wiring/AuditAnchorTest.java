package gateway.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.audit.AuditEntry;
import gateway.audit.AuditLog;
import gateway.audit.AuditMetrics;
import gateway.audit.AuditVerifier;
import gateway.audit.SecurityEvent;
import gateway.store.Database;
import gateway.store.Store;

/**
 * Somebody cuts the security log back to an earlier moment, with its checkpoints and its state, but not the database.
 */
class AuditAnchorTest {
    @TempDir
    Path directory;

    private Store store;
    private AuditAnchor anchor;

    @BeforeEach
    void open() {
        store = Store.open(new Database.Sqlite(directory.resolve("whatsapp.db")));
        anchor = new AuditAnchor(store, directory.resolve("keys"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void theDatabaseKnowsOfTheLinesThatAreGone() throws IOException {
        write(3);
        var earlier = copied();
        write(4);
        assertEquals(Optional.empty(), verify(anchor.checkpoints()));
        putBack(earlier);
        assertEquals(Optional.empty(), verify(List.of()), "the files agree with each other");
        assertTrue(verify(anchor.checkpoints()).orElse("").contains("the log ends with line 3, but line 7 was there"));
    }

    @Test
    void aLogThatWentOnAfterwardsContradictsTheDatabase() throws IOException {
        write(3);
        var earlier = copied();
        write(4);
        putBack(earlier);
        write(4);
        assertEquals(Optional.empty(), verify(List.of()));
        assertTrue(
                verify(anchor.checkpoints()).orElse("").contains("checkpoint"),
                verify(anchor.checkpoints()).toString());
    }

    private void write(int lines) throws IOException {
        try (var log = new AuditLog(
                directory.resolve("security.log"),
                directory.resolve("keys"),
                Clock.systemUTC(),
                anchor::keep,
                AuditMetrics.NONE)) {
            for (int i = 0; i < lines; i++) {
                log.write(new AuditEntry(SecurityEvent.USER_CREATED, "ada", "-", "-", AuditEntry.SUCCESS, Map.of()));
            }
        }
        store.write(tx -> 0);
    }

    private Map<Path, byte[]> copied() throws IOException {
        var files = new HashMap<Path, byte[]>();
        for (var name : List.of("security.log", "audit.checkpoints", "keys/audit.state")) {
            files.put(directory.resolve(name), Files.readAllBytes(directory.resolve(name)));
        }
        return files;
    }

    private static void putBack(Map<Path, byte[]> files) throws IOException {
        for (var file : files.entrySet()) {
            Files.write(file.getKey(), file.getValue());
        }
    }

    private Optional<String> verify(List<String> anchors) throws IOException {
        var keys = directory.resolve("keys");
        return new AuditVerifier(keys.resolve("audit.seed"), keys.resolve("audit.pub"))
                .verify(
                        List.of(directory.resolve("security.log")),
                        List.of(directory.resolve("audit.checkpoints")),
                        anchors,
                        Optional.of(keys.resolve("audit.state")))
                .problem();
    }
}
