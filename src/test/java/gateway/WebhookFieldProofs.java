package gateway;

import static gateway.AccessCalls.ALICE;
import static gateway.AccessCalls.SECRET;
import static gateway.AccessCalls.object;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.function.Executable;

import gateway.http.Envelope;

/** What each field of the operations on webhooks does. */
final class WebhookFieldProofs {
    private final AccessCalls calls;

    WebhookFieldProofs(AccessCalls calls) {
        this.calls = calls;
    }

    /** The proofs by operation and field, as {@code POST /webhooks url}. */
    Map<String, Executable> all() {
        var proofs = new TreeMap<String, Executable>();
        for (var verb : List.of("POST /webhooks", "PATCH /webhooks/{id}")) {
            proofs.put(verb + " url", () -> calls.heard(verb, object()));
            proofs.put(verb + " secret", () -> signed(verb));
            proofs.put(verb + " events", () -> filtered(verb, "{\"events\":[\"message.ack\"]}"));
            proofs.put(verb + " ignore", () -> filtered(verb, "{\"ignore\":[\"" + ALICE + "@s.whatsapp.net\"]}"));
            proofs.put(verb + " device", () -> {
                calls.send("POST", "/devices", "{\"device_id\":\"other\"}");
                filtered(verb, "{\"device\":\"other\"}");
            });
            proofs.put(verb + " enabled", () -> filtered(verb, "{\"enabled\":false}"));
            proofs.put(verb + " dialect", () -> dialect(verb));
            proofs.put(verb + " allow_duplicate", () -> duplicate(verb));
        }
        proofs.put("GET /webhooks/{id} id", () -> named("GET", ""));
        proofs.put("PATCH /webhooks/{id} id", () -> named("PATCH", ""));
        proofs.put("DELETE /webhooks/{id} id", () -> named("DELETE", ""));
        proofs.put("POST /webhooks/{id}/test id", () -> named("POST", "/test"));
        proofs.put("GET /webhooks/deliveries endpoint", this::ofOneEndpoint);
        proofs.put("GET /webhooks/deliveries status", this::inOneState);
        proofs.put("GET /webhooks/deliveries since", this::fromATimeOn);
        proofs.put("GET /webhooks/deliveries limit", this::pages);
        proofs.put("GET /webhooks/deliveries before", this::pages);
        proofs.put("GET /webhooks/deliveries/{seq} seq", this::attempts);
        proofs.put("POST /webhooks/deliveries/{seq}/replay seq", this::replayedOne);
        for (var field : List.of("endpoint", "status", "since")) {
            proofs.put("POST /webhooks/replay " + field, this::replayed);
        }
        return proofs;
    }

    private void signed(String verb) throws Exception {
        var other = SECRET.replace('4', '5');
        for (var secret : List.of(SECRET, other)) {
            var hit = calls.heard(verb, object().put("secret", secret));
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            var beginning =
                    hit.headers().get("webhook-id") + "." + hit.headers().get("webhook-timestamp") + ".";
            mac.update(beginning.getBytes(StandardCharsets.US_ASCII));
            var signature = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(hit.body()));
            var signatures = hit.headers().get("webhook-signature");
            assertTrue(List.of(signatures.split(" ")).contains(signature), signatures);
        }
    }

    private void dialect(String verb) throws Exception {
        var shapes = new TreeSet<String>();
        for (var dialect : List.of("v7", "v8")) {
            var names = new TreeSet<String>();
            Envelope.JSON
                    .readTree(
                            calls.heard(verb, object().put("dialect", dialect)).body())
                    .fieldNames()
                    .forEachRemaining(names::add);
            shapes.add(names.toString());
        }
        assertEquals(2, shapes.size(), shapes::toString);
    }

    /** The endpoint gets no delivery of a message, which one without the field gets. */
    private void filtered(String verb, String field) throws Exception {
        var all = calls.endpoint(verb, object());
        var some = calls.endpoint(verb, (ObjectNode) Envelope.JSON.readTree(field));
        calls.message();
        assertNotEquals(0, calls.deliveries("endpoint=" + all).size());
        assertEquals(
                0,
                calls.deliveries("endpoint=" + some + "&limit=200").findValuesAsText("event").stream()
                        .filter("message"::equals)
                        .count());
    }

    private void duplicate(String verb) throws Exception {
        var first = calls.endpoint(verb, object());
        var url =
                calls.results("GET", "/webhooks/" + first, object()).path("url").asText();
        var again = object().put("url", url);
        var path = "/webhooks";
        if (verb.startsWith("POST")) {
            again.put("secret", SECRET);
        } else {
            path = "/webhooks/" + calls.endpoint("POST /webhooks", object());
        }
        var method = verb.split(" ")[0];
        assertEquals(409, calls.send(method, path, again.toString()).statusCode());
        assertEquals(
                409,
                calls.send(method, path, again.put("allow_duplicate", false).toString())
                        .statusCode());
        assertEquals(
                200,
                calls.send(method, path, again.put("allow_duplicate", true).toString())
                        .statusCode());
    }

    private void named(String method, String after) throws Exception {
        var id = calls.endpoint("POST /webhooks", object());
        var body = method.equals("PATCH") ? "{\"enabled\":false}" : "";
        assertEquals(404, calls.send(method, "/webhooks/nobody" + after, body).statusCode());
        assertEquals(200, calls.send("GET", "/webhooks/" + id, "").statusCode());
        var reply = calls.send(method, "/webhooks/" + id + after, body);
        assertEquals(200, reply.statusCode(), reply.body());
        switch (method) {
            case "GET" -> assertEquals(id, Program.json(reply).at("/results/id").asText());
            case "PATCH" ->
                assertTrue(!Program.json(reply).at("/results/enabled").asBoolean(true));
            case "DELETE" ->
                assertEquals(404, calls.send("GET", "/webhooks/" + id, "").statusCode());
            default -> assertEquals(1, calls.deliveries("endpoint=" + id).size());
        }
    }

    private void ofOneEndpoint() throws Exception {
        var id = calls.endpoint("POST /webhooks", object());
        calls.endpoint("POST /webhooks", object());
        calls.message();
        var found = calls.deliveries("endpoint=" + id);
        assertTrue(!found.isEmpty());
        found.forEach(delivery -> assertEquals(id, delivery.path("endpoint").asText()));
        assertTrue(calls.deliveries("limit=200").size() > found.size());
    }

    private void inOneState() throws Exception {
        var id = calls.delivered();
        assertNotEquals(
                0, calls.deliveries("endpoint=" + id + "&status=delivered").size());
        for (var state : List.of("dead", "aside")) {
            assertEquals(
                    0, calls.deliveries("endpoint=" + id + "&status=" + state).size());
        }
    }

    private void fromATimeOn() throws Exception {
        var id = calls.delivered();
        var since = "endpoint=" + id + "&since=";
        assertNotEquals(
                0, calls.deliveries(since + Instant.now().minusSeconds(600)).size());
        assertEquals(0, calls.deliveries(since + Instant.now().plusSeconds(600)).size());
    }

    private void pages() throws Exception {
        var id = calls.endpoint("POST /webhooks", object().put("enabled", true));
        calls.message();
        calls.message();
        var all = calls.deliveries("endpoint=" + id);
        assertTrue(all.size() >= 2);
        var first = calls.deliveries("endpoint=" + id + "&limit=1");
        assertEquals(1, first.size());
        assertEquals(all.get(0).path("delivery"), first.get(0).path("delivery"));
        var next = calls.deliveries(
                "endpoint=" + id + "&limit=1&before=" + first.get(0).path("delivery"));
        assertEquals(all.get(1).path("delivery"), next.get(0).path("delivery"));
    }

    private void attempts() throws Exception {
        var seq = calls.deliveries("endpoint=" + calls.delivered())
                .get(0)
                .path("delivery")
                .asLong();
        assertEquals(
                1,
                calls.results("GET", "/webhooks/deliveries/" + seq, object())
                        .path("data")
                        .size());
        assertEquals(
                0,
                calls.results("GET", "/webhooks/deliveries/999999", object())
                        .path("data")
                        .size());
    }

    private void replayedOne() throws Exception {
        var id = calls.delivered();
        var hits = calls.hits();
        var seq = calls.deliveries("endpoint=" + id).get(0).path("delivery").asLong();
        assertEquals(
                404,
                calls.send("POST", "/webhooks/deliveries/999999/replay", "").statusCode());
        assertEquals(
                200,
                calls.send("POST", "/webhooks/deliveries/" + seq + "/replay", "")
                        .statusCode());
        await().until(() -> calls.hits() > hits);
    }

    private void replayed() throws Exception {
        var id = calls.delivered();
        var one = "/webhooks/replay?endpoint=" + id;
        assertEquals(400, calls.send("POST", one, "").statusCode());
        assertEquals(0, replays(one + "&status=dead"));
        assertEquals(0, replays(one + "&since=" + Instant.now().plusSeconds(600)));
        assertEquals(0, replays("/webhooks/replay?endpoint=nobody&status=delivered"));
        assertEquals(1, replays(one + "&status=delivered&since=" + Instant.now().minusSeconds(600)));
    }

    private int replays(String path) throws Exception {
        return calls.results("POST", path, object()).path("replayed").asInt();
    }
}
