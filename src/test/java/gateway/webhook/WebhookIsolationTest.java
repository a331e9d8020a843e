package gateway.webhook;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.store.SqlDialect;

@ParameterizedClass
@EnumSource(SqlDialect.class)
class WebhookIsolationTest {
    @Parameter
    SqlDialect dialect;

    @TempDir
    Path directory;

    @Test
    void anEndpointThatHangsHoldsUpNobodyAndOnlyItsWindowIsInMemory() throws Exception {
        try (var silent = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
                var receiver = new WebhookReceiver();
                var rig = new WebhookRig(
                        dialect,
                        directory,
                        new WebhookRig.Clock(),
                        Duration.ofSeconds(3),
                        Optional.empty(),
                        WebhookGiven.endpoint("hangs", "http://127.0.0.1:" + silent.getLocalPort() + "/"),
                        WebhookGiven.endpoint("b", receiver.url()))) {
            for (int i = 0; i < 300; i++) {
                rig.happen(WebhookGiven.message("m" + i, "hello"));
            }
            await().atMost(Duration.ofSeconds(8)).until(() -> rig.count("endpoint = 'b' AND state = 1") == 300);
            assertEquals(0, rig.count("endpoint = 'hangs' AND state = 1"));
            assertTrue(rig.count("endpoint = 'hangs' AND claimed_by <> ''") <= EndpointQueue.WINDOW);
        }
    }

    @Test
    void anEndpointThatIsDownIsLeftAloneForHalfAMinuteAndThenProbedOnce() throws Exception {
        try (var receiver = new WebhookReceiver().answers(500);
                var rig = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            for (int i = 0; i < 200; i++) {
                rig.happen(WebhookGiven.message("m" + i, "hello"));
            }
            await().until(() -> rig.count("claimed_by <> ''") == 0 && rig.count("attempts = 1") > 0);
            int tried = receiver.hits().size();
            assertTrue(tried < 200, "tried " + tried);
            rig.advance(Duration.ofSeconds(31));
            await().until(() -> receiver.hits().size() == tried + 1);
            rig.advance(Duration.ofSeconds(5));
            assertEquals(tried + 1, receiver.hits().size());
            receiver.answers(200);
            rig.advance(Duration.ofMinutes(8));
            await().until(() -> rig.count("state = 1") == 200);
        }
    }
}
