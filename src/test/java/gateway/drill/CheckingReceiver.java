package gateway.drill;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.sun.net.httpserver.HttpServer;

/** A receiver as the guide writes it: it knows one secret, checks one header, and answers 401 to anything else. */
final class CheckingReceiver implements AutoCloseable {
    private static final Pattern EVENT = Pattern.compile("event-[0-9]+-");

    private final HttpServer server;
    final Set<String> events = ConcurrentHashMap.newKeySet();
    final AtomicLong refused = new AtomicLong();
    private volatile String secret;
    /** What is waited for, and when it was first seen in a signature. */
    private volatile String expected = "";

    private volatile long seenAt;

    CheckingReceiver(String first) throws IOException {
        secret = first;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            var body = exchange.getRequestBody().readAllBytes();
            var hub = exchange.getRequestHeaders().getFirst("X-Hub-Signature-256");
            if (!expected.isEmpty()
                    && seenAt == 0
                    && standard(
                            exchange.getRequestHeaders().getFirst("webhook-id"),
                            exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                            body,
                            exchange.getRequestHeaders().getFirst("webhook-signature"))) {
                seenAt = System.nanoTime();
            }
            boolean genuine = ("sha256=" + HexFormat.of().formatHex(mac(secret, body))).equals(hub);
            if (genuine) {
                EVENT.matcher(new String(body, StandardCharsets.UTF_8))
                        .results()
                        .forEach(found -> events.add(found.group()));
            } else {
                refused.incrementAndGet();
            }
            exchange.sendResponseHeaders(genuine ? 200 : 401, -1);
            exchange.close();
        });
        server.start();
    }

    /** Whether the Standard Webhooks header carries a signature by the expected secret. */
    private boolean standard(String id, String time, byte[] body, String signatures) {
        var signed = mac(expected, (id + "." + time + ".").getBytes(StandardCharsets.UTF_8), body);
        return signatures.contains("v1," + java.util.Base64.getEncoder().encodeToString(signed));
    }

    private static byte[] mac(String secret, byte[]... parts) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            for (var part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    void expect(String fresh) {
        seenAt = 0;
        expected = fresh;
    }

    /** When the expected secret first signed; 0 = not yet. */
    long seenAt() {
        return seenAt;
    }

    void secretIs(String fresh) {
        secret = fresh;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
