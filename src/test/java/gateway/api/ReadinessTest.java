package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.process.WorkerKind;

class ReadinessTest {
    @TempDir
    Path directory;

    @Test
    void aWorkerThatIsStuckMakesTheGatewayUnreadyAndIsNamed() {
        try (var rig = new ApiRig(directory)) {
            assertEquals(200, rig.get("/readyz").status());
            var worker = rig.workers.add(WorkerKind.WEBHOOK_COMPLETIONS);
            worker.begin();
            rig.ahead.set(TimeUnit.SECONDS.toNanos(9));
            assertEquals(200, rig.get("/readyz").status());
            rig.ahead.set(TimeUnit.SECONDS.toNanos(11));
            var red = rig.get("/readyz?verbose");
            assertEquals(503, red.status());
            assertTrue(red.message().contains("webhook-completions"), red.message());
            assertEquals("down", red.results().path("webhook-completions").asText());
            assertEquals("up", red.results().path("outbox-sender").asText());
            assertEquals(503, rig.get("/health").status());
            assertEquals(200, rig.get("/livez").status());
            worker.done();
            assertEquals(200, rig.get("/readyz").status());
        }
    }

    @Test
    void oneThatOnlyTakesNewSettingsOverSendsNobodyAway() {
        try (var rig = new ApiRig(directory)) {
            rig.workers.add(WorkerKind.RELOADING).begin();
            rig.ahead.set(TimeUnit.SECONDS.toNanos(60));
            assertEquals(200, rig.get("/readyz").status());
        }
    }
}
