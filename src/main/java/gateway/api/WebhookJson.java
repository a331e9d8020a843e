package gateway.api;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.ServerRequest;

import gateway.api.request.Bodies;
import gateway.api.request.Characters;
import gateway.config.ShownUrl;
import gateway.http.Envelope;
import gateway.http.Problem;
import gateway.webhook.DeliveryBook;
import gateway.webhook.EndpointBook;
import gateway.webhook.EndpointDraft;

/** Webhook endpoints and deliveries in the JSON of the API. */
final class WebhookJson {
    private static final Set<String> FIELDS =
            Set.of("url", "secret", "events", "ignore", "dialect", "device", "enabled", "allow_duplicate");
    private static final int MAX_BODY = 64 * 1024;

    private WebhookJson() {}

    /** The body as a draft: only known fields, each of its type. */
    static EndpointDraft draft(ServerRequest request) {
        var body = body(request);
        body.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                throw Problem.badField(
                        "body",
                        "has a field that is not one of "
                                + String.join(", ", FIELDS.stream().sorted().toList()));
            }
        });
        return new EndpointDraft(
                string(body, "url"),
                string(body, "secret"),
                strings(body, "events"),
                strings(body, "ignore"),
                string(body, "dialect"),
                string(body, "device"),
                bool(body, "enabled"),
                bool(body, "allow_duplicate").orElse(false));
    }

    private static JsonNode body(ServerRequest request) {
        try {
            var body = Envelope.JSON.readTree(Bodies.bytes(request, MAX_BODY));
            if (body == null || !body.isObject()) {
                throw Problem.badRequest("The body must be a JSON object.");
            }
            return body;
        } catch (JsonProcessingException e) {
            throw Problem.badRequest("The body is not well-formed JSON.");
        } catch (IOException e) {
            throw Problem.badRequest("The body could not be read.");
        }
    }

    private static Optional<String> string(JsonNode body, String name) {
        var value = body.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw Problem.badField(name, "must be a string");
        }
        return Optional.of(Characters.only(name, value.textValue()));
    }

    private static Optional<Boolean> bool(JsonNode body, String name) {
        var value = body.get(name);
        if (value != null && !value.isBoolean()) {
            throw Problem.badField(name, "must be true or false");
        }
        return Optional.ofNullable(value).map(JsonNode::booleanValue);
    }

    private static Optional<List<String>> strings(JsonNode body, String name) {
        var value = body.get(name);
        if (value == null) {
            return Optional.empty();
        }
        var strings = new ArrayList<String>();
        for (var element : value) {
            strings.add(element.isTextual() ? Characters.only(name, element.textValue()) : null);
        }
        if (!value.isArray() || strings.contains(null)) {
            throw Problem.badField(name, "must be a list of strings");
        }
        return Optional.of(strings);
    }

    static ObjectNode of(EndpointBook.View view) {
        var endpoint = view.endpoint();
        var json = Envelope.JSON
                .createObjectNode()
                .put("id", endpoint.id())
                .put("url", ShownUrl.of(endpoint.url()))
                .put("origin", endpoint.configured() ? "configuration" : "api")
                .put("dialect", endpoint.dialect().name())
                .put("enabled", endpoint.enabled() && view.disabledAt().isEmpty())
                .put("device", endpoint.device())
                .put("secret_fingerprint", view.secretFingerprint());
        var events = json.putArray("events");
        endpoint.events().stream().sorted().forEach(events::add);
        var ignored = json.putArray("ignore");
        endpoint.ignored().forEach(ignored::add);
        view.overlapUntil().ifPresent(until -> json.put("previous_secret_until", time(until)));
        view.failingSince().ifPresent(since -> json.put("failing_since", time(since)));
        view.disabledAt().ifPresent(at -> json.put("disabled_at", time(at)).put("disabled_why", view.disabledWhy()));
        return json;
    }

    static ObjectNode of(DeliveryBook.DeliveryView view) {
        var json = Envelope.JSON
                .createObjectNode()
                .put("delivery", view.seq())
                .put("event_id", view.event())
                .put("event", view.type())
                .put("endpoint", view.endpoint())
                .put("status", view.state())
                .put("attempts", view.attempts())
                .put("due_at", time(view.dueAt()))
                .put("last_error", view.lastError());
        view.lastStatus().ifPresent(status -> json.put("last_status", status));
        view.finishedAt().ifPresent(at -> json.put("finished_at", time(at)));
        view.asideAt().ifPresent(at -> json.put("aside_at", time(at)).put("aside_why", view.asideWhy()));
        return json;
    }

    static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
