package gateway.engine.web.connection;

import java.lang.System.Logger.Level;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.node.NodeDecoder;
import gateway.engine.web.node.NodeEncoder;
import gateway.engine.web.noise.FrameCipher;
import gateway.engine.web.noise.FrameReader;
import gateway.engine.web.noise.Frames;
import gateway.engine.web.primitive.WireRefusal;

/**
 * An open connection of one account. Any thread may send and ask; one thread takes the stanzas, which keep their
 * order. The first reason to end it stays its {@link End}.
 */
public final class WebConnection implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(WebConnection.class.getName());

    private final ByteSocket socket;
    private final FrameReader frames;
    private final FrameCipher cipher;
    private final Timing timing;
    private final SafeWatch watch;
    private final StanzaQueue inbox = new StanzaQueue();
    private final Awaited awaited = new Awaited();
    private final AtomicReference<End> end = new AtomicReference<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ReentrantLock sending = new ReentrantLock();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong answeredAt = new AtomicLong(System.nanoTime());
    private final String idPrefix = ThreadLocalRandom.current().nextInt(1 << 16) + "."
            + ThreadLocalRandom.current().nextInt(1 << 16) + "-";

    private WebConnection(Opening.Opened opened, Timing timing, StanzaWatch watch) {
        this.socket = opened.socket();
        this.frames = opened.frames();
        this.cipher = opened.cipher();
        this.timing = timing;
        this.watch = new SafeWatch(watch);
    }

    /**
     * Opens a connection, and proves both sides to each other. Blocks for twice {@link Timing#open} at most.
     *
     * @param client shared by all connections
     * @param hello  what the handshake needs of the account
     * @throws ConnectionEnded when it cannot be opened, or the server is not trusted
     */
    public static WebConnection open(HttpClient client, ServerAddress endpoint, Timing timing, Hello hello)
            throws ConnectionEnded, InterruptedException {
        return open(client, endpoint, timing, hello, StanzaWatch.NOBODY);
    }

    /** As {@link #open(HttpClient, ServerAddress, Timing, Hello)}; {@code watch} looks at the stanzas. */
    public static WebConnection open(
            HttpClient client, ServerAddress endpoint, Timing timing, Hello hello, StanzaWatch watch)
            throws ConnectionEnded, InterruptedException {
        Opening.Opened opened = Opening.open(client, endpoint, timing, hello);
        WebConnection connection = new WebConnection(opened, timing, watch);
        Thread.ofVirtual().name("web-read").start(() -> connection.read(opened.early()));
        Thread.ofVirtual().name("web-keep-alive").start(connection::keepAlive);
        return connection;
    }

    /**
     * The next stanza that is not an answer, or nothing when none came in time.
     *
     * @throws ConnectionEnded after the last stanza that came before the end
     */
    public Optional<Node> next(Duration patience) throws ConnectionEnded, InterruptedException {
        return inbox.take(patience);
    }

    /**
     * The next stanza and what has come behind it, in order; nothing when none came in time.
     *
     * @param most how many at the most
     * @throws ConnectionEnded after the last stanza that came before the end
     */
    public List<Node> nextAll(int most, Duration patience) throws ConnectionEnded, InterruptedException {
        List<Node> all = new ArrayList<>();
        Optional<Node> next = next(patience);
        while (next.isPresent()) {
            all.add(next.get());
            try {
                next = all.size() < most ? next(Duration.ZERO) : Optional.empty();
            } catch (ConnectionEnded e) {
                // The next call tells of it again.
                return all;
            }
        }
        return all;
    }

    /** Sends a stanza; returns when its bytes have left, which says nothing about their arrival. */
    public void send(Node stanza) throws ConnectionEnded, InterruptedException {
        sendPlain(NodeEncoder.encode(stanza));
    }

    /** Sends a stanza's stored bytes, as {@link NodeEncoder} made them. */
    public void sendPlain(byte[] encoded) throws ConnectionEnded, InterruptedException {
        sending.lockInterruptibly();
        try {
            if (end.get() != null) {
                throw new ConnectionEnded(Objects.requireNonNull(end.get()));
            }
            socket.send(Frames.frame(cipher.seal(encoded)));
            watch.wentOut(encoded);
        } catch (ConnectionEnded e) {
            finish(e.end());
            throw new ConnectionEnded(Objects.requireNonNull(end.get()));
        } finally {
            sending.unlock();
        }
    }

    /** An id that no other request of this connection has. */
    public String nextId() {
        return idPrefix + requests.incrementAndGet();
    }

    /** Asks with the usual patience; as {@link #request(Node, Duration)}. */
    public Node request(Node iq) throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException {
        return request(iq, timing.request());
    }

    /**
     * Sends an {@code iq}, and waits for its result. An id is added when the node has none.
     *
     * @throws RequestRefused   for an answer of type {@code error}
     * @throws TimeoutException when no answer came in time; one that comes later is dropped
     */
    public Node request(Node iq, Duration patience)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException {
        Node stanza = iq.attribute("id").isPresent() ? iq : iq.with("id", nextId());
        Node answer = exchange(stanza.attribute("id").orElseThrow(), NodeEncoder.encode(stanza), patience);
        if (answer.has("type", "error")) {
            throw RequestRefused.of(answer);
        }
        return answer;
    }

    /**
     * Sends a stanza's stored bytes, and waits for the answer or the acknowledgement with its id, whatever that says.
     *
     * @throws TimeoutException when none came in time: the stanza may have arrived
     */
    public Node exchange(String id, byte[] encoded, Duration patience)
            throws ConnectionEnded, TimeoutException, InterruptedException {
        CompletableFuture<Node> answer = awaited.add(id);
        inbox.expect(1);
        try {
            sendPlain(encoded);
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ConnectionEnded why) {
                throw new ConnectionEnded(why.end());
            }
            throw new IllegalStateException("an answer failed", e.getCause());
        } finally {
            inbox.expect(-1);
            awaited.remove(id);
        }
    }

    /** Why the connection has ended; empty while it is open. */
    public Optional<End> end() {
        return Optional.ofNullable(end.get());
    }

    /** Ends the connection from this side; a second call does nothing. */
    @Override
    public void close() {
        finish(new End.Closed());
    }

    private void finish(End why) {
        if (!end.compareAndSet(null, why)) {
            return;
        }
        awaited.end(why);
        inbox.end(why);
        ended.countDown();
        if (why instanceof End.Closed) {
            socket.close();
        } else {
            socket.abort();
        }
    }

    private void read(List<byte[]> early) {
        try {
            frames(early);
            while (end.get() == null) {
                Optional<ByteBuffer> bytes = socket.take(timing.silence());
                frames(frames.read(bytes.orElseThrow(() -> new ConnectionEnded(
                        new End.Lost("nothing came for " + timing.silence().toSeconds() + " s")))));
            }
        } catch (ConnectionEnded e) {
            finish(e.end());
        } catch (WireRefusal e) {
            finish(new End.Lost(e.getMessage()));
        } catch (InterruptedException _) {
            finish(new End.Closed());
        } catch (RuntimeException | Error e) {
            finish(new End.Lost("a fault of this program: " + e));
            throw e;
        }
    }

    private void frames(List<byte[]> payloads) throws ConnectionEnded, InterruptedException {
        for (byte[] payload : payloads) {
            byte[] plain = opened(payload);
            try {
                stanza(NodeDecoder.decode(plain), plain.length);
            } catch (WireRefusal e) {
                // Not an end: the server would send the same stanza at the next connection.
                LOG.log(Level.WARNING, "A stanza of {0} bytes was dropped: {1}", plain.length, e.getMessage());
            }
        }
    }

    private byte[] opened(byte[] payload) throws ConnectionEnded {
        try {
            return cipher.open(payload);
        } catch (WireRefusal _) {
            throw new ConnectionEnded(new End.Lost("a frame does not open"));
        }
    }

    private void stanza(Node node, int size) throws ConnectionEnded, InterruptedException {
        watch.cameIn(node);
        Optional<End> announced = End.of(node);
        if (announced.isPresent()) {
            throw new ConnectionEnded(announced.get());
        }
        if (node.is("iq") && node.has("type", "get") && node.has("xmlns", "urn:xmpp:ping")) {
            send(Node.of("iq")
                    .with("type", "result")
                    .with("to", DeviceJid.SERVER)
                    .with("id", node.attribute("id").orElse("")));
        } else if (awaited.complete(node) || Awaited.isAnswerToRequest(node)) {
            answeredAt.set(System.nanoTime());
        } else {
            inbox.put(node, size);
        }
    }

    private void keepAlive() {
        Node ping = Node.of("iq").with("type", "get").with("xmlns", "w:p").with("to", DeviceJid.SERVER);
        try {
            while (!ended.await(pause(), TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() - answeredAt.get() > timing.unanswered().toNanos()) {
                    finish(new End.Lost(
                            "nothing was answered for " + timing.unanswered().toSeconds() + " s"));
                }
                send(ping.with("id", nextId()));
            }
        } catch (ConnectionEnded | InterruptedException _) {
            // The end is known to everybody by now.
        }
    }

    private long pause() {
        long shortest = timing.keepAlive().toMillis();
        return shortest + ThreadLocalRandom.current().nextLong(shortest / 2 + 1);
    }
}
