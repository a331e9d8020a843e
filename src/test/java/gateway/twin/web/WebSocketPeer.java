package gateway.twin.web;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The server's end of one WebSocket connection (RFC 6455), without extensions, over a plain socket. */
final class WebSocketPeer implements AutoCloseable {
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int MAX_MESSAGE = 17 << 20;

    private final Socket socket;
    private final BufferedInputStream in;
    private final String path;
    private final Map<String, String> headers = new HashMap<>();

    /** Reads the request's head; neither accepts nor refuses it yet. */
    WebSocketPeer(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        socket.setTcpNoDelay(true);
        var request = line().split(" ");
        if (request.length < 2) {
            throw new EOFException("no request");
        }
        this.path = request[1];
        for (var header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).trim());
        }
    }

    private String line() throws IOException {
        var text = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || text.length() > 8_192) {
                throw new EOFException("the head is cut off");
            }
            if (b != '\r') {
                text.append((char) b);
            }
        }
        return text.toString();
    }

    /** The path and query asked for. */
    String path() {
        return path;
    }

    boolean isUpgrade() {
        return headers.containsKey("sec-websocket-key");
    }

    /** Answers the upgrade with 101. */
    void accept() throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-1")
                    .digest((headers.get("sec-websocket-key") + MAGIC).getBytes(StandardCharsets.US_ASCII));
            write(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                            + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Answers with a status instead, and no body. */
    void refuse(int status) throws IOException {
        write("HTTP/1.1 " + status + " Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    /** Answers with a page in ASCII. */
    void page(String text) throws IOException {
        write("HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\nConnection: close\r\n\r\n" + text);
    }

    private void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The next binary message, put together from its fragments; pings are answered meanwhile. */
    byte[] read() throws IOException {
        var message = new ByteArrayOutputStream();
        while (true) {
            int head = u8();
            int second = u8();
            long length = second & 0x7F;
            if (length == 126) {
                length = (long) u8() << 8 | u8();
            } else if (length == 127) {
                length = ByteBuffer.wrap(in.readNBytes(8)).getLong();
            }
            if (length < 0 || length + message.size() > MAX_MESSAGE || (second & 0x80) == 0) {
                throw new IOException("an unmasked frame, or one of " + length + " bytes");
            }
            var mask = in.readNBytes(4);
            var payload = in.readNBytes((int) length);
            if (payload.length < length) {
                throw new EOFException("closed");
            }
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i & 3];
            }
            switch (head & 0x0F) {
                case 8 -> throw new EOFException("closed by the client");
                case 9 -> frame(10, payload);
                case 10 -> {}
                default -> {
                    message.writeBytes(payload);
                    if ((head & 0x80) != 0) {
                        return message.toByteArray();
                    }
                }
            }
        }
    }

    private int u8() throws IOException {
        int b = in.read();
        if (b < 0) {
            throw new EOFException("closed");
        }
        return b;
    }

    /** Sends one binary message. */
    void send(byte[] message) throws IOException {
        frame(2, message);
    }

    private synchronized void frame(int opcode, byte[] payload) throws IOException {
        var head = ByteBuffer.allocate(10).put((byte) (0x80 | opcode));
        if (payload.length < 126) {
            head.put((byte) payload.length);
        } else if (payload.length < 1 << 16) {
            head.put((byte) 126).putShort((short) payload.length);
        } else {
            head.put((byte) 127).putLong(payload.length);
        }
        var out = socket.getOutputStream();
        out.write(Crypto.join(java.util.Arrays.copyOf(head.array(), head.position()), payload));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
