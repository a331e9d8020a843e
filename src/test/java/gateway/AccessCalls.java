package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.http.Envelope;
import gateway.webhook.WebhookReceiver;

/** What the proofs of {@link AccessFieldEffectTest} ask of the program: endpoints of webhooks, and calls as somebody. */
final class AccessCalls implements AutoCloseable {
    static final String ALICE = "12025550101";
    static final String SECRET = "4f1c7a0d9b2e48f6a3c5d7e9f1b3a5c7";

    private final WebhookReceiver receiver = new WebhookReceiver();
    private final Program program;
    private int made;
    private int addresses;

    AccessCalls(Path folder) throws Exception {
        program = Program.rest(
                folder,
                Map.of(
                        "WHATSAPP_WEBHOOK_ALLOW_HTTP",
                        "true",
                        "WHATSAPP_WEBHOOK_ALLOW_CIDRS",
                        "127.0.0.0/8",
                        "APP_TRUSTED_PROXY",
                        "127.0.0.1"));
        assertEquals(200, program.get("/app/login").statusCode());
        ok("POST", "/sandbox/pair", object());
    }

    @Override
    public void close() throws Exception {
        program.close();
        receiver.close();
    }

    /** How many requests the receiver got. */
    int hits() {
        return receiver.hits().size();
    }

    /** What the receiver gets at the URL of an endpoint with these fields. */
    WebhookReceiver.Hit heard(String verb, ObjectNode fields) throws Exception {
        endpoint(verb, fields);
        var path = "/hook" + made;
        message();
        await().until(() -> receiver.hits().stream().anyMatch(hit -> hit.path().equals(path)));
        return receiver.hits().stream()
                .filter(hit -> hit.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    /** The id of an endpoint of its own URL, which gets the fields by this operation. */
    String endpoint(String verb, ObjectNode fields) throws Exception {
        var url = "http://127.0.0.1:" + receiver.port() + "/hook" + ++made;
        if (verb.startsWith("POST")) {
            var all = object().put("url", url).put("secret", SECRET);
            all.setAll(fields);
            return results("POST", "/webhooks", all).path("id").asText();
        }
        var id = results(
                        "POST",
                        "/webhooks",
                        object().put("url", url + "/before").put("secret", SECRET))
                .path("id")
                .asText();
        var change = object().put("url", url);
        change.setAll(fields);
        ok("PATCH", "/webhooks/" + id, change);
        return id;
    }

    /** The id of an endpoint that has been told of one message. */
    String delivered() throws Exception {
        var id = endpoint(
                "POST /webhooks",
                object().set("events", Envelope.JSON.createArrayNode().add("message")));
        message();
        await().until(() -> deliveries("endpoint=" + id + "&status=delivered").size() == 1);
        return id;
    }

    void message() throws Exception {
        ok(
                "POST",
                "/sandbox/inbound?device_id=default",
                object().put("from", ALICE).put("message", "Hello"));
    }

    JsonNode deliveries(String query) throws Exception {
        return results("GET", "/webhooks/deliveries?" + query, object()).path("data");
    }

    String bearer(ObjectNode token) throws Exception {
        return "Bearer " + results("POST", "/tokens", token).path("token").asText();
    }

    int as(String user, String password, String path) throws Exception {
        return as(
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)),
                path);
    }

    /** The status of a request from a new address, because an address has to wait after wrong passwords. */
    int as(String authorization, String path) throws Exception {
        return program.send(program.request(path)
                        .setHeader("Authorization", authorization)
                        .header("X-Forwarded-For", "10.0." + (++addresses >> 8) + "." + (addresses & 255)))
                .statusCode();
    }

    String unique(String word) {
        return word + ++made;
    }

    static ObjectNode object() {
        return Envelope.JSON.createObjectNode();
    }

    JsonNode results(String method, String path, ObjectNode body) throws Exception {
        return Program.json(ok(method, path, body)).path("results");
    }

    HttpResponse<String> ok(String method, String path, ObjectNode body) throws Exception {
        var reply = send(method, path, method.equals("GET") || body.isEmpty() ? "" : body.toString());
        assertEquals(200, reply.statusCode(), method + " " + path + ": " + reply.body());
        return reply;
    }

    HttpResponse<String> send(String method, String path, String body) throws Exception {
        var request = program.request(path);
        return program.send(
                body.isEmpty()
                        ? request.method(method, BodyPublishers.noBody())
                        : request.header("Content-Type", "application/json")
                                .method(method, BodyPublishers.ofString(body)));
    }
}
