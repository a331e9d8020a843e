package gateway.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A log, its keys and its clock in a folder of the test's own. */
abstract class AuditFolder {
    @TempDir
    Path directory;

    Path file;
    Path keys;
    final List<String> journal = new CopyOnWriteArrayList<>();
    final AtomicInteger losses = new AtomicInteger();
    volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);

    @BeforeEach
    void paths() {
        file = directory.resolve("log/security.log");
        keys = directory.resolve("keys");
    }

    AuditLog open() throws IOException {
        return new AuditLog(file, keys, clock, journal::add, new AuditMetrics() {
            @Override
            public void lost() {
                losses.incrementAndGet();
            }
        });
    }

    static AuditEntry change(String actor) {
        return new AuditEntry(
                SecurityEvent.USER_CREATED, actor, "192.0.2.1", "req-12345", AuditEntry.SUCCESS, Map.of("user", "eve"));
    }

    static AuditEntry login(int i) {
        return new AuditEntry(
                SecurityEvent.AUTHN_LOGIN_SUCCESS,
                "ada",
                "192.0.2." + i % 250,
                "req-" + i,
                AuditEntry.SUCCESS,
                Map.of());
    }

    AuditVerifier.Report verify() throws IOException {
        return new AuditVerifier(keys.resolve("audit.seed"), keys.resolve("audit.pub"))
                .verify(
                        AuditVerifier.rotated(file),
                        List.of(file.resolveSibling("audit.checkpoints")),
                        List.of(),
                        Optional.of(keys.resolve("audit.state")));
    }

    void fill(int lines) throws IOException {
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
}
