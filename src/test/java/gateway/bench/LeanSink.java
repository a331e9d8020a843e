package gateway.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * The leanest receiver of webhooks that still speaks HTTP, so that the machine's cores go to what is measured. Each
 * event has a number behind a mark in its body; a body without the mark is taken and not counted.
 */
final class LeanSink implements AutoCloseable {
    private static final byte[] OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    private final String mark;
    private final IntConsumer listener;
    private final AtomicLongArray due;
    private final AtomicLongArray took;
    private final AtomicInteger arrived = new AtomicInteger();

    LeanSink(String mark, int events) throws IOException {
        this(mark, events, number -> {});
    }

    /** @param listener is told each number, in the order of arrival and as often as the number comes */
    LeanSink(String mark, int events, IntConsumer listener) throws IOException {
        this.mark = mark;
        this.listener = listener;
        due = new AtomicLongArray(events);
        took = new AtomicLongArray(events);
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    var socket = server.accept();
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/";
    }

    /** Notes when an event happens, in nanoseconds. */
    void due(int number, long nanos) {
        due.set(number, nanos);
    }

    /** How many different events came. */
    int arrived() {
        return arrived.get();
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new BufferedInputStream(socket.getInputStream());
            var out = socket.getOutputStream();
            for (int length = head(in); length >= 0; length = head(in)) {
                take(new String(in.readNBytes(length), StandardCharsets.UTF_8));
                out.write(OK);
            }
        } catch (IOException e) {
            System.getLogger("bench").log(System.Logger.Level.DEBUG, "connection ended", e);
        }
    }

    private void take(String body) {
        int at = body.indexOf(mark);
        if (at < 0) {
            return;
        }
        int number = 0;
        for (at += mark.length(); Character.isDigit(body.charAt(at)); at++) {
            number = number * 10 + Character.digit(body.charAt(at), 10);
        }
        listener.accept(number);
        if (took.compareAndSet(number, 0, Math.max(1, System.nanoTime() - due.get(number)))) {
            arrived.incrementAndGet();
        }
    }

    /** The body's length; -1 at the end. */
    private static int head(InputStream in) throws IOException {
        int length = 0;
        var line = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b != '\n') {
                line.append((char) b);
                continue;
            }
            if (line.length() == 1) {
                return length;
            }
            if (line.toString().startsWith("Content-Length: ")) {
                length = Integer.parseInt(line.substring(16, line.length() - 1));
            }
            line.setLength(0);
        }
        return -1;
    }

    /** How long each event took that arrived, in nanoseconds, in no order. */
    long[] took() {
        return took(0);
    }

    /** As {@link #took()}, for the events from the number {@code first} on. */
    long[] took(int first) {
        return IntStream.range(first, took.length())
                .mapToLong(took::get)
                .filter(nanos -> nanos > 0)
                .toArray();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
