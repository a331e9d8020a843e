package gateway.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.api.request.Fields;
import gateway.config.ShownUrl;
import gateway.http.Envelope;
import gateway.webhook.DeliveryBook;
import gateway.webhook.EndpointBook;
import gateway.webhook.EndpointDraft;

/** Webhook endpoints and deliveries in the JSON of the API. */
final class WebhookJson {
    /** Entries of a list of events or addresses. */
    private static final int MAX_LIST = 1_024;

    /** Characters of an event or an address. */
    private static final int MAX_ENTRY = 256;

    private WebhookJson() {}

    /** The body as a draft; what is not given, or null, stays as it is. */
    static EndpointDraft draft(Fields body) {
        return new EndpointDraft(
                text(body, "url"),
                text(body, "secret"),
                texts(body, "events"),
                texts(body, "ignore"),
                text(body, "dialect"),
                text(body, "device"),
                body.optionalFlag("enabled"),
                body.flag("allow_duplicate"));
    }

    private static Optional<String> text(Fields body, String name) {
        return body.given(name) ? Optional.of(body.optionalText(name)) : Optional.empty();
    }

    private static Optional<List<String>> texts(Fields body, String name) {
        return body.given(name) ? Optional.of(body.optionalTexts(name, MAX_LIST, MAX_ENTRY)) : Optional.empty();
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
