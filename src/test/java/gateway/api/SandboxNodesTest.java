package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.database.PostgresForTests;

/** The sandbox on a node that has not the account's line. */
class SandboxNodesTest {
    @TempDir
    Path one;

    @TempDir
    Path two;

    @Test
    void everySandboxCallOnTheOtherNodeSaysThatAnotherServesTheDevice() {
        var database = PostgresForTests.running().fresh();
        try (var owner = new ApiRig(one, database).paired();
                var other = new ApiRig(two, database)) {
            for (var path : List.of("/sandbox/pair", "/sandbox/drop")) {
                elsewhere(path, other.post(path, ApiRig.object()));
            }
            elsewhere("/sandbox/ban", other.post("/sandbox/ban", ApiRig.object().put("banned", true)));
            elsewhere(
                    "/sandbox/receipts",
                    other.post(
                            "/sandbox/receipts",
                            ApiRig.object().put("delivered_after_ms", 1).put("read_after_ms", 1)));
            elsewhere(
                    "/sandbox/fail", other.post("/sandbox/fail", ApiRig.object().put("sends", 1)));
            elsewhere(
                    "/sandbox/inbound",
                    other.post(
                            "/sandbox/inbound",
                            ApiRig.object().put("from", ApiRig.ALICE).put("message", "hello")));
            elsewhere(
                    "/sandbox/typing",
                    other.post(
                            "/sandbox/typing",
                            ApiRig.object().put("from", ApiRig.ALICE).put("state", "composing")));
            elsewhere(
                    "/sandbox/contact",
                    other.post(
                            "/sandbox/contact",
                            ApiRig.object().put("phone", ApiRig.BOB).put("name", "Bob")));
            elsewhere(
                    "/sandbox/call", other.post("/sandbox/call", ApiRig.object().put("from", ApiRig.ALICE)));
            elsewhere("/sandbox/state", other.get("/sandbox/state"));
            elsewhere("/sandbox/deeds", other.get("/sandbox/deeds"));
            assertEquals(200, owner.get("/sandbox/state").status());
            assertEquals(404, other.get("/sandbox/state?device_id=nobody").status());
        }
    }

    private static void elsewhere(String path, ApiRig.Reply reply) {
        assertEquals(503, reply.status(), path + " " + reply.json());
        assertTrue(reply.headers().firstValue("Retry-After").isPresent(), path);
    }
}
