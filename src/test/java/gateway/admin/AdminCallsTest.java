package gateway.admin;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.audit.SecurityEvent;

/** Who may call the Admin API, and what is remembered of every call. */
class AdminCallsTest {
    @TempDir
    Path folder;

    private AdminRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new AdminRig(
                Files.createDirectory(folder.resolve("instances")),
                Map.of("APP_PROFILE", "production", "WHATSAPP_ENGINE", "sandbox"));
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void withoutTheTokenNothingButHealthAnswersAndEachRefusalHasItsWord() {
        var missing = rig.send(rig.anonymous("/admin/instances").GET());
        assertEquals(401, missing.status());
        assertEquals("missing_authorization", missing.error());
        assertEquals(
                "Bearer realm=\"whatsapp-admin\"",
                missing.raw().headers().firstValue("WWW-Authenticate").orElseThrow());
        assertEquals(
                "invalid_authorization",
                rig.send(rig.anonymous("/admin/instances").header("Authorization", "Token x"))
                        .error());
        assertEquals(
                "invalid_token",
                rig.send(rig.anonymous("/admin/instances").header("Authorization", "Bearer " + AdminRig.TOKEN + "0"))
                        .error());
        assertEquals(401, rig.send(rig.anonymous("/nothing")).status());
        assertEquals(200, rig.send(rig.anonymous("/healthz")).status());
        assertEquals(200, rig.send(rig.anonymous("/readyz")).status());
    }

    @Test
    void whoeverGuessesIsToldToWaitAndTheOwnerElsewhereIsNot() {
        for (int i = 0; i < 10; i++) {
            assertEquals(
                    401,
                    rig.send(rig.anonymous("/admin/instances").header("Authorization", "Bearer guess" + i))
                            .status());
        }
        var waits = rig.send(rig.anonymous("/admin/instances").header("Authorization", "Bearer guess"));
        assertEquals(429, waits.status());
        assertEquals("30", waits.raw().headers().firstValue("Retry-After").orElseThrow());
        assertTrue(rig.audited.stream().anyMatch(entry -> entry.event() == SecurityEvent.AUTHN_LOGIN_FAIL_MAX));
    }

    @Test
    void everyCallIsInTheSecurityLogWithActorAddressAndRequest() {
        rig.post("{\"port\":3001}");
        rig.get("/admin/instances/3001");
        rig.get("/admin/instances/3001");
        var calls = rig.audited.stream()
                .filter(entry -> entry.event() == SecurityEvent.AUTHZ_ADMIN)
                .toList();
        assertEquals(3, calls.size());
        assertEquals("ADMIN_TOKEN", calls.getFirst().actor());
        assertEquals("127.0.0.1", calls.getFirst().address());
        assertTrue(calls.getFirst().requestId().matches("[0-9a-f]{32}"));
        assertEquals(
                Map.of("listener", "admin", "method", "GET", "path", "/admin/instances/3001"),
                calls.get(1).details());
        assertFalse(rig.audited.toString().contains(AdminRig.TOKEN));
    }

    @Test
    void withoutTheSecurityLogNothingIsDone() throws Exception {
        rig.auditFails = true;
        assertEquals(503, rig.post("{\"port\":3001}").status());
        assertEquals(503, rig.get("/admin/instances").status());
        assertEquals(List.of(), rig.files.ports());
        assertEquals(List.of(), rig.supervisor.done);
    }

    @Test
    void whatIsDoneIsCounted() {
        rig.post("{\"port\":3001}");
        rig.get("/admin/instances/3009");
        rig.get("/somewhere/else");
        rig.post("{\"port\":3001}");
        // Counted after the reply went out.
        await().untilAsserted(() -> assertEquals(
                List.of(
                        "create success",
                        "POST /admin/instances 201",
                        "GET /admin/instances/{port} 404",
                        "GET other 404",
                        "create error",
                        "POST /admin/instances 409"),
                rig.counted));
    }
}
