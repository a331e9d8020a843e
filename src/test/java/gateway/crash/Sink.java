package gateway.crash;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpServer;

/** The receiver of webhooks, which no kill touches, and its ledger. */
final class Sink implements AutoCloseable {
    private static final Pattern EVENT = Pattern.compile("event-[0-9]+");

    private final HttpServer server;
    /** By webhook-id: every body that came with it, once per time it came. */
    private final Map<String, java.util.List<String>> bodies = new ConcurrentHashMap<>();
    /** By the event's text: the webhook-ids it came under. */
    private final Map<String, Set<String>> ids = new ConcurrentHashMap<>();

    Sink() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var id = exchange.getRequestHeaders().getFirst("webhook-id");
            bodies.computeIfAbsent(id, first -> new java.util.concurrent.CopyOnWriteArrayList<>()).add(body);
            EVENT.matcher(body).results().forEach(found ->
                    ids.computeIfAbsent(found.group(), first -> ConcurrentHashMap.newKeySet()).add(id));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    boolean has(String event) {
        return ids.containsKey(event);
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
