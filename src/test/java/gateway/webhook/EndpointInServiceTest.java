package gateway.webhook;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.secret.Seals;
import gateway.store.SqlDialect;

/** An endpoint serves as soon as it is added, and no longer than until it is removed. */
@ParameterizedClass
@EnumSource(SqlDialect.class)
class EndpointInServiceTest {
    @Parameter
    SqlDialect dialect;

    @TempDir
    Path directory;

    @Test
    void anEndpointAddedBesideTheServerIsToldSoon() throws Exception {
        try (var receiver = new WebhookReceiver();
                var rig = new WebhookRig(dialect, directory)) {
            var beside = EndpointBook.beside(
                    rig.store,
                    Seals.of(rig.store, directory),
                    WebhookGiven.LOOPBACK,
                    SecretPolicy.DEVELOPMENT,
                    List.of(),
                    rig.clock);
            beside.add(EndpointDraft.of(receiver.url(), WebhookGiven.SECRET));
            await().until(() -> !rig.webhooks
                    .notice(WebhookGiven.ACCOUNT, WebhookGiven.message("m", "x"))
                    .isEmpty());
            rig.happen(WebhookGiven.message("m", "hello"));
            await().until(() -> receiver.hits().size() == 1);
            assertEquals(
                    Signer.hub(receiver.hits().getFirst().body(), WebhookGiven.SECRET),
                    receiver.hits().getFirst().headers().get("x-hub-signature-256"));
        }
    }

    @Test
    void endpointsAddedAtTheSameTimeAreEachToldFromThenOn() throws Exception {
        try (var rig = new WebhookRig(dialect, directory);
                var clients = Executors.newFixedThreadPool(16)) {
            Callable<Void> client = () -> {
                for (int i = 0; i < 6; i++) {
                    var id = rig.webhooks
                            .endpoints()
                            .add(EndpointDraft.of(
                                    "https://example.com/"
                                            + Thread.currentThread().threadId() + "/" + i,
                                    WebhookGiven.SECRET))
                            .endpoint()
                            .id();
                    assertTrue(
                            rig.webhooks.notice(WebhookGiven.ACCOUNT, WebhookGiven.message("m", "x")).letters().stream()
                                    .anyMatch(letter -> letter.endpoint().equals(id)),
                            "an event after the reply misses the endpoint");
                }
                return null;
            };
            for (var done : clients.invokeAll(Collections.nCopies(16, client))) {
                done.get();
            }
        }
    }

    @Test
    void removingAnEndpointRemovesWhatWasOnItsWay() throws Exception {
        try (var receiver = new WebhookReceiver().answers(500);
                var rig = new WebhookRig(dialect, directory)) {
            var id = rig.webhooks
                    .endpoints()
                    .add(EndpointDraft.of(receiver.url(), WebhookGiven.SECRET))
                    .endpoint()
                    .id();
            rig.happen(WebhookGiven.message("m", "hello"));
            await().until(() -> rig.count("attempts = 1") == 1);
            assertTrue(rig.webhooks.endpoints().remove(id));
            assertEquals(0, rig.count("1 = 1"));
            assertFalse(rig.webhooks.endpoints().remove(id));
        }
    }

    @Test
    void aTestEventReachesAnEndpointWhateverItsFilter() throws Exception {
        try (var receiver = new WebhookReceiver();
                var rig = new WebhookRig(dialect, directory)) {
            var id = rig.webhooks
                    .endpoints()
                    .add(new EndpointDraft(
                            Optional.of(receiver.url()),
                            Optional.of(WebhookGiven.SECRET),
                            Optional.of(List.of("message.ack")),
                            Optional.empty(),
                            Optional.of("v8"),
                            Optional.empty(),
                            Optional.empty()))
                    .endpoint()
                    .id();
            assertTrue(rig.webhooks.endpoints().ping(id, WebhookGiven.ACCOUNT).isPresent());
            await().until(() -> receiver.hits().size() == 1);
            assertTrue(receiver.hits().getFirst().text().contains("\"event\":\"webhook.ping\""));
            assertTrue(rig.webhooks
                    .endpoints()
                    .ping("nobody", WebhookGiven.ACCOUNT)
                    .isEmpty());
        }
    }
}
