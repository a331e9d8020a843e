package gateway.http.hardened;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.SocketContext;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import org.jspecify.annotations.Nullable;

/**
 * An open WebSocket by RFC 6455. Helidon's own, of 4.5.0, accepts messages inside one another, answers each close
 * code with 1000, tells clients texts of exceptions, and waits for ever behind a close of ours.
 */
final class SocketConnection implements ServerConnection, WsSession {
    private static final System.Logger LOG = System.getLogger(SocketConnection.class.getName());
    private static final int FAILED = 1011;
    private static final int GOING_AWAY = 1001;
    private static final int MAX_REASON_BYTES = SocketFrame.MAX_CONTROL_BYTES - 2;
    /** How long a client may take to answer our close before its connection is cut. */
    private static final Duration PARTING = Duration.ofSeconds(2);

    private final GuardedConnection connection;
    private final HttpPrologue prologue;
    private final WsListener listener;
    private final SocketMessages messages = new SocketMessages();
    private final ReentrantLock sending = new ReentrantLock();
    private boolean insideMessage;
    private boolean closed;
    private boolean told;
    private volatile boolean running = true;
    private volatile @Nullable Thread reader;
    private volatile long lastFrame = System.nanoTime();

    /** @param listener has seen the handshake */
    SocketConnection(GuardedConnection connection, HttpPrologue prologue, WsListener listener) {
        this.connection = connection;
        this.prologue = prologue;
        this.listener = listener;
    }

    @Override
    public void handle(Limit limit) {
        reader = Thread.currentThread();
        try {
            listener.onOpen(this);
            while (running && process(SocketFrame.read(connection.dataReader()))) {
                lastFrame = System.nanoTime();
            }
        } catch (SocketFrame.Violation e) {
            tellClosed(e.code(), e.getMessage());
            close(e.code(), e.getMessage());
        } catch (CloseConnectionException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.log(
                    Level.ERROR,
                    "A socket''s listener failed: {0}",
                    e.getClass().getName());
            tellClosed(FAILED, "");
            close(FAILED, "");
        } finally {
            tellClosed(GOING_AWAY, "");
        }
    }

    private boolean process(SocketFrame frame) {
        if (frame.opcode() == SocketFrame.CLOSE) {
            var farewell = SocketFrame.Farewell.of(frame);
            tellClosed(farewell.code(), farewell.reason());
            sendClose(Arrays.copyOf(frame.payload(), Math.min(2, frame.payload().length)));
            return false;
        }
        var message = messages.next(frame);
        if (isClosed()) {
            // Sent before the client knew; nobody listens any more.
            return true;
        }
        switch (message) {
            case SocketMessages.Text text -> listener.onMessage(this, text.part(), text.last());
            case SocketMessages.Binary binary ->
                listener.onMessage(this, BufferData.create(binary.part()), binary.last());
            case SocketMessages.Ping ping -> listener.onPing(this, BufferData.create(ping.payload()));
            case SocketMessages.Pong pong -> listener.onPong(this, BufferData.create(pong.payload()));
        }
        return true;
    }

    private void tellClosed(int code, String reason) {
        if (!told) {
            told = true;
            listener.onClose(this, code, reason);
        }
    }

    private boolean isClosed() {
        sending.lock();
        try {
            return closed;
        } finally {
            sending.unlock();
        }
    }

    private WsSession send(int opcode, boolean last, byte[] payload) {
        sending.lock();
        try {
            if (!closed) {
                boolean data = opcode < SocketFrame.CLOSE;
                write(data && insideMessage ? SocketFrame.CONTINUATION : opcode, last, payload);
                insideMessage = data ? !last : insideMessage;
            }
            return this;
        } finally {
            sending.unlock();
        }
    }

    private void sendClose(byte[] payload) {
        sending.lock();
        try {
            if (!closed) {
                closed = true;
                connection.endWithin(PARTING);
                write(SocketFrame.CLOSE, true, payload);
            }
        } finally {
            sending.unlock();
        }
    }

    private void write(int opcode, boolean last, byte[] payload) {
        try {
            connection.dataWriter().writeNow(BufferData.create(SocketFrame.bytes(opcode, last, payload)));
        } catch (RuntimeException e) {
            throw new CloseConnectionException("The client of a socket is gone", e);
        }
    }

    @Override
    public WsSession send(String text, boolean last) {
        return send(SocketFrame.TEXT, last, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public WsSession send(BufferData bytes, boolean last) {
        return send(SocketFrame.BINARY, last, bytes.readBytes());
    }

    @Override
    public WsSession ping(BufferData payload) {
        return send(SocketFrame.PING, true, payload.readBytes());
    }

    @Override
    public WsSession pong(BufferData payload) {
        return send(SocketFrame.PONG, true, payload.readBytes());
    }

    /** Starts the closing handshake; a reason longer than a close frame holds is left out. */
    @Override
    public WsSession close(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        byte[] payload = new byte[2 + (text.length > MAX_REASON_BYTES ? 0 : text.length)];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, payload.length - 2);
        sendClose(payload);
        return this;
    }

    @Override
    public WsSession terminate() {
        close(GOING_AWAY, "");
        throw new CloseConnectionException("The socket is terminated");
    }

    @Override
    public SocketContext socketContext() {
        return connection;
    }

    @Override
    public HttpPrologue prologue() {
        return prologue;
    }

    @Override
    public Duration idleTime() {
        return Duration.ofNanos(System.nanoTime() - lastFrame);
    }

    @Override
    public void close(boolean interrupt) {
        running = false;
        var thread = reader;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
