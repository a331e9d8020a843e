package gateway.engine.web.connection;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;

import gateway.engine.web.node.Node;
import gateway.engine.web.node.NodeDecoder;
import gateway.engine.web.node.NodeEncoder;
import gateway.engine.web.noise.FrameReader;
import gateway.engine.web.noise.Frames;
import gateway.engine.web.noise.TestResponder;
import gateway.engine.web.primitive.WireRefusal;

/** A server on loopback for one connection: it shakes hands, keeps what it is sent, and says what the test says. */
final class LoopbackServer implements WsListener, AutoCloseable {
    final TestResponder responder = new TestResponder();
    final BlockingQueue<Node> received = new LinkedBlockingQueue<>();
    private final CountDownLatch ready = new CountDownLatch(1);
    private final WebServer server;
    private final FrameReader frames = new FrameReader();
    /** Into how many bytes what is sent is cut. */
    volatile int pieces = Integer.MAX_VALUE;
    /** What is answered to a stanza at once. */
    volatile Function<Node, Optional<Node>> answering = stanza -> Optional.empty();

    volatile Function<byte[], byte[]> hello = Function.identity();
    volatile byte[] intro = new byte[0];
    volatile Headers headers;
    volatile TestResponder.Accepted client;
    private volatile WsSession session;
    private int messages;

    LoopbackServer() {
        // Helidon judges the page that asks: clients of the multi-device protocol name this one.
        server = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .addProtocol(
                        WsConfig.builder().addOrigin("https://web.whatsapp.com").build())
                .addRouting(WsRouting.builder().endpoint("/ws/chat", this))
                .build()
                .start();
    }

    ServerAddress endpoint() {
        return new ServerAddress(
                URI.create("ws://127.0.0.1:" + server.port() + "/ws/chat"),
                responder.root(),
                Optional.of("Mozilla/5.0"));
    }

    @Override
    public Optional<Headers> onHttpUpgrade(HttpPrologue prologue, Headers sent) {
        headers = sent;
        return Optional.empty();
    }

    @Override
    public void onOpen(WsSession opened) {
        session = opened;
    }

    @Override
    public void onMessage(WsSession from, BufferData data, boolean last) {
        byte[] bytes = data.readBytes();
        ByteBuffer stream = ByteBuffer.wrap(bytes);
        if (messages++ == 0) {
            int length = bytes[0] == 'E' ? 7 + ((bytes[5] & 0xFF) << 8 | bytes[6] & 0xFF) + 4 : 4;
            intro = new byte[length];
            stream.get(intro);
        }
        try {
            for (byte[] payload : frames.read(stream)) {
                payload(payload);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void payload(byte[] payload) throws Exception {
        if (client != null) {
            Node stanza = NodeDecoder.decode(client.cipher().open(payload));
            received.add(stanza);
            answering.apply(stanza).ifPresent(this::send);
        } else if (messages == 1) {
            raw(Frames.frame(hello.apply(responder.answer(payload))));
        } else {
            client = responder.accept(payload);
            ready.countDown();
        }
    }

    /** Waits until the client has shown who it is. */
    LoopbackServer await() throws InterruptedException {
        if (!ready.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("no client came");
        }
        return this;
    }

    void send(Node node) {
        raw(sealed(NodeEncoder.encode(node)));
    }

    synchronized byte[] sealed(byte[] plain) {
        return Frames.frame(client.cipher().seal(plain));
    }

    synchronized void raw(byte[] bytes) {
        for (int at = 0; at < bytes.length; at += Math.min(pieces, bytes.length - at)) {
            session.send(
                    BufferData.create(Arrays.copyOfRange(bytes, at, at + Math.min(pieces, bytes.length - at))), true);
        }
    }

    void hangUp() {
        session.close(1001, "going");
    }

    Node next() throws InterruptedException, WireRefusal {
        Node node = received.poll(10, TimeUnit.SECONDS);
        if (node == null) {
            throw new AssertionError("nothing was received");
        }
        return node;
    }

    @Override
    public void close() {
        server.stop();
    }
}
