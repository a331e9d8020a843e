package gateway.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** Connections to a port of loopback, one for each request, for bytes that no client would send. */
public final class RawLine {
    private static final int PATIENCE_MILLIS = 15_000;
    private static final int MAX_REPLY_BYTES = 8 << 20;

    private final int port;

    public RawLine(int port) {
        this.port = port;
    }

    /** Sends the bytes and the end of the stream, and reads until the server ends it, too. */
    public RawReply send(byte[] bytes) {
        try (var socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            try {
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
            } catch (IOException e) {
                // The server has refused the rest; its reply may still be there to be read.
                return RawReply.of(read(socket));
            }
            return RawReply.of(read(socket));
        } catch (SocketTimeoutException e) {
            return RawReply.silent();
        } catch (IOException e) {
            return RawReply.of(new byte[0]);
        }
    }

    private static byte[] read(Socket socket) throws SocketTimeoutException {
        var all = new ByteArrayOutputStream();
        var buffer = new byte[8192];
        try {
            var in = socket.getInputStream();
            for (int n = in.read(buffer); n >= 0 && all.size() < MAX_REPLY_BYTES; n = in.read(buffer)) {
                all.write(buffer, 0, n);
            }
        } catch (SocketTimeoutException e) {
            if (all.size() == 0) {
                throw e;
            }
        } catch (IOException e) {
            // A reset: what came before it counts.
            return all.toByteArray();
        }
        return all.toByteArray();
    }
}
