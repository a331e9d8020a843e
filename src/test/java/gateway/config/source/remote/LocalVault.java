package gateway.config.source.remote;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * Vault's HTTP API as far as the gateway speaks it, after its documentation: KV v2 read and write with check-and-set,
 * AppRole login, lookup-self and renew-self, tokens that end. It stands in for a Vault, which this machine cannot
 * install: it proves what goes over the wire, not that a real Vault agrees.
 */
public final class LocalVault implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, Long> tokens = new HashMap<>();
    public final List<String> calls = new CopyOnWriteArrayList<>();
    private ObjectNode data = JsonHttp.JSON.createObjectNode();
    private int version = 1;
    private int issued;
    private boolean writable = true;
    volatile int failures;

    public LocalVault() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/", this::handle);
        server.start();
        tokens.put("root-token", 0L);
    }

    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public synchronized LocalVault put(String field, String value) {
        data.put(field, value);
        version++;
        return this;
    }

    public synchronized String get(String field) {
        return data.path(field).asText();
    }

    public synchronized int version() {
        return version;
    }

    public synchronized void forbidWrites() {
        writable = false;
    }

    synchronized void revokeAll() {
        tokens.clear();
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        var call = exchange.getRequestMethod() + " "
                + exchange.getRequestURI().getPath().substring("/v1/".length());
        calls.add(call);
        var body = exchange.getRequestBody().readAllBytes();
        var request = body.length == 0 ? JsonHttp.JSON.createObjectNode() : JsonHttp.JSON.readTree(body);
        if (failures > 0) {
            failures--;
            reply(exchange, 503, JsonHttp.JSON.createObjectNode());
            return;
        }
        if (call.equals("POST auth/approle/login")) {
            boolean good = request.path("role_id").asText().equals("role")
                    && request.path("secret_id").asText().equals("secret-id");
            reply(exchange, good ? 200 : 400, good ? auth() : JsonHttp.JSON.createObjectNode());
            return;
        }
        var token = exchange.getRequestHeaders().getFirst("X-Vault-Token");
        if (!tokens.containsKey(token == null ? "" : token)
                || !"true".equals(exchange.getRequestHeaders().getFirst("X-Vault-Request"))) {
            reply(exchange, 403, JsonHttp.JSON.createObjectNode());
            return;
        }
        switch (call) {
            case "GET auth/token/lookup-self" -> {
                var answer = JsonHttp.JSON.createObjectNode();
                answer.putObject("data").put("renewable", true).put("ttl", 90);
                reply(exchange, 200, answer);
            }
            case "POST auth/token/renew-self" -> {
                var answer = JsonHttp.JSON.createObjectNode();
                answer.putObject("auth")
                        .put("client_token", token)
                        .put("lease_duration", 90)
                        .put("renewable", true);
                reply(exchange, 200, answer);
            }
            case "GET secret/data/whatsapp" -> {
                var answer = JsonHttp.JSON.createObjectNode();
                var outer = answer.putObject("data");
                outer.set("data", data.deepCopy());
                outer.putObject("metadata").put("version", version);
                reply(exchange, 200, answer);
            }
            case "POST secret/data/whatsapp" -> write(exchange, request);
            default -> reply(exchange, 404, JsonHttp.JSON.createObjectNode());
        }
    }

    private void write(HttpExchange exchange, JsonNode request) throws IOException {
        if (!writable) {
            reply(exchange, 403, JsonHttp.JSON.createObjectNode());
            return;
        }
        if (request.path("options").path("cas").asInt(-1) != version) {
            reply(exchange, 400, JsonHttp.JSON.createObjectNode());
            return;
        }
        data = (ObjectNode) request.path("data");
        version++;
        reply(exchange, 200, JsonHttp.JSON.createObjectNode());
    }

    private ObjectNode auth() {
        var token = "token-" + ++issued;
        tokens.put(token, 0L);
        var answer = JsonHttp.JSON.createObjectNode();
        answer.putObject("auth")
                .put("client_token", token)
                .put("lease_duration", 90)
                .put("renewable", true);
        return answer;
    }

    private static void reply(HttpExchange exchange, int status, JsonNode body) throws IOException {
        var bytes = body.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
