package gateway.webhook;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.store.SqlDialect;

@ParameterizedClass
@EnumSource(SqlDialect.class)
class WebhookCrashTest {
    @Parameter
    SqlDialect dialect;

    @TempDir
    Path directory;

    @Test
    void aDeliveryWhoseOutcomeWasLostIsMadeAgainWithTheSameIdAndBytes() throws Exception {
        var gate = new CountDownLatch(1);
        try (var receiver = new WebhookReceiver().answers(hit -> held(gate));
                var first = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            first.happen(WebhookGiven.message("m", "hello"));
            await().until(() -> receiver.hits().size() == 1);
            first.store.close();
            gate.countDown();
            try (var second = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
                if (second.store.dialect() == SqlDialect.POSTGRES) {
                    second.advance(Duration.ofMillis(DeliveryClaims.CLAIM_MILLIS));
                }
                await().until(() -> second.count("state = 1") == 1);
                assertEquals(2, receiver.hits().size());
                assertEquals(receiver.hits().get(0).id(), receiver.hits().get(1).id());
                assertArrayEquals(
                        receiver.hits().get(0).body(), receiver.hits().get(1).body());
            }
        }
    }

    @Test
    void theOutcomeOfAProcessThatLostItsClaimIsNotWritten() throws Exception {
        try (var rig = new WebhookRig(dialect, directory)) {
            rig.webhooks.configure(List.of());
            rig.store.write(tx -> {
                tx.insert("INSERT INTO event (id, device, type, happened_at) VALUES ('e', 'main', 'message', 1)");
                DeliveryQueue.add(tx, "e", "x", "{}", OrderKey.NONE, 1, false);
                return null;
            });
            var stale = new DeliveryClaims(rig.store, "stale");
            var live = new DeliveryClaims(rig.store, "live");
            var held = stale.claim("x", 10, 1_000).chats().getFirst().getFirst();
            assertEquals(0, live.claim("x", 10, 1_000).size(), "held by another");
            assertEquals(
                    1, live.claim("x", 10, 1_000 + DeliveryClaims.CLAIM_MILLIS).size(), "its time has passed");
            rig.store.write(tx -> {
                new DeliveryQueue(rig.store, "stale")
                        .settle(tx, List.of(new Outcome(held, "x", 1, 1, 500, "", "", new Outcome.Next.Dead())));
                return null;
            });
            assertEquals(1, rig.count("state = 0 AND claimed_by = 'live' AND attempts = 0"));
        }
    }

    @Test
    void twoProcessesOnOneDatabaseShareTheWorkAndSendNothingTwice() throws Exception {
        try (var receiver = new WebhookReceiver();
                var one = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()));
                var other = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            for (int i = 0; i < 150; i++) {
                one.happen(WebhookGiven.message("a" + i, "hello"));
                other.happen(WebhookGiven.message("b" + i, "hello"));
                other.webhooks.wakeAll();
            }
            await().until(() -> one.count("state = 1") == 300);
            assertEquals(300, receiver.hits().size());
            assertEquals(
                    300,
                    receiver.hits().stream()
                            .map(WebhookReceiver.Hit::id)
                            .distinct()
                            .count());
        }
    }

    @Test
    void aLaneOutlivesADatabaseThatIsAway() throws Exception {
        try (var receiver = new WebhookReceiver();
                var rig = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            rig.store.write(tx -> tx.run("ALTER TABLE delivery RENAME TO elsewhere"));
            rig.webhooks.wakeAll();
            rig.store.write(tx -> tx.run("ALTER TABLE elsewhere RENAME TO delivery"));
            rig.happen(WebhookGiven.message("m", "hello"));
            await().until(() -> rig.count("state = 1") == 1);
        }
    }

    @Test
    void anOrderlyStopGivesBackWhatWasNotAttempted() throws Exception {
        var gate = new CountDownLatch(1);
        try (var receiver = new WebhookReceiver().answers(hit -> held(gate))) {
            var rig = new WebhookRig(
                    dialect,
                    directory,
                    new WebhookRig.Clock(),
                    Duration.ofSeconds(5),
                    Optional.empty(),
                    WebhookGiven.endpoint("a", receiver.url()));
            for (int i = 0; i < 50; i++) {
                rig.happen(WebhookGiven.message("m" + i, "hello"));
            }
            await().until(() -> receiver.hits().size() == EndpointQueue.CONCURRENCY);
            rig.close();
            gate.countDown();
            try (var store = WebhookRig.open(dialect, directory)) {
                assertEquals(0, store.number("SELECT count(*) FROM delivery WHERE claimed_by <> ''"));
                assertEquals(50, store.number("SELECT count(*) FROM delivery WHERE state = 0"));
            }
        }
    }

    private static WebhookReceiver.Reply held(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return WebhookReceiver.Reply.of(200);
    }
}
