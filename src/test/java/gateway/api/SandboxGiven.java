package gateway.api;

import static org.awaitility.Awaitility.await;

import java.time.Duration;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What the tests of the sandbox say and wait for. */
final class SandboxGiven {
    private SandboxGiven() {}

    static ObjectNode to(String text) {
        return ApiRig.object().put("phone", ApiRig.ALICE).put("message", text);
    }

    static void until(java.util.concurrent.Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(10)).until(condition);
    }
}
