package gateway.outbound;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** An open connection to a target, made to one of the addresses that were judged; no name is looked up here. */
final class Connection implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;

    private final Socket tcp;
    private final InputStream in;
    private final OutputStream out;
    private long idleSince = System.nanoTime();

    private Connection(Socket tcp, InputStream in, OutputStream out) {
        this.tcp = tcp;
        this.in = in;
        this.out = out;
    }

    /**
     * Connects, and with https shakes hands under the target's name: certificate and SNI are the name's, not the
     * address's.
     */
    static Connection open(Target target, InetAddress[] addresses, Supplier<SSLContext> tls, Deadline deadline)
            throws IOException {
        IOException failure = null;
        for (var address : addresses) {
            var tcp = new Socket(java.net.Proxy.NO_PROXY);
            try {
                deadline.guard(tcp);
                tcp.setTcpNoDelay(true);
                tcp.connect(
                        new InetSocketAddress(address, target.port()), Math.min(CONNECT_MILLIS, deadline.millisLeft()));
                var socket = target.secure() ? secured(tcp, target, tls.get()) : tcp;
                return new Connection(tcp, new BufferedInputStream(socket.getInputStream()), socket.getOutputStream());
            } catch (IOException | RuntimeException e) {
                tcp.close();
                failure = e instanceof IOException io ? io : new IOException(e);
                if (tcp.isConnected() || deadline.struck()) {
                    break;
                }
            }
        }
        throw failure;
    }

    private static SSLSocket secured(Socket tcp, Target target, SSLContext context) throws IOException {
        var socket = (SSLSocket) context.getSocketFactory().createSocket(tcp, target.host(), target.port(), true);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        if (!target.isLiteral()) {
            parameters.setServerNames(List.of(new SNIHostName(target.host())));
        }
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    InputStream in() {
        return in;
    }

    /** Writes head and body in one piece, so that they share a packet. */
    void send(byte[] request) throws IOException {
        out.write(request);
        out.flush();
    }

    void guardBy(Deadline deadline) throws IOException {
        deadline.guard(tcp);
    }

    void rest() {
        idleSince = System.nanoTime();
    }

    long idleNanos() {
        return System.nanoTime() - idleSince;
    }

    /** Closes without a farewell: TLS's close_notify could block on a peer that reads nothing. */
    @Override
    public void close() throws IOException {
        tcp.close();
    }
}
