package gateway.config.source.remote;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * AWS Secrets Manager's JSON 1.1 protocol as far as the gateway speaks it, and an instance's metadata service (IMDSv2),
 * after their documentation. It recomputes every signature from what it received and refuses a wrong one, as AWS does.
 * The algorithm itself is proven by {@link SigV4Test}; this proves that what is sent is what was signed.
 */
final class LocalAws implements AutoCloseable {
    static final SigV4.Key KEY = new SigV4.Key("AKIDLOCAL", "local-secret-key", Optional.empty());
    static final SigV4.Key ROLE = new SigV4.Key("ASIAROLE", "role-secret-key", Optional.of("role-session-token"));
    private final HttpServer server;
    final Map<String, String> secrets = new ConcurrentHashMap<>();
    final List<String> calls = new CopyOnWriteArrayList<>();

    LocalAws() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::secretsManager);
        server.createContext("/latest/", this::metadata);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void secretsManager(HttpExchange exchange) throws IOException {
        var body = exchange.getRequestBody().readAllBytes();
        var headers = exchange.getRequestHeaders();
        calls.add(headers.getFirst("X-Amz-Target"));
        var authorization = headers.getFirst("Authorization");
        var key = authorization.contains(KEY.id()) ? KEY : ROLE;
        var sent = Map.of(
                "Content-Type", headers.getFirst("Content-Type"), "X-Amz-Target", headers.getFirst("X-Amz-Target"));
        var when = Instant.from(DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'")
                .withZone(ZoneOffset.UTC)
                .parse(headers.getFirst("X-Amz-Date")));
        var expected = new SigV4("eu-central-1", "secretsmanager")
                .sign(
                        exchange.getRequestMethod(),
                        URI.create("http://" + headers.getFirst("Host") + exchange.getRequestURI()),
                        sent,
                        body,
                        key,
                        when)
                .get("Authorization");
        if (!expected.equals(authorization)
                || !key.token().equals(Optional.ofNullable(headers.getFirst("X-Amz-Security-Token")))) {
            reply(exchange, 400, "{\"__type\":\"InvalidSignatureException\"}");
            return;
        }
        var request = JsonHttp.JSON.readTree(body);
        var id = request.path("SecretId").asText();
        if (!secrets.containsKey(id)) {
            reply(
                    exchange,
                    400,
                    "{\"__type\":\"ResourceNotFoundException\",\"Message\":\"Secrets Manager can't find the specified secret.\"}");
        } else if (secrets.get(id).equals("FORBIDDEN")) {
            reply(exchange, 400, "{\"__type\":\"AccessDeniedException\"}");
        } else if (calls.getLast().equals("secretsmanager.PutSecretValue")
                && request.path("ClientRequestToken").asText().length() >= 32) {
            secrets.put(id, request.path("SecretString").asText());
            reply(
                    exchange,
                    200,
                    JsonHttp.JSON.createObjectNode().put("Name", id).toString());
        } else {
            reply(
                    exchange,
                    200,
                    JsonHttp.JSON
                            .createObjectNode()
                            .put("Name", id)
                            .put("SecretString", secrets.get(id))
                            .toString());
        }
    }

    private void metadata(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        calls.add(exchange.getRequestMethod() + " " + path);
        boolean token = "metadata-token".equals(exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token"));
        if (path.equals("/latest/api/token") && exchange.getRequestMethod().equals("PUT")) {
            reply(exchange, 200, "metadata-token");
        } else if (!token) {
            reply(exchange, 401, "");
        } else if (path.endsWith("/security-credentials/")) {
            reply(exchange, 200, "gateway-role");
        } else {
            reply(
                    exchange,
                    200,
                    JsonHttp.JSON
                            .createObjectNode()
                            .put("AccessKeyId", ROLE.id())
                            .put("SecretAccessKey", ROLE.secret())
                            .put("Token", ROLE.token().orElseThrow())
                            .put("Expiration", "2126-11-22T06:00:00Z")
                            .toString());
        }
    }

    private static void reply(HttpExchange exchange, int status, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
