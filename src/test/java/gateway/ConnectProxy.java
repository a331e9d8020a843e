package gateway;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real HTTP proxy on loopback: it tunnels (CONNECT), forwards plain requests, and may ask for a password. */
public final class ConnectProxy implements AutoCloseable {
    private final ServerSocket server;
    private final String login;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    /** The first line of each request that was let through. */
    public final List<String> passed = new CopyOnWriteArrayList<>();
    /** The first line of each request that was refused with 407. */
    public final List<String> refused = new CopyOnWriteArrayList<>();

    /** @param login user, colon and password; empty to ask for none */
    public ConnectProxy(String login) throws IOException {
        this.login = login;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("proxy").start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        open.add(client);
        try (client) {
            var in = new BufferedInputStream(client.getInputStream());
            while (true) {
                var head = head(in);
                var first = head.getFirst();
                if (!login.isEmpty() && !head.contains("proxy-authorization: basic " + encoded())) {
                    refused.add(first);
                    answer(client, "407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"test\"\r\n");
                    continue;
                }
                passed.add(first);
                if (first.startsWith("CONNECT ")) {
                    var target = first.split(" ")[1].split(":");
                    try (var there = new Socket(InetAddress.getByName(target[0]), Integer.parseInt(target[1]))) {
                        open.add(there);
                        client.getOutputStream()
                                .write("HTTP/1.1 200 Connection established\r\n\r\n"
                                        .getBytes(StandardCharsets.US_ASCII));
                        Thread.ofVirtual().start(() -> pump(there, client));
                        in.transferTo(there.getOutputStream());
                    }
                    return;
                }
                forward(head, client);
                return;
            }
        } catch (IOException | RuntimeException ended) {
            // The client or the server has gone.
        } finally {
            open.remove(client);
        }
    }

    private String encoded() {
        // Heads are compared in lower case.
        return Base64.getEncoder()
                .encodeToString(login.getBytes(StandardCharsets.UTF_8))
                .toLowerCase(Locale.ROOT);
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException ended) {
            // One end has gone.
        }
    }

    /** Sends a plain request on, without the headers for the proxy, and its answer back. */
    private static void forward(List<String> head, Socket client) throws IOException {
        var parts = head.getFirst().split(" ");
        var target = URI.create(parts[1]);
        try (var there = new Socket(InetAddress.getByName(target.getHost()), target.getPort())) {
            var text = parts[0] + " " + target.getRawPath()
                    + (target.getRawQuery() == null ? "" : "?" + target.getRawQuery()) + " HTTP/1.1\r\nHost: "
                    + target.getAuthority() + "\r\nConnection: close\r\n\r\n";
            there.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            there.getInputStream().transferTo(client.getOutputStream());
        }
    }

    private static void answer(Socket client, String status, String headers) throws IOException {
        client.getOutputStream()
                .write(("HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: 0\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
    }

    /** The first line as it is, and the headers in lower case. */
    private static List<String> head(InputStream in) throws IOException {
        var lines = new ArrayList<String>();
        while (true) {
            var line = new StringBuilder();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new EOFException();
                }
                line.append((char) b);
            }
            var text = line.toString().strip();
            if (text.isEmpty()) {
                return lines;
            }
            lines.add(lines.isEmpty() ? text : text.toLowerCase(Locale.ROOT));
        }
    }

    /** Ends the proxy and every connection that goes by it. */
    @Override
    public void close() throws IOException {
        server.close();
        for (var socket : open) {
            socket.close();
        }
    }
}
