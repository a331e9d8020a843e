package gateway;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.audit.AuditLog;
import gateway.audit.AuditMetrics;
import gateway.store.Database;
import gateway.store.Store;

/** What has nothing to do ends at once: a stop does not wait for the end of a wait. */
class IdleStopTest {
    private static final int TRIES = 5;
    /** After this time each part waits for work, at the beginning of its wait. */
    private static final Duration SETTLED = Duration.ofMillis(20);

    @TempDir
    Path directory;

    @Test
    void theStoreEndsAtOnce() throws Exception {
        Store.open(new Database.Sqlite(directory.resolve("whatsapp.db"))).close();
        assertTrue(quickest(() -> Store.open(new Database.Sqlite(directory.resolve("whatsapp.db"))))
                        .toMillis()
                < 250);
    }

    @Test
    void theSecurityLogEndsAtOnce() throws Exception {
        assertTrue(quickest(() -> new AuditLog(
                                directory.resolve("security.log"),
                                directory.resolve("audit"),
                                Clock.systemUTC(),
                                checkpoint -> {},
                                AuditMetrics.NONE))
                        .toMillis()
                < 100);
    }

    /** Opens and closes, and takes the best of several times: another program may hold up one of them. */
    private static Duration quickest(Opening opening) throws Exception {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < TRIES; i++) {
            var part = opening.open();
            Thread.sleep(SETTLED);
            long begun = System.nanoTime();
            part.close();
            best = Math.min(best, System.nanoTime() - begun);
        }
        return Duration.ofNanos(best);
    }

    private interface Opening {
        AutoCloseable open() throws Exception;
    }
}
