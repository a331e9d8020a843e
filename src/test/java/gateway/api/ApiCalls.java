package gateway.api;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.http.Envelope;

/**
 * What a client does: requests, forms, and their replies. Each reply is checked against our own description of the
 * operation.
 */
abstract class ApiCalls {
    private static final String BOUNDARY = "----formboundary7MA4YWxkTrZu0gW";

    /** One for all tests, because whoever reads it keeps much of it in memory. */
    private static final Specification OURS = Specification.ours();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    /** What the calls under way have beside the usual headers. */
    private Map<String, String> extra = Map.of();

    /** A reply; {@code json} is a missing node when it is no JSON. */
    record Reply(int status, String type, byte[] body, JsonNode json, java.net.http.HttpHeaders headers) {
        String message() {
            return json.path("message").asText();
        }

        JsonNode results() {
            return json.path("results");
        }
    }

    /** A file in a form. */
    record FormFile(String name, byte[] bytes) {}

    /** Closes the connections. */
    void hangUp() {
        client.shutdownNow();
    }

    /** The port of the server on loopback. */
    abstract int port();

    /** What the paths of all operations start with: empty, or like {@code /wa}. */
    abstract String basePath();

    Reply get(String path) {
        return send(request(path).GET());
    }

    Reply post(String path, JsonNode body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    Reply post(String path, String type, byte[] body) {
        return sent("POST", path, type, body);
    }

    Reply sent(String method, String path, String type, byte[] body) {
        return send(request(path)
                .header("Content-Type", type)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    Reply delete(String path) {
        return send(request(path).DELETE());
    }

    Reply form(String path, Map<String, String> values) {
        return form("POST", path, values);
    }

    Reply form(String method, String path, Map<String, String> values) {
        var pairs = new ArrayList<String>();
        values.forEach((name, value) -> pairs.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return sent(
                method,
                path,
                "application/x-www-form-urlencoded",
                String.join("&", pairs).getBytes(StandardCharsets.UTF_8));
    }

    Reply multipart(String path, Map<String, String> values, Map<String, FormFile> files) {
        return post(path, multipartType(), multipart(values, files));
    }

    static String multipartType() {
        return "multipart/form-data; boundary=" + BOUNDARY;
    }

    static byte[] multipart(Map<String, String> values, Map<String, FormFile> files) {
        var out = new ByteArrayOutputStream();
        values.forEach((name, value) -> out.writeBytes(
                ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n")
                        .getBytes(StandardCharsets.UTF_8)));
        files.forEach((name, file) -> {
            out.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\""
                            + file.name() + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.writeBytes(file.bytes());
            out.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        });
        out.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    HttpRequest.Builder request(String path) {
        var builder = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + basePath() + path))
                .timeout(Duration.ofSeconds(20));
        extra.forEach(builder::header);
        return builder;
    }

    /** Makes a call with an Idempotency-Key. */
    Reply keyed(String given, java.util.function.Supplier<Reply> call) {
        return with(Map.of("Idempotency-Key", given), call);
    }

    /** Makes a call with further headers. */
    Reply with(Map<String, String> headers, java.util.function.Supplier<Reply> call) {
        extra = headers;
        try {
            return call.get();
        } finally {
            extra = Map.of();
        }
    }

    /** Sends it, and checks the reply against our own description of the operation. */
    Reply send(HttpRequest.Builder builder) {
        var request = builder.build();
        try {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            var type = answer.headers().firstValue("Content-Type").orElse("");
            var json = type.startsWith("application/json")
                    ? Envelope.JSON.readTree(answer.body())
                    : Envelope.JSON.missingNode();
            var operation = OURS.find(
                    request.method(),
                    request.uri().getRawPath().substring(basePath().length()));
            assertTrue(
                    operation.isPresent()
                            // What the page of a pairing link asks is no part of the contract.
                            || request.uri().getPath().startsWith("/pair")
                            || answer.statusCode() == 404
                            || answer.statusCode() == 405,
                    request.method() + " " + request.uri().getPath() + " is not described");
            operation.ifPresent(found -> OURS.check(found, answer.statusCode(), type, answer.body()));
            return new Reply(answer.statusCode(), type, answer.body(), json, answer.headers());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(request.method() + " " + request.uri() + " " + e, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static ObjectNode object() {
        return Envelope.JSON.createObjectNode();
    }

    static byte[] resource(String name) {
        try (InputStream in = ApiCalls.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
