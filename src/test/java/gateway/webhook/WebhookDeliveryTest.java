package gateway.webhook;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.store.SqlDialect;

@ParameterizedClass
@EnumSource(SqlDialect.class)
class WebhookDeliveryTest {
    @Parameter
    SqlDialect dialect;

    @TempDir
    Path directory;

    @Test
    void anEventReachesTheReceiverSignedAndOnceStored() throws Exception {
        try (var receiver = new WebhookReceiver();
                var rig = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            var notice = rig.happen(WebhookGiven.message("3EB0", "hello"));
            await().until(() -> rig.count("state = 1") == 1);
            var hit = receiver.hits().getFirst();
            assertEquals(notice.id(), hit.id());
            assertEquals("/hook?x=a%2Fb", hit.path());
            assertEquals("application/json", hit.headers().get("content-type"));
            assertEquals(String.valueOf(hit.body().length), hit.headers().get("content-length"));
            assertEquals(
                    Signer.hub(hit.body(), WebhookGiven.SECRET), hit.headers().get("x-hub-signature-256"));
        }
    }

    @Test
    void aFailedDeliveryIsRetriedWithTheSameIdAndBytes() throws Exception {
        try (var receiver = new WebhookReceiver().answers(500);
                var rig = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            rig.happen(WebhookGiven.message("3EB0", "hello"));
            await().until(() -> rig.count("state = 0 AND attempts = 1") == 1);
            receiver.answers(204);
            rig.advance(Duration.ofSeconds(7));
            await().until(() -> rig.count("state = 1") == 1);
            assertEquals(2, receiver.hits().size());
            assertEquals(receiver.hits().get(0).id(), receiver.hits().get(1).id());
            assertArrayEquals(
                    receiver.hits().get(0).body(), receiver.hits().get(1).body());
            assertTrue(rig.store.number("SELECT count(*) FROM webhook_attempt") == 2);
        }
    }

    @Test
    void aBusyEndpointIsServedOverFewConnections() throws Exception {
        try (var receiver = new WebhookReceiver();
                var rig = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            for (int i = 0; i < 400; i++) {
                rig.happen(WebhookGiven.message("m" + i, "hello"));
            }
            await().until(() -> rig.count("state = 1") == 400);
            assertEquals(400, receiver.hits().size());
            long connections = receiver.hits().stream()
                    .map(WebhookReceiver.Hit::peer)
                    .distinct()
                    .count();
            // As many as run at once; on a slow machine some rest for so long between two that they are given up.
            assertTrue(connections <= 4 * EndpointQueue.CONCURRENCY, connections + " connections");
        }
    }
}
