package gateway.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * One kept connection and the least HTTP/1.1 that can be spoken over it, so that the load costs little of the machine.
 */
public final class Client implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final URI server;
    private final InetAddress from;
    private final int patienceMillis;
    private Socket socket;
    private InputStream in;
    private byte[] body;

    /** @param from the address it comes from; any of 127.0.0.0/8 */
    public Client(URI server, InetAddress from) {
        this(server, from, PATIENCE_MILLIS);
    }

    /** @param patienceMillis for an answer */
    Client(URI server, InetAddress from, int patienceMillis) {
        this.server = server;
        this.from = from;
        this.patienceMillis = patienceMillis;
    }

    /** A whole request as it goes over the wire. */
    public static byte[] request(String method, String path, Map<String, String> headers, String body) {
        var text = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        if (!body.isEmpty()) {
            text.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(body.length())
                    .append("\r\n");
        }
        return text.append("\r\n").append(body).toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** As {@link #exchange}; returns the answer's body. */
    public String answer(byte[] request) throws IOException {
        exchange(request);
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Sends a request, reads its answer, and returns the status. A connection that the server closed is made anew. */
    public int exchange(byte[] request) throws IOException {
        if (socket == null) {
            socket = new Socket();
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), 2_000);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(patienceMillis);
            in = new BufferedInputStream(socket.getInputStream());
        }
        try {
            socket.getOutputStream().write(request);
            return read();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private int read() throws IOException {
        var status = Integer.parseInt(line().substring(9, 12));
        int length = 0;
        boolean last = false;
        for (var line = line(); !line.isEmpty(); line = line()) {
            var lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).trim());
            }
            last |= lower.equals("connection: close");
        }
        body = in.readNBytes(length);
        if (last) {
            close();
        }
        return status;
    }

    private String line() throws IOException {
        var text = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (b != '\r') {
                text.append((char) b);
            }
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
