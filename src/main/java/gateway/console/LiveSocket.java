package gateway.console;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import org.jspecify.annotations.Nullable;

import gateway.auth.Principal;
import gateway.http.Envelope;

/**
 * One open {@code /ws}. Frames wait in a queue of its own for its own thread, so that a slow client delays nobody; when
 * the queue is full the client is cut off. Close codes are those of RFC 6455 §7.4.1 and, for "later", of its registry.
 */
final class LiveSocket implements WsListener {
    static final int MAX_WAITING = 256;
    /** Clients have nothing longer to say than {@code {"code":"FETCH_DEVICES"}}. */
    private static final int MAX_REQUEST = 1024;
    /** Shorter than the minute after which the listener and many proxies close a silent connection. */
    private static final long PING_AFTER_SECONDS = 20;

    private static final long PING_AFTER_NANOS = TimeUnit.SECONDS.toNanos(PING_AFTER_SECONDS);
    /** How long a socket lives. It has to be opened anew then, with valid credentials (OWASP ASVS 7.3.2). */
    private static final long LIFETIME_NANOS = TimeUnit.MINUTES.toNanos(15);

    /** How often a socket that is bound to an account looks whether the account still exists. */
    private static final long LOOK_SECONDS = 1;

    private static final int GOING_AWAY = 1001;
    private static final int TEXT_ONLY = 1003;
    private static final int NOT_JSON = 1007;
    private static final int NO_LONGER_ALLOWED = 1008;
    private static final int TOO_LONG = 1009;
    private static final int LATER = 1013;

    private final LiveFeed feed;
    private final Supplier<Watcher> asker;
    private final Devices devices;
    private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final ReentrantLock sending = new ReentrantLock();
    /** Held while the database is asked, because an interrupt then would cost a connection to the database. */
    private final ReentrantLock asking = new ReentrantLock();

    private final StringBuilder request = new StringBuilder();

    @SuppressWarnings("NullAway.Init") // onHttpUpgrade() sets it before anybody else is called
    private volatile Watcher watcher;
    /** The account that a bound credential had when it opened the socket. */
    private Optional<String> bound = Optional.empty();

    private Runnable unfollow = () -> {};
    private boolean ended;
    private volatile @Nullable Goodbye goodbye;
    private volatile @Nullable Thread writer;

    /** Why the gateway ends a socket: a close code and a sentence of at most 123 bytes (RFC 6455 §5.5.1). */
    private record Goodbye(int code, String reason) {}

    /** What a socket asks about the gateway's accounts. */
    interface Devices {
        /** The paired devices among the visible accounts. */
        ArrayNode paired(Predicate<String> visible);

        boolean exists(String device);
    }

    /** @param asker who the client is; asked while the socket is being opened */
    LiveSocket(LiveFeed feed, Supplier<Watcher> asker, Devices devices) {
        this.feed = feed;
        this.asker = asker;
        this.devices = devices;
    }

    @Override
    public Optional<Headers> onHttpUpgrade(HttpPrologue prologue, Headers headers) {
        // The last moment at which it is known who asks.
        watcher = asker.get();
        return Optional.empty();
    }

    @Override
    public void onOpen(WsSession session) {
        var refusal = feed.join(this);
        if (refusal.isPresent()) {
            session.close(LATER, refusal.get());
            return;
        }
        bound = watcher.principal().flatMap(Principal::device).filter(devices::exists);
        unfollow = watcher.grant().map(grant -> grant.follow(this::principalIs)).orElse(unfollow);
        writer = Thread.ofVirtual().name("live").start(() -> write(session));
    }

    Watcher watcher() {
        return watcher;
    }

    boolean mayWatch(String device) {
        return watcher.principal().map(who -> who.mayUse(device)).orElse(true);
    }

    /** Takes over that the right by which the socket was opened has changed, or is lost. */
    private void principalIs(Optional<Principal> now) {
        if (now.filter(who -> who.may(Principal.Scope.READ)).isEmpty()) {
            part(NO_LONGER_ALLOWED, "the credential that opened this socket is no longer valid");
        } else if (!now.equals(watcher.principal())) {
            watcher = new Watcher(now, watcher.site(), watcher.grant());
        }
    }

    /** Asks for the right again before frames go out, so that nobody gets them whose right was lost a moment ago. */
    private void lookAgain() {
        ask(() -> watcher.grant().ifPresent(grant -> principalIs(grant.now())));
    }

    private void lookForAccount() {
        ask(() -> {
            if (bound.filter(device -> !devices.exists(device)).isPresent()) {
                part(NO_LONGER_ALLOWED, "the account of this credential was removed");
            }
        });
    }

    private void ask(Runnable question) {
        asking.lock();
        try {
            if (goodbye == null && !Thread.currentThread().isInterrupted()) {
                question.run();
            }
        } catch (RuntimeException unanswered) {
            part(LATER, "the right to this socket cannot be checked at this moment");
        } finally {
            asking.unlock();
        }
    }

    /** Queues a frame without waiting; a client whose queue is full is cut off. */
    void tell(String frame) {
        if (!waiting.offer(frame)) {
            part(LATER, "the client does not keep up");
        }
    }

    void goAway() {
        part(GOING_AWAY, "the gateway is stopping");
    }

    private void part(int code, String reason) {
        feed.leave(this);
        goodbye = new Goodbye(code, reason);
        wake();
    }

    /** Ends the writer's wait for a frame, and a write that the client does not take. Never waits. */
    private void wake() {
        var thread = writer;
        // A writer that asks the database looks at its goodbye right afterwards.
        if (thread != null && asking.tryLock()) {
            try {
                thread.interrupt();
            } finally {
                asking.unlock();
            }
        }
    }

    private void write(WsSession session) {
        long end = System.nanoTime() + LIFETIME_NANOS;
        long ping = System.nanoTime() + PING_AFTER_NANOS;
        try {
            while (goodbye == null) {
                var first = waiting.poll(bound.isPresent() ? LOOK_SECONDS : PING_AFTER_SECONDS, TimeUnit.SECONDS);
                lookForAccount();
                if (System.nanoTime() - end > 0) {
                    part(GOING_AWAY, "open it again, with credentials that still hold");
                } else if (first != null) {
                    var frames = new ArrayList<>(List.of(first));
                    waiting.drainTo(frames);
                    lookAgain();
                    for (int i = 0; i < frames.size() && goodbye == null; i++) {
                        var frame = frames.get(i);
                        send(() -> session.send(frame, true));
                    }
                    ping = System.nanoTime() + PING_AFTER_NANOS;
                } else if (System.nanoTime() - ping >= 0) {
                    send(() -> session.ping(BufferData.empty()));
                    ping = System.nanoTime() + PING_AFTER_NANOS;
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
            unfollow.run();
            waiting.clear();
        }
    }

    private void leave(WsSession session) {
        var last = goodbye;
        // A write on an interrupted thread closes the socket before the reason is out.
        Thread.interrupted();
        try {
            if (last != null) {
                send(() -> session.close(last.code(), last.reason()));
            }
        } catch (UncheckedIOException | CloseConnectionException e) {
            // The client was quicker, or its connection ended with a frame that is not one.
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
        if (request.length() + text.length() > MAX_REQUEST) {
            part(TOO_LONG, "a request is at most " + MAX_REQUEST + " characters");
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
                tell(FeedFrames.devices(devices.paired(this::mayWatch)));
            }
        } catch (JsonProcessingException e) {
            part(NOT_JSON, "a request is JSON");
        }
    }

    @Override
    public void onMessage(WsSession session, BufferData buffer, boolean last) {
        part(TEXT_ONLY, "a request is text");
    }

    @Override
    public void onPing(WsSession session, BufferData buffer) {
        send(() -> session.pong(buffer));
    }

    @Override
    public void onClose(WsSession session, int status, String reason) {
        end();
        // Nobody reads the reason; the writer only has to see that the socket has ended.
        part(GOING_AWAY, "the client has left");
    }
}
