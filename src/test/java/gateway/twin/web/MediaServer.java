package gateway.twin.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * The servers' store of encrypted files, over HTTP on loopback (dossier web-2 §5, web-4 §4). Clients ask other hosts by
 * {@code https}; a test leads them here.
 *
 * <pre>
 * POST   /mms/{kind}/{token}?auth&token   takes an upload; the token is the base64url of the upload's SHA-256
 * GET    {direct path}                    the upload
 * DELETE /mms/{kind}/{token}?…            forgets it
 * </pre>
 */
final class MediaServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DIRECT = "/v/t62.7118-24/";
    private static final int MAX_UPLOAD = 64 << 20;

    private final HttpServer server;
    private final Network network;
    private final Map<String, byte[]> uploads = new ConcurrentHashMap<>();

    MediaServer(Network network, int port) throws IOException {
        this.network = network;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Keeps an upload; its direct path. */
    String keep(byte[] upload) {
        var token = token(upload);
        uploads.put(token, upload);
        return DIRECT + token + "?ccb=11-4&oh=twin";
    }

    /** The upload of a direct path. */
    byte[] find(String directPath) throws GeneralSecurityException {
        var upload = uploads.get(directPath.replaceAll("\\?.*", "").replaceAll(".*/", ""));
        if (upload == null) {
            throw new GeneralSecurityException("there is no upload at " + directPath);
        }
        return upload;
    }

    private static String token(byte[] upload) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Crypto.sha256(upload));
    }

    private void serve(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var query = String.valueOf(exchange.getRequestURI().getRawQuery());
        var token = path.replaceAll(".*/", "").replace("=", "");
        try {
            switch (exchange.getRequestMethod()) {
                case "POST" -> upload(exchange, path, query, token);
                case "GET" -> download(exchange, token);
                case "DELETE" -> {
                    network.ledger.add(
                            "media deleted", token + (uploads.remove(token) == null ? " that was not there" : ""));
                    answer(exchange, 200, "{}".getBytes(StandardCharsets.UTF_8));
                }
                default -> answer(exchange, 405, new byte[0]);
            }
        } finally {
            exchange.close();
        }
    }

    private void upload(HttpExchange exchange, String path, String query, String token) throws IOException {
        var body = exchange.getRequestBody().readNBytes(MAX_UPLOAD);
        var kind = path.replaceFirst("^/mms/", "").replaceAll("/.*", "");
        var status = network.faults.take("media_upload")
                ? 503
                : !query.contains("auth=twin") ? 401 : token.equals(token(body)) ? 200 : 400;
        network.ledger.add("media uploaded", kind + " " + body.length + " bytes, answered " + status);
        if (status != 200) {
            answer(exchange, status, new byte[0]);
            return;
        }
        var direct = keep(body);
        answer(
                exchange,
                200,
                JSON.writeValueAsBytes(
                        Map.of("url", "https://media.twin.invalid" + direct, "direct_path", direct, "handle", token)));
    }

    private void download(HttpExchange exchange, String token) throws IOException {
        var upload = uploads.get(token);
        var fault = network.faults.text("media");
        network.ledger.add("media downloaded", (fault.isEmpty() ? "" : fault + " ") + token);
        if (upload == null || fault.matches("\\d{3}")) {
            answer(exchange, upload == null ? 404 : Integer.parseInt(fault), new byte[0]);
            return;
        }
        var bytes = upload.clone();
        switch (fault) {
            case "altered" -> bytes[bytes.length / 2] ^= 1;
            case "short" -> bytes = Arrays.copyOf(bytes, bytes.length / 2);
            default -> {}
        }
        answer(exchange, 200, bytes);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
