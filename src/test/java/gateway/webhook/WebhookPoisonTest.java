package gateway.webhook;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import io.helidon.dbclient.DbClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.process.WorkerKind;
import gateway.process.Workers;
import gateway.store.SqlDialect;
import gateway.webhook.payload.Account;

/** One row that cannot be written, for whatever reason, stops nothing but itself. */
@ParameterizedClass
@EnumSource(SqlDialect.class)
class WebhookPoisonTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Parameter
    SqlDialect dialect;

    @TempDir
    Path directory;

    @Test
    void anEndpointThatIsRemovedWhileItIsSlowStopsNoOther() throws Exception {
        var answer = new CountDownLatch(1);
        try (var slow = new WebhookReceiver().answers(hit -> late(answer));
                var receiver = new WebhookReceiver();
                var said = new Said();
                var rig = new WebhookRig(dialect, directory, WebhookGiven.endpoint("b", receiver.url()))) {
            var removed =
                    rig.webhooks.endpoints().add(draft(slow.url())).endpoint().id();
            rig.happen(WebhookGiven.message("first", "hello"));
            await().atMost(SOON).until(() -> slow.hits().size() == 1);
            assertTrue(rig.webhooks.endpoints().remove(removed));
            answer.countDown();
            hearAll(rig, receiver, 600, 1);
            assertEquals(0, rig.count("endpoint = '" + removed + "'"));
            assertTrue(said.lines.get() <= 2, said.lines + " lines");
        }
    }

    @Test
    void anAccountThatIsRemovedWhileItsReceiverIsSlowStopsNoOther() throws Exception {
        var answer = new CountDownLatch(1);
        try (var slow = new WebhookReceiver().answers(hit -> late(answer));
                var receiver = new WebhookReceiver();
                var said = new Said();
                var rig = new WebhookRig(
                        dialect,
                        directory,
                        WebhookGiven.endpoint("slow", slow.url()),
                        WebhookGiven.endpoint("b", receiver.url()))) {
            rig.store.write(tx -> tx.insert("INSERT INTO device (id, created_at) VALUES ('leaves', 1)"));
            var notice = rig.webhooks.notice(
                    new Account("leaves", Optional.empty()), WebhookGiven.message("first", "hello"));
            rig.store.write(tx -> {
                rig.webhooks.enqueue(tx, notice);
                return null;
            });
            rig.webhooks.wakeAll();
            await().atMost(SOON).until(() -> slow.hits().size() == 1);
            rig.store.write(tx -> tx.delete("DELETE FROM device WHERE id = 'leaves'"));
            answer.countDown();
            hearAll(rig, receiver, 600, receiver.hits().size());
            assertTrue(said.lines.get() <= 2, said.lines + " lines");
        }
    }

    @Test
    void aRowWhoseOutcomeCannotBeStoredIsSetAsideAndReplayed() throws Exception {
        try (var receiver = new WebhookReceiver()
                        .answers(hit -> new WebhookReceiver.Reply(
                                200, Map.of(), hit.text().contains("poison") ? "poison" : "well"));
                var rig = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            trap(rig, true);
            for (int i = 0; i < 40; i++) {
                rig.happen(WebhookGiven.message("m" + i, i == 17 ? "poison" : "hello"));
            }
            await().atMost(SOON).until(() -> rig.count("state = 1") == 39 && rig.count("state = 3") == 1);
            var book = rig.webhooks.deliveries();
            var aside = new DeliveryBook.Selection(Optional.empty(), Optional.of("aside"), OptionalLong.empty());
            var view = book.list(aside, 0, 10).getFirst();
            assertTrue(view.asideWhy().contains("poison"), view.asideWhy());
            assertEquals(rig.clock.millis(), view.asideAt().orElseThrow());
            assertEquals(1, book.aside());
            trap(rig, false);
            assertEquals(1, book.replay(aside));
            await().atMost(SOON).until(() -> rig.count("state = 1") == 40);
            assertEquals(0, book.aside());
        }
    }

    @Test
    void anEndpointWhoseSecretDoesNotOpenHoldsUpNoOtherAndNothingOfItIsLost() throws Exception {
        try (var receiver = new WebhookReceiver()) {
            String broken;
            try (var rig = new WebhookRig(dialect, directory)) {
                broken = rig.webhooks
                        .endpoints()
                        .add(draft(receiver.url()))
                        .endpoint()
                        .id();
                var other = rig.webhooks
                        .endpoints()
                        .add(draft(receiver.url() + "&other"))
                        .endpoint()
                        .id();
                rig.store.write(tx -> tx.update(
                        "UPDATE webhook_endpoint SET secret = (SELECT o.secret FROM webhook_endpoint o WHERE o.id = ?) "
                                + "WHERE id = ?",
                        other,
                        broken));
            }
            try (var rig = new WebhookRig(dialect, directory)) {
                rig.happen(WebhookGiven.message("m", "hello"));
                await().atMost(SOON).until(() -> rig.count("state = 1") == 1);
                assertEquals(1, rig.count("state = 0 AND endpoint = '" + broken + "'"), "it waits");
                var view = rig.webhooks.endpoints().find(broken).orElseThrow();
                assertTrue(view.disabledWhy().contains("does not open"), view.disabledWhy());
                assertThrows(
                        InvalidEndpoint.class, () -> rig.webhooks.endpoints().change(broken, on()));
                rig.webhooks.endpoints().rotateSecret(broken, WebhookGiven.SECRET + "1", Duration.ofHours(1));
                await().atMost(SOON).until(() -> rig.count("state = 1") == 2);
                assertFalse(rig.webhooks
                        .endpoints()
                        .find(broken)
                        .orElseThrow()
                        .disabledAt()
                        .isPresent());
            }
        }
    }

    @Test
    void anOutageStopsTheWorkersVisiblySetsNothingAsideAndFillsNoLog() throws Exception {
        var out = new AtomicBoolean();
        var workers = new Workers();
        try (var receiver = new WebhookReceiver();
                var said = new Said();
                var store = WebhookRig.open(dialect, directory)) {
            store.write(tx -> tx.insert("INSERT INTO device (id, created_at) VALUES ('main', 1)"));
            var fenced = store.fenced(tx -> {
                if (out.get()) {
                    throw new DbClientException("out of reach");
                }
            });
            var given = WebhookGiven.parts(directory, fenced, InstantSource.system(), Optional.empty());
            try (var webhooks = new Webhooks(
                    new Webhooks.Parts(
                            fenced,
                            given.codec(),
                            given.rules(),
                            given.secrets(),
                            given.downloads(),
                            given.resolver(),
                            given.tls(),
                            given.clock(),
                            given.random(),
                            given.metrics(),
                            workers),
                    List.of(WebhookGiven.endpoint("a", receiver.url())))) {
                receiver.answers(hit -> {
                    out.set(true);
                    return WebhookReceiver.Reply.of(200);
                });
                var notice = webhooks.notice(WebhookGiven.ACCOUNT, WebhookGiven.message("m", "hello"));
                fenced.write(tx -> {
                    webhooks.enqueue(tx, notice);
                    return null;
                });
                webhooks.wakeAll();
                await().atMost(SOON)
                        .until(() ->
                                workers.stalled(WorkerKind.WEBHOOK_COMPLETIONS).toSeconds() >= 2);
                assertTrue(said.lines.get() <= 3, said.lines + " lines");
                out.set(false);
                await().atMost(SOON).until(() -> store.number("SELECT count(*) FROM delivery WHERE state = 1") == 1);
                await().atMost(SOON)
                        .until(() -> workers.stalled(WorkerKind.WEBHOOK_COMPLETIONS)
                                        .isZero()
                                && workers.stalled(WorkerKind.WEBHOOK_DELIVERER).isZero());
                assertEquals(1, receiver.hits().size());
            }
        }
    }

    private static void hearAll(WebhookRig rig, WebhookReceiver receiver, int events, int before) {
        for (int i = 0; i < events; i++) {
            rig.happen(WebhookGiven.message("m" + i, "hello"));
        }
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertEquals(events + before, receiver.hits().size()));
        await().atMost(SOON).untilAsserted(() -> assertTrue(rig.count("endpoint = 'b' AND state = 1") >= events));
    }

    private static WebhookReceiver.Reply late(CountDownLatch answer) {
        try {
            answer.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return WebhookReceiver.Reply.of(200);
    }

    private static EndpointDraft draft(String url) {
        return new EndpointDraft(
                Optional.of(url),
                Optional.of(WebhookGiven.SECRET),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static EndpointDraft on() {
        return new EndpointDraft(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(true));
    }

    /** The database refuses one answer, as a constraint would. */
    private void trap(WebhookRig rig, boolean set) {
        var statements = switch (dialect) {
            case SQLITE ->
                set
                        ? List.of("CREATE TRIGGER trap BEFORE INSERT ON webhook_attempt WHEN NEW.response = 'poison' "
                                + "BEGIN SELECT RAISE(ABORT, 'poison is not stored'); END")
                        : List.of("DROP TRIGGER trap");
            case POSTGRES ->
                set
                        ? List.of(
                                "CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS "
                                        + "$$ BEGIN RAISE EXCEPTION 'poison is not stored'; END $$",
                                "CREATE TRIGGER trap BEFORE INSERT ON webhook_attempt FOR EACH ROW WHEN (NEW.response = 'poison') EXECUTE FUNCTION trap()")
                        : List.of("DROP TRIGGER trap ON webhook_attempt");
        };
        statements.forEach(statement -> rig.store.write(tx -> tx.run(statement)));
    }

    /** Counts what the webhooks log. */
    private static final class Said extends Handler implements AutoCloseable {
        final AtomicInteger lines = new AtomicInteger();
        private final Logger room = Logger.getLogger("gateway.webhook");

        Said() {
            room.addHandler(this);
        }

        @Override
        public void publish(LogRecord record) {
            if (record.getLevel().intValue() >= java.util.logging.Level.WARNING.intValue()) {
                lines.incrementAndGet();
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            room.removeHandler(this);
        }
    }
}
