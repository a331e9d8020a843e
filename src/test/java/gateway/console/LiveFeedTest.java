package gateway.console;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

import gateway.engine.Event;
import gateway.http.Envelope;
import gateway.messaging.Progress.Stage;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.SocketContext;
import io.helidon.websocket.WsSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveFeedTest {
    private final LiveFeed feed = new LiveFeed();
    private final CountDownLatch stuck = new CountDownLatch(1);

    @AfterEach
    void stop() {
        stuck.countDown();
        feed.close();
    }

    /** The other end of a socket; {@code slow} takes nothing. */
    private final class Client implements WsSession {
        final List<String> frames = new CopyOnWriteArrayList<>();
        final List<Integer> closed = new CopyOnWriteArrayList<>();
        final boolean slow;

        Client(boolean slow) {
            this.slow = slow;
        }

        LiveSocket open(Predicate<String> visible) {
            var socket = new LiveSocket(feed, () -> visible, seen -> Envelope.JSON.createArrayNode());
            socket.onHttpUpgrade(null, null);
            socket.onOpen(this);
            return socket;
        }

        @Override
        public WsSession send(String text, boolean last) {
            if (slow) {
                try {
                    stuck.await();
                } catch (InterruptedException e) {
                    throw new UncheckedIOException(new java.io.IOException("Closed by interrupt"));
                }
            }
            frames.add(text);
            return this;
        }

        @Override
        public WsSession send(BufferData buffer, boolean last) {
            throw new IllegalStateException("the feed sends text only");
        }

        @Override
        public WsSession ping(BufferData buffer) {
            return this;
        }

        @Override
        public WsSession pong(BufferData buffer) {
            return this;
        }

        @Override
        public WsSession close(int code, String reason) {
            closed.add(code);
            return this;
        }

        @Override
        public WsSession terminate() {
            throw new IllegalStateException("the feed says goodbye");
        }

        @Override
        public SocketContext socketContext() {
            throw new IllegalStateException("the feed does not look at the connection");
        }
    }

    @Test
    void aClientThatDoesNotKeepUpIsCutOffAndDelaysNobody() {
        var slow = new Client(true);
        var quick = new Client(false);
        slow.open(device -> true);
        quick.open(device -> true);
        for (int i = 0; i <= LiveSocket.MOST_WAITING + 1; i++) {
            feed.moved("a", "m" + i, Stage.SENT);
            int sent = i + 1;
            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> quick.frames.size() == sent);
        }
        await().until(() -> feed.watching() == 1);
        assertTrue(slow.frames.isEmpty());
    }

    @Test
    void whoMayUseOneDeviceHearsOfNoOther() {
        var client = new Client(false);
        client.open("mine"::equals);
        feed.stored("theirs", new Event.Connection(Event.Connection.State.PAIRED, 1));
        feed.stored("mine", new Event.Connection(Event.Connection.State.CONNECTED, 1));
        await().until(() -> !client.frames.isEmpty());
        assertEquals(1, client.frames.size());
        assertTrue(client.frames.getFirst().contains("\"mine\""));
    }

    @Test
    void oneSocketTooManyIsToldToComeLater() {
        for (int i = 0; i < LiveFeed.MOST_SOCKETS; i++) {
            new Client(false).open(device -> true);
        }
        var last = new Client(false);
        last.open(device -> true);
        assertEquals(List.of(1013), last.closed);
        assertEquals(LiveFeed.MOST_SOCKETS, feed.watching());
    }

    @Test
    void whatIsNoJsonOrTooLongEndsTheSocket() {
        var babbling = new Client(false);
        babbling.open(device -> true).onMessage(babbling, "{\"code\":", true);
        await().until(() -> babbling.closed.equals(List.of(1007)));
        var endless = new Client(false);
        var socket = endless.open(device -> true);
        socket.onMessage(endless, "x".repeat(1000), false);
        socket.onMessage(endless, "x".repeat(1000), false);
        await().until(() -> endless.closed.equals(List.of(1009)));
        await().until(() -> feed.watching() == 0);
    }

    @Test
    void whoLeavesIsForgotten() {
        var client = new Client(false);
        var socket = client.open(device -> true);
        socket.onClose(client, 1000, "");
        assertEquals(0, feed.watching());
        feed.moved("a", "m", Stage.SENT);
        assertTrue(client.frames.isEmpty());
    }

    @Test
    void aStoppingGatewaySaysGoodbyeAndTakesNobodyMore() {
        var client = new Client(false);
        client.open(device -> true);
        feed.close();
        await().until(() -> client.closed.equals(List.of(1001)));
        var late = new Client(false);
        late.open(device -> true);
        assertEquals(List.of(1013), late.closed);
        assertFalse(feed.watching() > 0);
    }
}
