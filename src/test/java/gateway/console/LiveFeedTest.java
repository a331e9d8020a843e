package gateway.console;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.SocketContext;
import io.helidon.websocket.WsSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import gateway.auth.Network;
import gateway.auth.Principal;
import gateway.engine.Event;
import gateway.http.Envelope;
import gateway.messaging.Progress.Stage;

class LiveFeedTest {
    private final LiveFeed feed = new LiveFeed();
    private final Set<String> accounts = ConcurrentHashMap.newKeySet();
    private final AtomicInteger sites = new AtomicInteger();
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

        LiveSocket open() {
            return open(new Watcher(Optional.empty(), site(sites.incrementAndGet()), Optional.empty()));
        }

        LiveSocket open(Watcher watcher) {
            var socket = new LiveSocket(feed, () -> watcher, new LiveSocket.Devices() {
                @Override
                public ArrayNode paired(Predicate<String> visible) {
                    return Envelope.JSON.createArrayNode();
                }

                @Override
                public boolean exists(String device) {
                    return accounts.contains(device);
                }
            });
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
        slow.open();
        quick.open();
        for (int i = 0; i <= LiveSocket.MAX_WAITING + 1; i++) {
            feed.moved("a", "m" + i, Stage.SENT);
            int sent = i + 1;
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> quick.frames.size() == sent);
        }
        await().until(() -> feed.watching() == 1);
        assertTrue(slow.frames.isEmpty());
    }

    @Test
    void whoMayUseOneDeviceHearsOfNoOther() {
        var client = new Client(false);
        client.open(bound("reader", 1, "mine"));
        feed.stored("theirs", new Event.Connection(Event.Connection.State.PAIRED, 1));
        feed.stored("mine", new Event.Connection(Event.Connection.State.CONNECTED, 1));
        await().until(() -> !client.frames.isEmpty());
        assertEquals(1, client.frames.size());
        assertTrue(client.frames.getFirst().contains("\"mine\""));
    }

    @Test
    void oneSocketTooManyIsToldToComeLater() {
        for (int i = 0; i < LiveFeed.MAX_SOCKETS; i++) {
            new Client(false).open();
        }
        var last = new Client(false);
        last.open();
        assertEquals(List.of(1013), last.closed);
        assertEquals(LiveFeed.MAX_SOCKETS, feed.watching());
    }

    private static Network site(int number) {
        return Network.parse("10.1." + number / 256 + "." + number % 256);
    }

    private static Watcher watcher(String name, Network site) {
        return new Watcher(Optional.of(Principal.user(name)), site, Optional.empty());
    }

    private static Watcher bound(String name, int site, String device) {
        return new Watcher(
                Optional.of(new Principal(
                        name, Principal.Kind.TOKEN, EnumSet.of(Principal.Scope.READ), Optional.of(device))),
                site(site),
                Optional.empty());
    }

    private long opened(int count, IntFunction<Watcher> who) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    var client = new Client(false);
                    client.open(who.apply(i));
                    return client;
                })
                .filter(client -> client.closed.isEmpty())
                .count();
    }

    @Test
    void oneCredentialHasItsShareOfTheSocketsFromHoweverManyAddresses() {
        assertEquals(LiveFeed.MAX_PER_PRINCIPAL, opened(LiveFeed.MAX_SOCKETS, i -> watcher("greedy", site(i))));
        assertEquals(1, opened(1, i -> watcher("another", site(1))));
    }

    @Test
    void oneAddressHasItsShareWithHoweverManyCredentials() {
        assertEquals(LiveFeed.MAX_PER_SITE, opened(LiveFeed.MAX_SOCKETS, i -> watcher("user" + i, site(1))));
        assertEquals(1, opened(1, i -> watcher("user1000", site(2))));
    }

    @Test
    void anIpv6CustomerIsOneAddress() throws UnknownHostException {
        var addresses = new ArrayList<Network>();
        for (int i = 0; i < LiveFeed.MAX_SOCKETS; i++) {
            addresses.add(Network.site(InetAddress.getByName("2001:db8:0:1::" + Integer.toHexString(i))));
        }
        assertEquals(LiveFeed.MAX_PER_SITE, opened(addresses.size(), i -> watcher("user" + i, addresses.get(i))));
        assertEquals(1, opened(1, i -> watcher("user1000", Network.parse("2001:db8:0:2::/64"))));
    }

    @Test
    void aShareIsGivenBackWhenASocketCloses() {
        var client = new Client(false);
        var socket = client.open(watcher("greedy", site(1)));
        opened(LiveFeed.MAX_PER_PRINCIPAL - 1, i -> watcher("greedy", site(1)));
        assertEquals(0, opened(1, i -> watcher("greedy", site(1))));
        socket.onClose(client, 1000, "");
        assertEquals(1, opened(1, i -> watcher("greedy", site(1))));
    }

    @Test
    void theSocketOfABoundCredentialClosesWithItsAccount() {
        accounts.add("mine");
        var client = new Client(false);
        client.open(bound("reader", 1, "mine"));
        accounts.remove("mine");
        await().until(() -> client.closed.equals(List.of(1008)));
    }

    @Test
    void whatIsNoJsonOrTooLongEndsTheSocket() {
        var babbling = new Client(false);
        babbling.open().onMessage(babbling, "{\"code\":", true);
        await().until(() -> babbling.closed.equals(List.of(1007)));
        var endless = new Client(false);
        var socket = endless.open();
        socket.onMessage(endless, "x".repeat(1000), false);
        socket.onMessage(endless, "x".repeat(1000), false);
        await().until(() -> endless.closed.equals(List.of(1009)));
        await().until(() -> feed.watching() == 0);
    }

    @Test
    void whoLeavesIsForgotten() {
        var client = new Client(false);
        var socket = client.open();
        socket.onClose(client, 1000, "");
        assertEquals(0, feed.watching());
        feed.moved("a", "m", Stage.SENT);
        assertTrue(client.frames.isEmpty());
    }

    @Test
    void aStoppingGatewaySaysGoodbyeAndTakesNobodyMore() {
        var client = new Client(false);
        client.open();
        feed.close();
        await().until(() -> client.closed.equals(List.of(1001)));
        var late = new Client(false);
        late.open();
        assertEquals(List.of(1013), late.closed);
        assertFalse(feed.watching() > 0);
    }
}
