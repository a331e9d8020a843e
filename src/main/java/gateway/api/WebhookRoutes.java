package gateway.api;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.request.Bodies;
import gateway.api.request.Fields;
import gateway.api.request.Times;
import gateway.http.Envelope;
import gateway.http.Problem;
import gateway.store.RowFault;
import gateway.webhook.DeliveryBook;
import gateway.webhook.DuplicateEndpoint;
import gateway.webhook.EndpointBook;
import gateway.webhook.EndpointDraft;
import gateway.webhook.InvalidEndpoint;
import gateway.webhook.payload.Account;

/**
 * {@code /webhooks}: endpoints made and changed without a restart, what became of their deliveries, and sending again.
 * No answer holds a secret; {@code secret_fingerprint} tells two apart.
 */
public final class WebhookRoutes implements HttpService {
    private static final int MAX_BODY = 64 * 1024;
    private static final int PAGE = 50;
    private static final int MAX_PAGE = 200;

    private final Bodies bodies;
    private final EndpointBook endpoints;
    private final DeliveryBook deliveries;
    private final Account account;

    /** @param account whose name stands in a test event */
    public WebhookRoutes(Bodies bodies, EndpointBook endpoints, DeliveryBook deliveries, Account account) {
        this.bodies = bodies;
        this.endpoints = endpoints;
        this.deliveries = deliveries;
        this.account = account;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", told(this::list))
                .post("/", told(this::add))
                .get("/deliveries", told(this::deliveries))
                .get("/deliveries/{seq}", told(this::attempts))
                .post("/deliveries/{seq}/replay", told(this::replayOne))
                .post("/replay", told(this::replay))
                .get("/{id}", told(this::show))
                .patch("/{id}", told(this::change))
                .delete("/{id}", told(this::remove))
                .post("/{id}/test", told(this::ping));
    }

    /** What the webhook room says of a bad field becomes what the caller is told. */
    private static Handler told(Handler handler) {
        return (request, response) -> {
            try {
                handler.handle(request, response);
            } catch (InvalidEndpoint e) {
                throw Problem.badFields(problems(e));
            } catch (DuplicateEndpoint e) {
                throw Problem.conflict(e.getMessage() + ".");
            }
        };
    }

    private static List<Problem> problems(InvalidEndpoint e) {
        return e.all().stream()
                .map(fault -> Problem.badField(fault.field(), fault.getMessage()))
                .toList();
    }

    /** Reads a body as a draft, which the webhook room judges together with the description. */
    private EndpointDraft draft(ServerRequest request, Consumer<EndpointDraft> check) {
        return WebhookJson.draft(bodies.json(request, MAX_BODY, sound -> {
            try {
                check.accept(WebhookJson.draft(sound));
                return List.of();
            } catch (InvalidEndpoint e) {
                return problems(e);
            }
        }));
    }

    private void list(ServerRequest request, ServerResponse response) {
        var data = Envelope.JSON.createArrayNode();
        endpoints.all().forEach(view -> data.add(WebhookJson.of(view)));
        Envelope.success(response, "Success get webhooks", data(data));
    }

    private void show(ServerRequest request, ServerResponse response) {
        Envelope.success(
                response,
                "Success get webhook",
                WebhookJson.of(endpoints.find(id(request)).orElseThrow(WebhookRoutes::unknown)));
    }

    private void add(ServerRequest request, ServerResponse response) {
        Envelope.success(response, "Webhook added", WebhookJson.of(endpoints.add(draft(request, endpoints::check))));
    }

    private void change(ServerRequest request, ServerResponse response) {
        var id = id(request);
        Envelope.success(
                response,
                "Webhook changed",
                WebhookJson.of(endpoints
                        .change(id, draft(request, draft -> endpoints.check(id, draft)))
                        .orElseThrow(WebhookRoutes::unknown)));
    }

    private void remove(ServerRequest request, ServerResponse response) {
        if (!endpoints.remove(id(request))) {
            throw unknown();
        }
        Envelope.success(response, "Webhook removed", null);
    }

    private String nameless() {
        return "A test event is in the name of the account " + account.device()
                + ", which was removed. Add it again first.";
    }

    private void ping(ServerRequest request, ServerResponse response) {
        OptionalLong delivery;
        try {
            delivery = endpoints.ping(id(request), account);
        } catch (RowFault e) {
            throw e.constraint() ? Problem.conflict(nameless()) : e;
        }
        if (delivery.isEmpty()) {
            throw unknown();
        }
        Envelope.success(
                response, "Test event queued", Envelope.JSON.createObjectNode().put("delivery", delivery.getAsLong()));
    }

    private void deliveries(ServerRequest request, ServerResponse response) {
        var query = bodies.query(request);
        long limit = query.number("limit", 1, MAX_PAGE, PAGE);
        var found = deliveries.list(selection(query), query.number("before", 0, Long.MAX_VALUE, 0), (int) limit);
        var data = Envelope.JSON.createArrayNode();
        found.forEach(view -> data.add(WebhookJson.of(view)));
        var results = data(data);
        results.put("next_before", found.size() < limit ? 0 : found.getLast().seq());
        Envelope.success(response, "Success get deliveries", results);
    }

    private void attempts(ServerRequest request, ServerResponse response) {
        var data = Envelope.JSON.createArrayNode();
        deliveries
                .attempts(seq(request))
                .forEach(attempt -> data.addObject()
                        .put("at", WebhookJson.time(attempt.at()))
                        .put("status", attempt.status())
                        .put("millis", attempt.millis())
                        .put("error", attempt.error())
                        .put("response", attempt.response()));
        Envelope.success(response, "Success get attempts", data(data));
    }

    private void replayOne(ServerRequest request, ServerResponse response) {
        if (!deliveries.replay(seq(request))) {
            throw Problem.notFound("There is no finished delivery of this number.");
        }
        Envelope.success(
                response,
                "Delivery queued again",
                Envelope.JSON.createObjectNode().put("replayed", 1));
    }

    private void replay(ServerRequest request, ServerResponse response) {
        var selection = selection(bodies.query(request));
        if (selection.state().isEmpty() && selection.since().isEmpty()) {
            throw Problem.badField(
                    "since", "or status must be given, so that not everything is sent again by accident");
        }
        Envelope.success(
                response,
                "Deliveries queued again",
                Envelope.JSON.createObjectNode().put("replayed", deliveries.replay(selection)));
    }

    private static DeliveryBook.Selection selection(Fields query) {
        return new DeliveryBook.Selection(
                text(query, "endpoint"),
                text(query, "status"),
                text(query, "since")
                        .map(since ->
                                OptionalLong.of(Times.instant("since", since).toEpochMilli()))
                        .orElse(OptionalLong.empty()));
    }

    private static Optional<String> text(Fields query, String name) {
        return Optional.of(query.optionalText(name)).filter(text -> !text.isEmpty());
    }

    private static String id(ServerRequest request) {
        return request.path().pathParameters().get("id");
    }

    private static long seq(ServerRequest request) {
        var text = request.path().pathParameters().get("seq");
        if (!text.matches("[0-9]{1,18}")) {
            throw Problem.notFound("There is no delivery of this number.");
        }
        return Long.parseLong(text);
    }

    private static Problem unknown() {
        return Problem.notFound("There is no webhook endpoint of this id.");
    }

    private static ObjectNode data(ArrayNode data) {
        var results = Envelope.JSON.createObjectNode();
        results.set("data", data);
        return results;
    }
}
