package gateway.webhook;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.engine.Content;
import gateway.engine.Event;
import gateway.engine.Jid;
import gateway.store.SqlDialect;

/** The order of a chat's webhooks, as a receiver sees it. */
@ParameterizedClass
@EnumSource(SqlDialect.class)
class WebhookOrderTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @Parameter
    SqlDialect dialect;

    @TempDir
    Path directory;

    /** What a receiver saw of each chat. Event number n of chat c says {@code c-n}. */
    private static final class Seen {
        private static final Pattern TEXT = Pattern.compile("\"(\\d+)-(\\d+)\"");

        final Map<Integer, List<Integer>> chats = new ConcurrentHashMap<>();
        final AtomicInteger together = new AtomicInteger();
        final AtomicInteger mostTogether = new AtomicInteger();
        final AtomicInteger mostOfOneChat = new AtomicInteger();
        private final Map<Integer, AtomicInteger> underWay = new ConcurrentHashMap<>();

        /** Takes a post, and answers after so many milliseconds. */
        WebhookReceiver.Reply take(WebhookReceiver.Hit hit, long millis) {
            int chat = chat(hit);
            var list = chats.computeIfAbsent(chat, key -> new ArrayList<>());
            var own = underWay.computeIfAbsent(chat, key -> new AtomicInteger());
            mostOfOneChat.accumulateAndGet(own.incrementAndGet(), Math::max);
            mostTogether.accumulateAndGet(together.incrementAndGet(), Math::max);
            synchronized (list) {
                list.add(number(hit));
            }
            pause(millis);
            together.decrementAndGet();
            own.decrementAndGet();
            return WebhookReceiver.Reply.of(200);
        }

        static int chat(WebhookReceiver.Hit hit) {
            return part(hit, 1);
        }

        static int number(WebhookReceiver.Hit hit) {
            return part(hit, 2);
        }

        private static int part(WebhookReceiver.Hit hit, int group) {
            var text = TEXT.matcher(hit.text());
            assertTrue(text.find(), hit.text());
            return Integer.parseInt(text.group(group));
        }

        void assertOrder(int chats, int events) {
            var all = IntStream.range(0, events).boxed().toList();
            for (int chat = 0; chat < chats; chat++) {
                assertEquals(all, this.chats.get(chat), "chat " + chat);
            }
            assertEquals(1, mostOfOneChat.get(), "posts of one chat at once");
        }
    }

    private static Event.Message message(int chat, int number) {
        var person = Jid.ofPhone("62812000" + (10_000 + chat));
        return new Event.Message(
                "m" + chat + "-" + number,
                person,
                person,
                false,
                "Ana",
                new Content.Text(chat + "-" + number, Content.Options.NONE),
                1_763_719_200_000L);
    }

    /** Stores many events at once. */
    private static void happen(WebhookRig rig, int chats, int events) {
        rig.store.write(tx -> {
            for (int number = 0; number < events; number++) {
                for (int chat = 0; chat < chats; chat++) {
                    rig.webhooks.enqueue(tx, rig.webhooks.notice(WebhookGiven.ACCOUNT, message(chat, number)));
                }
            }
            return null;
        });
        rig.webhooks.wakeAll();
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void theEventsOfAChatArriveOneAfterAnotherAndOtherChatsBesideIt() throws Exception {
        int chats = 50;
        int events = 60;
        var seen = new Seen();
        try (var receiver = new WebhookReceiver()
                        .answers(hit ->
                                seen.take(hit, ThreadLocalRandom.current().nextInt(20)));
                var rig = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            happen(rig, chats, events);
            await().atMost(LONG).until(() -> rig.count("state = 1") == chats * events);
            seen.assertOrder(chats, events);
            assertEquals(EndpointQueue.CONCURRENCY, seen.mostTogether.get(), "chats side by side");
        }
    }

    @Test
    void aChatWithTenThousandWaitingEventsAndASlowReceiverStopsNoOther() throws Exception {
        int waiting = 10_000;
        var seen = new Seen();
        try (var receiver = new WebhookReceiver().answers(hit -> seen.take(hit, Seen.chat(hit) == 0 ? 300 : 0));
                var rig = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            happen(rig, 1, waiting);
            await().until(() -> seen.chats.containsKey(0));
            for (int number = 0; number < 20; number++) {
                for (int chat = 1; chat <= 20; chat++) {
                    rig.happen(message(chat, number));
                }
                assertTrue(rig.count("claimed_by <> ''") <= EndpointQueue.WINDOW);
            }
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> IntStream.rangeClosed(1, 20)
                            .allMatch(chat ->
                                    seen.chats.getOrDefault(chat, List.of()).size() == 20));
            int slow = seen.chats.get(0).size();
            assertTrue(slow < 200, "the slow chat had " + slow + " of its events posted meanwhile");
            assertEquals(
                    IntStream.range(0, slow).boxed().toList(), seen.chats.get(0).subList(0, slow));
            assertEquals(1, seen.mostOfOneChat.get());
        }
    }

    @Test
    void anEventThatFailsIsRepeatedLaterAndDoesNotHoldUpItsChat() throws Exception {
        var seen = new Seen();
        var failing = new AtomicInteger(1);
        try (var receiver = new WebhookReceiver()
                        .answers(hit -> Seen.number(hit) == 0 && failing.getAndDecrement() > 0
                                ? WebhookReceiver.Reply.of(500)
                                : seen.take(hit, 0));
                var rig = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            for (int number = 0; number < 10; number++) {
                rig.happen(message(0, number));
            }
            await().until(() -> rig.count("state = 1") == 9);
            assertEquals(IntStream.range(1, 10).boxed().toList(), seen.chats.get(0));
            assertEquals(1, rig.count("state = 0 AND attempts = 1 AND claimed_by = ''"));
            rig.advance(Duration.ofSeconds(7));
            await().until(() -> rig.count("state = 1") == 10);
            assertEquals(0, seen.chats.get(0).getLast());
        }
    }

    @Test
    void whatADeadProcessHeldComesBeforeTheLaterEventsOfItsChat() throws Exception {
        var gate = new CountDownLatch(1);
        var seen = new Seen();
        try (var dying = new WebhookReceiver().answers(hit -> held(gate));
                var receiver = new WebhookReceiver().answers(hit -> seen.take(hit, 0))) {
            var first = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", dying.url()));
            for (int number = 0; number < 30; number++) {
                first.happen(message(0, number));
            }
            await().until(() -> dying.hits().size() == 1);
            first.store.close();
            try (var second = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
                second.happen(message(0, 30));
                second.happen(message(1, 0));
                await().until(() -> seen.chats.containsKey(1));
                if (dialect == SqlDialect.POSTGRES) {
                    // Longer than a queue waits before it looks again for chats that were held.
                    Thread.sleep(600);
                    assertEquals(List.of(), seen.chats.getOrDefault(0, List.of()), "another process holds the chat");
                    second.advance(Duration.ofMillis(120_000));
                }
                await().until(() -> second.count("state = 1") == 32);
                assertEquals(IntStream.rangeClosed(0, 30).boxed().toList(), seen.chats.get(0));
            } finally {
                gate.countDown();
                first.webhooks.close();
            }
        }
    }

    @Test
    void twoProcessesOnOneDatabaseKeepTheOrderOfAChatTogether() throws Exception {
        int chats = 10;
        int events = 100;
        var seen = new Seen();
        try (var receiver = new WebhookReceiver()
                        .answers(hit ->
                                seen.take(hit, ThreadLocalRandom.current().nextInt(5)));
                var one = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()));
                var other = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            for (int number = 0; number < events; number++) {
                for (int chat = 0; chat < chats; chat++) {
                    (ThreadLocalRandom.current().nextBoolean() ? one : other).happen(message(chat, number));
                }
            }
            await().atMost(LONG).until(() -> one.count("state = 1") == chats * events);
            seen.assertOrder(chats, events);
        }
    }

    @Test
    void theStatesOfAnAccountsConnectionArriveInOrder() throws Exception {
        var seen = new ArrayList<String>();
        try (var receiver = new WebhookReceiver().answers(hit -> {
                    pause(ThreadLocalRandom.current().nextInt(20));
                    synchronized (seen) {
                        seen.add(hit.id());
                    }
                    return WebhookReceiver.Reply.of(200);
                });
                var rig = new WebhookRig(dialect, directory, WebhookGiven.endpoint("a", receiver.url()))) {
            var told = new ArrayList<String>();
            for (int i = 0; i < 50; i++) {
                var state = i % 2 == 0 ? Event.Connection.State.CONNECTED : Event.Connection.State.DISCONNECTED;
                told.add(rig.happen(new Event.Connection(state, 1_763_719_200_000L + i))
                        .id());
            }
            await().until(() -> rig.count("state = 1") == 50);
            assertEquals(told, seen);
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
