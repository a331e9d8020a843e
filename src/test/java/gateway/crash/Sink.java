package gateway.crash;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.sun.net.httpserver.HttpServer;

/** A receiver of webhooks, which no kill touches, and its ledger of what it could verify. */
public final class Sink implements AutoCloseable {
    private static final Pattern EVENT = Pattern.compile("event-[0-9]+");

    private final Supplier<String> secret;
    private final HttpServer server;
    /** By webhook-id: every body that came with it, once per time it came. */
    private final Map<String, List<String>> bodies = new ConcurrentHashMap<>();
    /** By the event's text: the webhook-ids it came under. */
    private final Map<String, Set<String>> ids = new ConcurrentHashMap<>();

    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    /** @param secret the only one it knows at a moment */
    public Sink(Supplier<String> secret) throws IOException {
        this(secret, id -> false);
    }

    /**
     * @param secret  the only one it knows at a moment
     * @param refuses of which webhook-ids the first verified delivery is answered 503
     */
    Sink(Supplier<String> secret, Predicate<String> refuses) throws IOException {
        this.secret = secret;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (!signature(secret.get(), body)
                    .equals(exchange.getRequestHeaders().getFirst("X-Hub-Signature-256"))) {
                exchange.sendResponseHeaders(401, -1);
                exchange.close();
                return;
            }
            var id = exchange.getRequestHeaders().getFirst("webhook-id");
            if (refuses.test(id) && refused.add(id)) {
                exchange.sendResponseHeaders(503, -1);
                exchange.close();
                return;
            }
            bodies.computeIfAbsent(id, first -> new java.util.concurrent.CopyOnWriteArrayList<>())
                    .add(body);
            EVENT.matcher(body)
                    .results()
                    .forEach(found -> ids.computeIfAbsent(found.group(), first -> ConcurrentHashMap.newKeySet())
                            .add(id));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    private static String signature(String secret, String body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    /** The settings of a program whose webhooks come here. */
    public Map<String, String> settings() {
        return Map.of(
                "WHATSAPP_WEBHOOK",
                url(),
                "WHATSAPP_WEBHOOK_SECRET",
                secret.get(),
                "WHATSAPP_WEBHOOK_ALLOW_HTTP",
                "true",
                "WHATSAPP_WEBHOOK_ALLOW_CIDRS",
                "127.0.0.0/8");
    }

    boolean has(String event) {
        return ids.containsKey(event);
    }

    /** Every verified body, once. */
    public List<String> bodies() {
        return bodies.values().stream().map(List::getFirst).toList();
    }

    /** How many deliveries were refused. */
    int refused() {
        return refused.size();
    }

    /** Deliveries beyond the first of each webhook-id. */
    long duplicates() {
        return bodies.values().stream().mapToLong(all -> all.size() - 1).sum();
    }

    /** Ids whose repetitions were not the same bytes, and events that came under more than one id: never right. */
    Set<String> contradictions() {
        var wrong = new TreeSet<String>();
        bodies.forEach((id, all) -> {
            if (all.stream().distinct().count() > 1) {
                wrong.add(id + " came with different bodies");
            }
        });
        ids.forEach((event, all) -> {
            if (all.size() > 1) {
                wrong.add(event + " came under " + all);
            }
        });
        return wrong;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
