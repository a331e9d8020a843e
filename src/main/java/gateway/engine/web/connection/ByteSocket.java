package gateway.engine.web.connection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * A WebSocket as a stream of bytes. Few messages wait inside it: further ones are asked for as those are taken, so
 * that a slow reader slows the sender down.
 */
final class ByteSocket implements WebSocket.Listener {
    private static final int WINDOW = 8;
    private static final int SERVER_ERROR = 500;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int MAX_TEXT = 200;
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final Duration write;

    @SuppressWarnings("NullAway.Init") // open() sets it before anybody else has the object
    private WebSocket socket;

    private ByteSocket(Duration write) {
        this.write = write;
    }

    static ByteSocket open(HttpClient client, ServerAddress endpoint, Timing timing)
            throws ConnectionEnded, InterruptedException {
        ByteSocket bytes = new ByteSocket(timing.write());
        WebSocket.Builder builder = client.newWebSocketBuilder()
                .connectTimeout(timing.open())
                .header("Origin", "https://web.whatsapp.com")
                .header("Cache-Control", "no-cache")
                .header("Pragma", "no-cache");
        endpoint.userAgent().ifPresent(name -> builder.header("User-Agent", name));
        CompletableFuture<WebSocket> opening;
        try {
            opening = builder.buildAsync(endpoint.address(), bytes);
        } catch (UncheckedIOException e) {
            throw new ConnectionEnded(new End.Lost(words(e)));
        }
        try {
            bytes.socket = opening.get(timing.open().toMillis(), TimeUnit.MILLISECONDS);
            return bytes;
        } catch (TimeoutException _) {
            throw new ConnectionEnded(new End.Lost("it did not open in time"));
        } catch (ExecutionException e) {
            throw new ConnectionEnded(refusal(e.getCause()));
        } finally {
            if (bytes.socket == null) {
                opening.thenAccept(WebSocket::abort);
            }
        }
    }

    private static End refusal(@Nullable Throwable cause) {
        if (cause instanceof WebSocketHandshakeException refused) {
            int status = refused.getResponse().statusCode();
            return status >= SERVER_ERROR || status == TOO_MANY_REQUESTS
                    ? new End.ServerTrouble(status)
                    : new End.Lost("the upgrade was answered with status " + status);
        }
        return new End.Lost(cause instanceof HttpTimeoutException ? "it did not open in time" : words(cause));
    }

    /** The next bytes, or nothing when none came in time. */
    Optional<ByteBuffer> take(Duration patience) throws ConnectionEnded, InterruptedException {
        return switch (arrivals.poll(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            case Bytes(ByteBuffer bytes) -> {
                socket.request(1);
                yield Optional.of(bytes);
            }
            case Gone gone -> {
                arrivals.add(gone);
                throw new ConnectionEnded(new End.Lost(gone.why()));
            }
            case null -> Optional.empty();
        };
    }

    /**
     * Sends one message, and returns when it has left; an interruption waits until then, because half a message is
     * none. For one thread at a time.
     */
    void send(byte[] bytes) throws ConnectionEnded {
        CompletableFuture<WebSocket> leaving = socket.sendBinary(ByteBuffer.wrap(bytes), true);
        long deadline = System.nanoTime() + write.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    leaving.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                    return;
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw new ConnectionEnded(new End.Lost(words(e.getCause())));
        } catch (TimeoutException _) {
            throw new ConnectionEnded(new End.Lost("a frame could not be sent in time"));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Says goodbye where that is still possible, and lets the socket go. */
    void close() {
        try {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException _) {
            // The server has gone already, or does not listen.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            abort();
        }
    }

    void abort() {
        socket.abort();
        arrivals.add(new Gone("the socket was closed"));
    }

    @Override
    public void onOpen(WebSocket opened) {
        opened.request(WINDOW);
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        ByteBuffer copy = ByteBuffer.allocate(data.remaining());
        arrivals.add(new Bytes(copy.put(data).flip()));
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        arrivals.add(new Gone("the server has closed the socket (" + code + ")"));
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        arrivals.add(new Gone(words(error)));
    }

    private static String words(@Nullable Throwable error) {
        if (error instanceof UncheckedIOException wrapped) {
            return words(wrapped.getCause());
        }
        String text = error instanceof IOException && error.getMessage() != null
                ? error.getMessage()
                : error == null
                        ? "for no reason that is told"
                        : error.getClass().getSimpleName();
        return text.substring(0, Math.min(text.length(), MAX_TEXT));
    }

    /** What comes out of the socket. */
    private sealed interface Arrival {}

    private record Bytes(ByteBuffer bytes) implements Arrival {}

    private record Gone(String why) implements Arrival {}
}
