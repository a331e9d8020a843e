package gateway.webhook;

import static org.awaitility.Awaitility.await;
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

/** A receiver checks one header with one secret, and learns of a new secret at a time of its own. */
@ParameterizedClass
@EnumSource(SqlDialect.class)
class WebhookRotationTest {
    private static final String NEXT = "9b8a7c6d5e4f3a2b1c0d9e8f7a6b5c4d";

    @Parameter
    SqlDialect dialect;

    @TempDir
    Path directory;

    private volatile String known = WebhookGiven.SECRET;

    @Test
    void noDeliveryFailsWhileTheReceiverChangesItsSecret() throws Exception {
        try (var receiver = checking();
                var rig = new WebhookRig(dialect, directory)) {
            var until = rig.clock.millis() + Duration.ofHours(24).toMillis();
            rig.webhooks.configure(java.util.List.of(WebhookGiven.endpoint(
                    "a", receiver.url(), EndpointSecrets.of(WebhookGiven.SECRET).rotated(NEXT, until))));
            deliver(rig, 1);
            assertEquals(1, receiver.hits().size(), "the old secret is tried first");
            known = NEXT;
            deliver(rig, 2);
            assertEquals(3, receiver.hits().size(), "refused with the old one, the new one is tried at once");
            deliver(rig, 3);
            assertEquals(4, receiver.hits().size(), "from then on the new one is first");
            assertEquals(0, rig.count("attempts > 1"));
        }
    }

    @Test
    void whatTheReceiverLearntOutlivesARestart() throws Exception {
        known = NEXT;
        try (var receiver = checking()) {
            var clock = new WebhookRig.Clock();
            var endpoint = WebhookGiven.endpoint(
                    "a",
                    receiver.url(),
                    EndpointSecrets.of(WebhookGiven.SECRET).rotated(NEXT, clock.millis() + 3_600_000));
            try (var rig = new WebhookRig(dialect, directory, endpoint)) {
                deliver(rig, 1);
                assertEquals(2, receiver.hits().size());
            }
            try (var rig = new WebhookRig(dialect, directory, endpoint)) {
                deliver(rig, 2);
                assertEquals(3, receiver.hits().size());
            }
        }
    }

    @Test
    void afterTheOverlapTheOldSecretIsNotUsed() throws Exception {
        try (var receiver = checking();
                var rig = new WebhookRig(dialect, directory)) {
            rig.webhooks.configure(java.util.List.of(WebhookGiven.endpoint(
                    "a",
                    receiver.url(),
                    EndpointSecrets.of(WebhookGiven.SECRET).rotated(NEXT, rig.clock.millis() + 1_000))));
            rig.advance(Duration.ofSeconds(2));
            rig.happen(WebhookGiven.message("m", "hello"));
            await().until(() -> rig.count("attempts = 1") == 1);
            assertEquals(1, receiver.hits().size());
            assertTrue(receiver.hits()
                    .getFirst()
                    .headers()
                    .get("x-hub-signature-256")
                    .equals(Signer.hub(receiver.hits().getFirst().body(), NEXT)));
            assertEquals(0, rig.count("state = 1"));
        }
    }

    private static void deliver(WebhookRig rig, int expected) {
        rig.happen(WebhookGiven.message("m" + expected, "hello"));
        await().until(() -> rig.count("state = 1") == expected);
    }

    private WebhookReceiver checking() throws Exception {
        return new WebhookReceiver()
                .answers(hit -> WebhookReceiver.Reply.of(
                        Signer.hub(hit.body(), known).equals(hit.headers().get("x-hub-signature-256")) ? 200 : 401));
    }
}
