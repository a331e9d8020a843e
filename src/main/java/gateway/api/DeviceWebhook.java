package gateway.api;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.jspecify.annotations.Nullable;

import gateway.api.request.Bodies;
import gateway.api.request.Fields;
import gateway.config.Secret;
import gateway.config.ShownUrl;
import gateway.http.Envelope;
import gateway.http.Problem;
import gateway.webhook.DeviceEndpoints;
import gateway.webhook.DuplicateEndpoint;
import gateway.webhook.EndpointBook;
import gateway.webhook.InvalidEndpoint;

/**
 * {@code /devices/{device_id}/webhook}: an account's own endpoint, with the original's names of the fields. The original
 * shows the secret; here a mask stands in its place, and the mask that comes back changes nothing.
 */
final class DeviceWebhook implements HttpService {
    private static final int MAX_URL = 2_048;
    private static final int MAX_SECRET = 256;
    private static final int MAX_EVENTS = 64;

    private final AccountCalls calls;
    private final Bodies bodies;
    private final DeviceEndpoints endpoints;

    DeviceWebhook(AccountCalls calls, Bodies bodies, DeviceEndpoints endpoints) {
        this.calls = calls;
        this.bodies = bodies;
        this.endpoints = endpoints;
    }

    /** What a request says of the account's endpoint; {@code url} is null when it says nothing. */
    record Asked(@Nullable String url, Optional<String> secret, Optional<List<String>> events) {}

    @Override
    public void routing(HttpRules rules) {
        rules.get("/{device_id}/webhook", this::show).patch("/{device_id}/webhook", this::change);
    }

    private void show(ServerRequest request, ServerResponse response) {
        var device = device(request);
        Envelope.success(response, "Device webhook", json(device, endpoints.find(device)));
    }

    private void change(ServerRequest request, ServerResponse response) {
        var device = device(request);
        var fields = bodies.of(request);
        if (!fields.given("webhook_url")) {
            throw Problem.badField("webhook_url", "must be given; an empty one removes the webhook");
        }
        var asked = asked(fields);
        Envelope.success(
                response,
                "Device webhook changed",
                json(device, told(() -> endpoints.put(device, url(asked), asked.secret(), asked.events()))));
    }

    /**
     * What the body says of the account's endpoint.
     *
     * @throws Problem 400 naming the field
     */
    Asked asked(Fields fields) {
        var url = fields.given("webhook_url") ? fields.optionalText("webhook_url", MAX_URL) : null;
        var secret = Optional.of(fields.optionalText("webhook_secret", MAX_SECRET))
                .filter(text -> !text.isEmpty() && !text.equals(Secret.MASK));
        var events = fields.given("webhook_events") ? Optional.of(events(fields)) : Optional.<List<String>>empty();
        told(() -> {
            events.ifPresent(DeviceEndpoints::checkEvents);
            return true;
        });
        if (fields.flag("webhook_insecure_skip_verify")) {
            throw Problem.badField(
                    "webhook_insecure_skip_verify", "cannot be true: a receiver's certificate is always verified");
        }
        if ((url == null || url.isEmpty())
                && (secret.isPresent() || events.stream().anyMatch(names -> !names.isEmpty()))) {
            throw Problem.badField("webhook_url", "must be given where webhook_secret or webhook_events is");
        }
        return new Asked(url, secret, events);
    }

    /** One text with commas, as the original takes it, or a list. */
    private static List<String> events(Fields fields) {
        return fields.oneOrMore("webhook_events", MAX_EVENTS, 1_024).stream()
                .flatMap(text -> Arrays.stream(text.split(",")))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** Judges an endpoint for an account that is not yet made. */
    void check(String device, Asked asked) {
        if (!url(asked).isEmpty()) {
            told(() -> {
                endpoints.check(device, url(asked), asked.secret(), asked.events());
                return true;
            });
        }
    }

    /** Gives a new account the endpoint that was asked for. */
    void give(String device, Asked asked) {
        if (!url(asked).isEmpty()) {
            told(() -> endpoints.put(device, url(asked), asked.secret(), asked.events()));
        }
    }

    /** Removes the endpoint of an account that is gone. */
    void remove(String device) {
        endpoints.put(device, "", Optional.empty(), Optional.empty());
    }

    private static String url(Asked asked) {
        return asked.url() == null ? "" : asked.url();
    }

    private String device(ServerRequest request) {
        return calls.inPath(request).device();
    }

    private static <T> T told(java.util.function.Supplier<T> change) {
        try {
            return change.get();
        } catch (InvalidEndpoint e) {
            throw Problem.badFields(e.all().stream()
                    .map(fault -> Problem.badField("webhook_" + fault.field(), fault.getMessage()))
                    .toList());
        } catch (DuplicateEndpoint e) {
            throw Problem.conflict(
                    "webhook_url: is told of the same events by another endpoint already; GET /webhooks lists them.");
        }
    }

    private static ObjectNode json(String device, Optional<EndpointBook.View> view) {
        var json = Envelope.JSON
                .createObjectNode()
                .put("device_id", device)
                .put(
                        "webhook_url",
                        view.map(found -> ShownUrl.of(found.endpoint().url())).orElse(""))
                .put("webhook_secret", view.isPresent() ? Secret.MASK : "")
                .put(
                        "webhook_events",
                        view.map(found -> String.join(
                                        ",",
                                        found.endpoint().events().stream()
                                                .sorted()
                                                .toList()))
                                .orElse(""))
                .put("webhook_insecure_skip_verify", false);
        view.ifPresent(found ->
                json.put("endpoint", found.endpoint().id()).put("secret_fingerprint", found.secretFingerprint()));
        return json;
    }
}
