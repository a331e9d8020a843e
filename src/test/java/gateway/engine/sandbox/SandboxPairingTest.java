package gateway.engine.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.engine.EngineRefusal;
import gateway.engine.MediaFiles;
import gateway.store.Database;
import gateway.store.Store;

/** A code of the sandbox stays the same for a minute, and links the account once. */
class SandboxPairingTest {
    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-29T00:00:00Z"));
    private Store store;
    private SandboxSession session;

    @BeforeEach
    void open() {
        store = Store.open(new Database.Sqlite(folder.resolve("whatsapp.db")));
        store.write(tx -> tx.insert("INSERT INTO device (id, created_at) VALUES ('default', 1)"));
        InstantSource clock = now::get;
        session = new SandboxEngine(new MediaFiles(folder.resolve("media")), clock)
                .open("default", store, (events, beside) -> {});
    }

    @AfterEach
    void close() {
        session.close();
        store.close();
    }

    @Test
    void aFurtherAskGivesTheCurrentCodeUntilItsTimeIsOver() {
        var first = session.pair();
        now.updateAndGet(time -> time.plusSeconds(59));
        assertEquals(first.text(), session.pair().text());
        assertEquals(Duration.ofSeconds(1), session.pair().validFor());
        now.updateAndGet(time -> time.plusSeconds(1));
        assertNotEquals(first.text(), session.pair().text());
        assertEquals(Duration.ofSeconds(60), session.pair().validFor());
    }

    @Test
    void aCodeIsScannedOnce() {
        var first = session.pair();
        session.scan();
        session.logout();
        assertThrows(EngineRefusal.class, session::scan);
        assertNotEquals(first.text(), session.pair().text());
    }
}
