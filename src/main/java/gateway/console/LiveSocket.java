package gateway.console;

import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import gateway.http.Envelope;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;

/**
 * One open {@code /ws}. Frames wait in a queue of its own for its own thread, so that a slow client delays nobody; when the
 * queue is full the client is cut off. Close codes are those of RFC 6455 §7.4.1 and, for "later", of its registry.
 */
final class LiveSocket implements WsListener {
    static final int MOST_WAITING = 256;
    /** Clients have nothing longer to say than {@code {"code":"FETCH_DEVICES"}}. */
    private static final int LONGEST_REQUEST = 1024;
    /** Shorter than the minute after which the listener, and many a proxy, gives a silent connection up. */
    private static final long PING_AFTER_SECONDS = 20;
    /** Then it has to be opened anew, with credentials that still hold (OWASP ASVS 7.3.2). */
    private static final long LIFETIME_NANOS = TimeUnit.MINUTES.toNanos(15);

    private static final int GOING_AWAY = 1001;
    private static final int TEXT_ONLY = 1003;
    private static final int NOT_JSON = 1007;
    private static final int TOO_LONG = 1009;
    private static final int LATER = 1013;

    private final LiveFeed feed;
    private final Supplier<Predicate<String>> asker;
    private final Function<Predicate<String>, ArrayNode> devices;
    private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final ReentrantLock sending = new ReentrantLock();
    private final StringBuilder request = new StringBuilder();
    private Predicate<String> visible = device -> false;
    private boolean ended;
    private volatile int goodbye;
    private volatile Thread writer;

    /**
     * @param asker which devices the client may see; asked while the socket is being opened
     * @param devices the paired devices among those
     */
    LiveSocket(LiveFeed feed, Supplier<Predicate<String>> asker, Function<Predicate<String>, ArrayNode> devices) {
        this.feed = feed;
        this.asker = asker;
        this.devices = devices;
    }

    @Override
    public Optional<Headers> onHttpUpgrade(HttpPrologue prologue, Headers headers) {
        // The last moment at which it is known who asks.
        visible = asker.get();
        return Optional.empty();
    }

    @Override
    public void onOpen(WsSession session) {
        if (!feed.join(this)) {
            session.close(LATER, "too many sockets are open");
            return;
        }
        writer = Thread.ofVirtual().name("live").start(() -> write(session));
    }

    boolean mayWatch(String device) {
        return visible.test(device);
    }

    /** Never waits. */
    void tell(String frame) {
        if (!waiting.offer(frame)) {
            part(LATER);
        }
    }

    void goAway() {
        part(GOING_AWAY);
    }

    private void part(int code) {
        feed.leave(this);
        goodbye = code;
        var thread = writer;
        if (thread != null) {
            // Ends the wait for a frame, and a write that the client does not take.
            thread.interrupt();
        }
    }

    private void write(WsSession session) {
        long end = System.nanoTime() + LIFETIME_NANOS;
        try {
            while (goodbye == 0) {
                var frame = waiting.poll(PING_AFTER_SECONDS, TimeUnit.SECONDS);
                if (System.nanoTime() - end > 0) {
                    goodbye = GOING_AWAY;
                } else if (frame == null) {
                    send(() -> session.ping(BufferData.empty()));
                } else {
                    send(() -> session.send(frame, true));
                }
            }
            leave(session);
        } catch (InterruptedException e) {
            leave(session);
        } catch (UncheckedIOException | CloseConnectionException e) {
            // The client is gone or was cut off; its connection notices by itself.
            end();
        } finally {
            feed.leave(this);
            waiting.clear();
        }
    }

    private void leave(WsSession session) {
        int code = goodbye;
        // A write on an interrupted thread closes the socket before the reason is out.
        Thread.interrupted();
        try {
            if (code != 0) {
                send(() -> session.close(code, ""));
            }
        } catch (UncheckedIOException | CloseConnectionException e) {
            // The client was quicker, or its connection ended with a frame that is not one.
            end();
        }
        end();
    }

    private void end() {
        sending.lock();
        try {
            ended = true;
        } finally {
            sending.unlock();
        }
    }

    /** One frame at a time: Helidon's session does not sort out two writers. */
    private void send(Runnable frame) {
        sending.lock();
        try {
            if (!ended) {
                frame.run();
            }
        } finally {
            sending.unlock();
        }
    }

    @Override
    public void onMessage(WsSession session, String text, boolean last) {
        if (request.length() + text.length() > LONGEST_REQUEST) {
            part(TOO_LONG);
            return;
        }
        request.append(text);
        if (last) {
            var whole = request.toString();
            request.setLength(0);
            answer(whole);
        }
    }

    private void answer(String text) {
        try {
            if (Envelope.JSON.readTree(text).path("code").asText().equals("FETCH_DEVICES")) {
                tell(Frames.devices(devices.apply(visible)));
            }
        } catch (JsonProcessingException e) {
            part(NOT_JSON);
        }
    }

    @Override
    public void onMessage(WsSession session, BufferData buffer, boolean last) {
        part(TEXT_ONLY);
    }

    @Override
    public void onPing(WsSession session, BufferData buffer) {
        send(() -> session.pong(buffer));
    }

    @Override
    public void onClose(WsSession session, int status, String reason) {
        feed.leave(this);
        end();
        var thread = writer;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
