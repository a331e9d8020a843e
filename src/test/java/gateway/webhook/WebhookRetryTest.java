package gateway.webhook;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.store.SqlDialect;

@ParameterizedClass
@EnumSource(SqlDialect.class)
class WebhookRetryTest {
    private static final List<Duration> PAUSES = List.of(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));

    @Parameter
    SqlDialect dialect;

    @TempDir
    Path directory;

    @Test
    void aFailedDeliveryIsRetriedOnTheCalendarAndThenKeptAsADeadLetter() throws Exception {
        try (var receiver = new WebhookReceiver().answers(500);
                var rig = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            rig.happen(WebhookGiven.message("m", "hello"));
            for (int made = 1; made <= PAUSES.size(); made++) {
                int attempts = made;
                await().until(() -> rig.count("attempts = " + attempts + " AND claimed_by = ''") == 1);
                long pause = rig.store.number("SELECT due_at FROM delivery") - rig.clock.millis();
                long base = PAUSES.get(made - 1).toMillis();
                assertTrue(pause >= 0.8 * base && pause <= 1.2 * base, "pause " + made + " was " + pause);
                rig.advance(Duration.ofMillis(pause - 1));
                assertEquals(made, receiver.hits().size(), "not before its time");
                rig.advance(Duration.ofMillis(1));
            }
            await().until(() -> rig.count("state = 2 AND attempts = 10") == 1);
            assertEquals(10, receiver.hits().size());
            assertEquals(
                    1,
                    receiver.hits().stream()
                            .map(WebhookReceiver.Hit::id)
                            .distinct()
                            .count());
            assertEquals(
                    1,
                    receiver.hits().stream()
                            .map(WebhookReceiver.Hit::text)
                            .distinct()
                            .count());
        }
    }

    @Test
    void aDeadLetterIsReplayedWithItsOwnIdAndBody() throws Exception {
        try (var receiver = new WebhookReceiver().answers(410);
                var rig = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            rig.happen(WebhookGiven.message("m", "hello"));
            await().until(() -> rig.count("state = 2") == 1);
            receiver.answers(200);
            rig.webhooks.endpoints().change("a", on());
            assertEquals(
                    1,
                    rig.webhooks
                            .deliveries()
                            .replay(new DeliveryBook.Selection(
                                    Optional.of("a"), Optional.of("dead"), OptionalLong.empty())));
            await().until(() -> rig.count("state = 1") == 1);
            assertEquals(receiver.hits().get(0).id(), receiver.hits().get(1).id());
            assertEquals(receiver.hits().get(0).text(), receiver.hits().get(1).text());
        }
    }

    @Test
    void aReplayReachesOnlyWhatItNames() throws Exception {
        try (var receiver = new WebhookReceiver();
                var rig = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            rig.happen(WebhookGiven.message("m", "hello"));
            await().until(() -> rig.count("state = 1") == 1);
            var book = rig.webhooks.deliveries();
            assertEquals(
                    0,
                    book.replay(
                            new DeliveryBook.Selection(Optional.empty(), Optional.of("dead"), OptionalLong.empty())));
            assertEquals(
                    0,
                    book.replay(new DeliveryBook.Selection(
                            Optional.empty(), Optional.empty(), OptionalLong.of(1_763_719_200_001L))));
            assertEquals(
                    1,
                    book.replay(new DeliveryBook.Selection(
                            Optional.empty(), Optional.empty(), OptionalLong.of(1_763_719_200_000L))));
            await().until(() -> receiver.hits().size() == 2);
        }
    }

    @Test
    void goneDisablesTheEndpointAndLaterEventsAreKept() throws Exception {
        try (var receiver = new WebhookReceiver().answers(410);
                var rig = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            rig.happen(WebhookGiven.message("m1", "hello"));
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> rig.webhooks
                            .endpoints()
                            .find("a")
                            .orElseThrow()
                            .disabledAt()
                            .isPresent());
            rig.happen(WebhookGiven.message("m2", "hello"));
            assertEquals(1, receiver.hits().size());
            await().until(() -> rig.count("state = 2") == 2);
        }
    }

    @Test
    void fiveDaysWithoutSuccessDisableTheEndpoint() throws Exception {
        try (var receiver = new WebhookReceiver().answers(500);
                var rig = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            rig.happen(WebhookGiven.message("m1", "hello"));
            await().until(() -> rig.count("attempts = 1") == 1);
            rig.clock.advance(Duration.ofHours(119));
            rig.happen(WebhookGiven.message("m2", "hello"));
            await().until(() -> rig.count("attempts = 2") == 1 && rig.count("attempts = 1") == 1);
            assertTrue(rig.webhooks
                    .endpoints()
                    .find("a")
                    .orElseThrow()
                    .disabledAt()
                    .isEmpty());
            rig.clock.advance(Duration.ofHours(1));
            rig.happen(WebhookGiven.message("m3", "hello"));
            await().until(() -> rig.webhooks
                    .endpoints()
                    .find("a")
                    .orElseThrow()
                    .disabledAt()
                    .isPresent());
        }
    }

    @Test
    void oneSuccessBeginsTheFiveDaysAnew() throws Exception {
        try (var receiver = new WebhookReceiver().answers(500);
                var rig = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            rig.happen(WebhookGiven.message("m1", "hello"));
            await().until(() -> rig.count("attempts = 1") == 1);
            receiver.answers(200);
            rig.advance(Duration.ofHours(119));
            await().until(() -> rig.count("state = 1") == 1);
            receiver.answers(500);
            rig.clock.advance(Duration.ofHours(2));
            rig.happen(WebhookGiven.message("m2", "hello"));
            await().until(() -> rig.count("state = 0 AND attempts = 1 AND claimed_by = ''") == 1);
            assertTrue(rig.webhooks
                    .endpoints()
                    .find("a")
                    .orElseThrow()
                    .disabledAt()
                    .isEmpty());
        }
    }

    @Test
    void retryAfterCountsBetweenThePauseAndTwiceThePause() {
        var calendar = new DeliveryRetries(new Random(1));
        assertEquals(5_000, calendar.pause(1, "0", 0).orElseThrow());
        assertEquals(7_000, calendar.pause(1, "7", 0).orElseThrow());
        assertEquals(10_000, calendar.pause(1, "86400", 0).orElseThrow());
        assertEquals(
                8_000, calendar.pause(1, "Thu, 01 Jan 1970 00:00:08 GMT", 0).orElseThrow());
        assertFalse(calendar.pause(10, "7", 0).isPresent());
    }

    @Test
    void aReceiversRetryAfterIsHeard() throws Exception {
        var busy = new WebhookReceiver.Reply(503, Map.of("Retry-After", "9"), "");
        try (var receiver = new WebhookReceiver().answers(hit -> busy);
                var rig = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            rig.happen(WebhookGiven.message("m", "hello"));
            await().until(() -> rig.count("attempts = 1") == 1);
            assertEquals(9_000, rig.store.number("SELECT due_at FROM delivery") - rig.clock.millis());
        }
    }

    @Test
    void redirectsAreFailuresAndNotFollowed() throws Exception {
        try (var other = new WebhookReceiver();
                var receiver = new WebhookReceiver()
                        .answers(hit -> new WebhookReceiver.Reply(307, Map.of("Location", other.url()), ""));
                var rig = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            rig.happen(WebhookGiven.message("m", "hello"));
            await().until(() -> rig.count("attempts = 1 AND last_status = 307") == 1);
            assertEquals(0, other.hits().size());
        }
    }

    @Test
    void anAttemptKeepsTheBeginningOfTheAnswerOnly() throws Exception {
        var long1 = new WebhookReceiver.Reply(500, Map.of(), "x".repeat(9_000));
        try (var receiver = new WebhookReceiver().answers(hit -> long1);
                var rig = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            rig.happen(WebhookGiven.message("m", "hello"));
            await().until(() -> rig.count("attempts = 1") == 1);
            var attempt = rig.webhooks.deliveries().attempts(1).getFirst();
            assertEquals(4_096, attempt.response().length());
            assertEquals(500, attempt.status());
        }
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
}
