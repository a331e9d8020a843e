package gateway.command;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import gateway.config.OneLine;
import gateway.http.Envelope;
import gateway.process.ExplainedFault;
import gateway.process.PassingFault;

/** A client of the running gateway's API, for what needs an account's connection and not only the database. */
public final class ApiClient implements AutoCloseable {
    /** WhatsApp may take 20 s for an answer. */
    private static final Duration ANSWER = Duration.ofSeconds(45);

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int MAX_TRIES = 10;
    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final int UNKNOWN = 401;
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private final String address;
    private final String token;

    /**
     * @param address where the gateway listens, with its base path and without a slash at the end
     * @param token   what admits this client
     */
    public ApiClient(String address, String token) {
        this.address = address;
        this.token = token;
    }

    /** A text, such as a device id, as one part of a path or as a value of a query. */
    static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * The results of a GET.
     *
     * @throws PassingFault when no gateway answers, or it says that it cannot do it now
     * @throws ExplainedFault when the gateway refuses, with its words
     */
    JsonNode get(String path) {
        return call("GET", path, HttpRequest.BodyPublishers.noBody());
    }

    /** As {@link #get}, for a POST without a body. */
    JsonNode post(String path) {
        return call("POST", path, HttpRequest.BodyPublishers.noBody());
    }

    /** As {@link #post(String)}, with a body. */
    JsonNode post(String path, JsonNode body) {
        return call("POST", path, HttpRequest.BodyPublishers.ofString(body.toString()));
    }

    private JsonNode call(String method, String path, HttpRequest.BodyPublisher body) {
        var request = HttpRequest.newBuilder(URI.create(address + path))
                .timeout(ANSWER)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, body)
                .build();
        try {
            var reply = http.send(request, BodyHandlers.ofString());
            for (int i = 1; i < MAX_TRIES && reply.statusCode() == TOO_MANY; i++) {
                Thread.sleep(PAUSE);
                reply = http.send(request, BodyHandlers.ofString());
            }
            return results(reply);
        } catch (IOException e) {
            throw new PassingFault(
                    "No gateway answers on " + address + " (" + e.getClass().getSimpleName()
                            + "). Start it with whatsapp rest, and run this command with the same settings:"
                            + " APP_PORT, APP_HOST, APP_BASE_PATH.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PassingFault("The command was interrupted.", e);
        }
    }

    private JsonNode results(HttpResponse<String> reply) throws IOException {
        int status = reply.statusCode();
        var body = envelope(reply.body());
        if (!body.path("message").isTextual()) {
            throw new ExplainedFault("What answers on " + address + " is not this gateway (status " + status + ").");
        }
        if (status == 200) {
            return body.path("results");
        }
        if (status == UNKNOWN && body.path("code").asText().equals("UNAUTHORIZED")) {
            throw new ExplainedFault("The gateway on " + address + " works on another database than this command. "
                    + "Run the command where the gateway runs, with its settings.");
        }
        if (status == TOO_MANY || status == UNAVAILABLE) {
            throw new PassingFault(sentence(body));
        }
        throw new ExplainedFault(sentence(body));
    }

    /** The reply as JSON; a missing node when the reply is not JSON. */
    private static JsonNode envelope(String text) throws IOException {
        try {
            return Envelope.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** The reply's words and its code, as clients of the API get them. */
    private static String sentence(JsonNode body) {
        var words = "The gateway refuses: "
                + OneLine.of(body.path("message").textValue().replaceAll("\\p{Cc}", " "));
        var code = body.path("code").asText();
        return code.matches("[A-Z_]{1,64}") ? words + " (" + code + ")" : words;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
