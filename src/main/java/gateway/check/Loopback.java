package gateway.check;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

import gateway.outbound.AddressRules;
import gateway.outbound.SystemResolver;

/**
 * A client of this machine's own listeners, on loopback addresses but for {@link #outside}. Each request has a
 * connection of its own.
 */
final class Loopback {
    private static final int CONNECT_MILLIS = (int) Duration.ofSeconds(1).toMillis();
    private static final int READ_MILLIS = (int) Duration.ofSeconds(3).toMillis();
    private static final int MAX_REPLY = 1 << 20;
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length:[ \t]*([0-9]{1,9})[ \t]*\r\n");
    private static final List<String> ADDRESSES = List.of("127.0.0.1", "::1");
    private static final Reading READING = new Reading();
    /** The kind of key exchange that the platform's trust manager takes from TLS 1.3, for RSA and ECDSA alike. */
    private static final String ANY_KEY = "UNKNOWN";

    /** Says no to nothing, because a certificate has to be seen before it can be judged. No secret is ever sent. */
    private static final class Reading implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String method) throws CertificateException {
            throw new CertificateException("this is a client");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String method) {
            // Judged by trouble(), afterwards.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    Evidence.Reply http(Evidence.Request request) {
        try (var plain = connect(request.port(), request.from());
                var socket = request.tls() ? secured(plain, request.name(), "TLSv1.3", "TLSv1.2") : plain) {
            var first = request.line().contains(" ") ? request.line() : "GET " + request.line() + " HTTP/1.1";
            var text = first + "\r\nHost: " + request.name()
                    + "\r\nUser-Agent: whatsapp-check\r\nAccept: application/json\r\nConnection: close\r\n"
                    + request.headers().stream().map(header -> header + "\r\n").collect(Collectors.joining())
                    + "\r\n" + request.body();
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return reply(new BufferedInputStream(socket.getInputStream()), request.port());
        } catch (SSLException e) {
            // JSSE says nothing but these words of an alert that came.
            throw String.valueOf(e.getMessage()).contains("Received fatal alert")
                    ? new Refused("the server on port " + request.port() + " refuses the handshake")
                    : new Unseen("no handshake on port " + request.port() + ": " + why(e));
        } catch (IOException e) {
            throw new Unseen("no answer on port " + request.port() + ": " + why(e));
        }
    }

    private static Evidence.Reply reply(InputStream in, int port) throws IOException {
        var text = text(in);
        if (text.length() > MAX_REPLY) {
            throw new Unseen("the reply on port " + port + " has more than 1 MiB");
        }
        var parts = text.split("\r\n\r\n", 2);
        var lines = parts[0].split("\r\n");
        var status = lines[0].split(" ");
        if (!lines[0].startsWith("HTTP/1.") || status.length < 2 || !status[1].matches("[0-9]{3}")) {
            throw new Unseen("what answers on port " + port + " does not speak HTTP");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (var line : Arrays.asList(lines).subList(1, lines.length)) {
            var header = line.split(":", 2);
            headers.merge(
                    header[0].toLowerCase(Locale.ROOT),
                    header.length > 1 ? header[1].strip() : "",
                    (one, other) -> one + ", " + other);
        }
        var body = parts.length > 1 ? parts[1] : "";
        var whole = headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")
                ? joined(body)
                : Optional.of(body).filter(got -> !isShort(got, headers.getOrDefault("content-length", "")));
        return new Evidence.Reply(
                Integer.parseInt(status[1]),
                headers,
                whole.orElseThrow(() -> new Unseen("the reply on port " + port + " was cut short")));
    }

    /** A reply up to its end by Content-Length: nginx keeps the connection for a while when it has refused a body. */
    private static String text(InputStream in) throws IOException {
        var got = new ByteArrayOutputStream();
        var buffer = new byte[8_192];
        long end = -1;
        while (got.size() <= MAX_REPLY && (end < 0 || got.size() < end)) {
            int bytes = in.read(buffer);
            if (bytes < 0) {
                break;
            }
            got.write(buffer, 0, bytes);
            end = end < 0 ? end(got.toString(StandardCharsets.ISO_8859_1)) : end;
        }
        return got.toString(StandardCharsets.ISO_8859_1);
    }

    /** How long a reply is, as its headers say; negative while they are not all there. */
    private static long end(String begun) {
        int head = begun.indexOf("\r\n\r\n");
        if (head < 0) {
            return -1;
        }
        var length = LENGTH.matcher(begun.substring(0, head + 2));
        return length.find() ? head + 4 + Long.parseLong(length.group(1)) : Long.MAX_VALUE;
    }

    /** Whether a body has fewer bytes than its header says; false when the header says nothing. */
    private static boolean isShort(String body, String length) {
        return length.matches("[0-9]{1,18}") && body.length() < Long.parseLong(length);
    }

    /** The chunks of a body (RFC 9112, 7.1) without their sizes; empty when the last chunk did not come. */
    private static Optional<String> joined(String chunks) {
        var body = new StringBuilder();
        int at = 0;
        while (true) {
            int line = chunks.indexOf("\r\n", at);
            if (line < 0 || !chunks.substring(at, line).matches("[0-9A-Fa-f]{1,6}")) {
                return Optional.empty();
            }
            int size = Integer.parseInt(chunks.substring(at, line), 16);
            if (size == 0) {
                return Optional.of(body.toString());
            }
            int end = line + 2 + size;
            at = end + 2;
            if (at > chunks.length()) {
                return Optional.empty();
            }
            body.append(chunks, line + 2, end);
        }
    }

    /** As {@link #handshake}, with the first public address of the name instead of loopback. */
    Evidence.Handshake outside(int port, String name) {
        try (var resolver = new SystemResolver();
                var plain = new Socket()) {
            var address = Arrays.stream(resolver.resolve(name))
                    .filter(AddressRules.strict()::permits)
                    .findFirst()
                    .orElseThrow(() -> new Unseen(name + " leads to no public address from here"));
            plain.setSoTimeout(READ_MILLIS);
            plain.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
            return handshake(plain, name, "TLSv1.3");
        } catch (IOException e) {
            throw new Unseen("no handshake with " + name + " from outside: " + why(e));
        }
    }

    private static Evidence.Handshake handshake(Socket plain, String name, String version) throws IOException {
        try (var socket = secured(plain, name, version)) {
            socket.startHandshake();
            var chain = Arrays.stream(socket.getSession().getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
            return new Evidence.Handshake(socket.getSession().getProtocol(), chain, trouble(chain));
        }
    }

    Evidence.Handshake handshake(int port, String name, String version) {
        try (var plain = connect(port)) {
            return handshake(plain, name, version);
        } catch (IOException e) {
            throw new Unseen("no handshake with " + version + " on port " + port + ": " + why(e));
        }
    }

    boolean acceptsOldTls(int port, String name, Evidence.OldTls version) {
        try (var socket = connect(port)) {
            return ClientHello.isAccepted(answer(socket, ClientHello.of(name, version)), version);
        } catch (IOException e) {
            throw new Unseen("no answer to a hello with " + version + " on port " + port + ": " + why(e));
        }
    }

    /** The first bytes of the server's answer; none when the server ended the connection. */
    private static byte[] answer(Socket socket, byte[] hello) throws IOException {
        try {
            socket.getOutputStream().write(hello);
            socket.getOutputStream().flush();
            return socket.getInputStream().readNBytes(ClientHello.ANSWER);
        } catch (java.net.SocketException e) {
            return new byte[0];
        }
    }

    private static Socket connect(int port) throws IOException {
        return connect(port, Evidence.PROBES);
    }

    private static Socket connect(int port, String from) throws IOException {
        if (port == 0) {
            throw new Unseen("the settings say port 0, so the port is not known");
        }
        var last = new ConnectException("no address");
        for (var address : ADDRESSES) {
            var socket = new Socket();
            try {
                socket.setSoTimeout(READ_MILLIS);
                if (address.contains(".")) {
                    socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
                }
                socket.connect(new InetSocketAddress(InetAddress.getByName(address), port), CONNECT_MILLIS);
                return socket;
            } catch (ConnectException e) {
                socket.close();
                last = e;
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        }
        throw last;
    }

    private static SSLSocket secured(Socket plain, String name, String... versions) throws IOException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {READING}, null);
            var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, name, plain.getPort(), true);
            var parameters = socket.getSSLParameters();
            parameters.setProtocols(versions);
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
            return socket;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has TLS", e);
        } catch (IllegalArgumentException e) {
            throw new Unseen("the edge's name is not a name of a host");
        }
    }

    private static Optional<String> trouble(List<X509Certificate> chain) {
        try {
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            var manager = (X509TrustManager) factory.getTrustManagers()[0];
            manager.checkServerTrusted(chain.toArray(X509Certificate[]::new), ANY_KEY);
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            return Optional.of("no known authority issued it");
        }
    }

    private static String why(IOException e) {
        return switch (e) {
            case ConnectException _ -> "nothing listens";
            case java.net.SocketTimeoutException _ -> "no answer in time";
            case java.net.UnknownHostException _ -> "the name has no address";
            default -> e.getClass().getSimpleName();
        };
    }
}
