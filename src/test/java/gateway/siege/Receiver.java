package gateway.siege;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** A webhook receiver on loopback that remembers which numbered messages it heard of; or one that answers late. */
final class Receiver implements AutoCloseable {
    private static final Pattern NUMBER = Pattern.compile("siege event (\\d+)");
    private static final byte[] OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    private final Set<Integer> heard = ConcurrentHashMap.newKeySet();
    private final long delayMillis;

    /** @param delayMillis until each answer */
    public Receiver(long delayMillis) throws IOException {
        this.delayMillis = delayMillis;
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    var socket = server.accept();
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                int length = 0;
                for (var line = line(in); !line.isEmpty(); line = line(in)) {
                    if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                        length = Integer.parseInt(line.substring(15).trim());
                    }
                }
                var number = NUMBER.matcher(new String(in.readNBytes(length), StandardCharsets.UTF_8));
                LockSupport.parkNanos(delayMillis * 1_000_000);
                if (number.find()) {
                    heard.add(Integer.parseInt(number.group(1)));
                }
                socket.getOutputStream().write(OK);
            }
        } catch (IOException closed) {
            // The gateway keeps its connections only as long as it needs them.
        }
    }

    private static String line(BufferedInputStream in) throws IOException {
        var text = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("closed");
            }
            if (b != '\r') {
                text.append((char) b);
            }
        }
        return text.toString();
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/";
    }

    boolean heard(int number) {
        return heard.contains(number);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
