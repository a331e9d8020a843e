package gateway.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** A real HTTP server on loopback that keeps what it is sent and answers as it is told. */
public final class WebhookReceiver implements AutoCloseable {
    private final HttpServer server;
    private final List<Hit> hits = new CopyOnWriteArrayList<>();
    private volatile Function<Hit, Reply> answer = hit -> Reply.of(200);

    /** What arrived; header names are lower case. {@code peer} is the sender's port, one per connection. */
    public record Hit(String path, Map<String, String> headers, byte[] body, int peer) {
        String id() {
            return headers.get("webhook-id");
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    record Reply(int status, Map<String, String> headers, String body) {
        static Reply of(int status) {
            return new Reply(status, Map.of(), "");
        }
    }

    public WebhookReceiver() throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100));
    }

    public WebhookReceiver(HttpServer server) {
        this.server = server;
        server.createContext("/", this::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        var headers = new java.util.HashMap<String, String>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(), String.join(",", values)));
        var hit = new Hit(
                exchange.getRequestURI().toString(),
                headers,
                exchange.getRequestBody().readAllBytes(),
                exchange.getRemoteAddress().getPort());
        hits.add(hit);
        var reply = answer.apply(hit);
        reply.headers.forEach(exchange.getResponseHeaders()::set);
        var body = reply.body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    WebhookReceiver answers(int status) {
        return answers(hit -> Reply.of(status));
    }

    WebhookReceiver answers(Function<Hit, Reply> how) {
        answer = how;
        return this;
    }

    public List<Hit> hits() {
        return hits;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/hook?x=a%2Fb";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
