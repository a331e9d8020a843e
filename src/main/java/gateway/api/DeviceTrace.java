package gateway.api;

import java.time.Duration;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.request.Bodies;
import gateway.api.request.Fields;
import gateway.engine.Trace;
import gateway.http.Envelope;
import gateway.http.Problem;

/**
 * {@code /devices/{device_id}/trace}: what an account's connection says and hears, for a report. Its lines hold
 * pseudonyms in the place of keys, numbers, names and texts.
 */
final class DeviceTrace implements HttpService {
    private static final int MAX_SECONDS = 3_600;
    private static final int USUAL_SECONDS = 600;
    private static final int MOST = 500;

    private final AccountCalls calls;
    private final Bodies bodies;

    DeviceTrace(AccountCalls calls, Bodies bodies) {
        this.calls = calls;
        this.bodies = bodies;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/{device_id}/trace", this::begin)
                .get("/{device_id}/trace", this::read)
                .delete("/{device_id}/trace", this::end);
    }

    private void begin(ServerRequest request, ServerResponse response) {
        var account = calls.inPath(request);
        long seconds = bodies.of(request).number("seconds", 1, MAX_SECONDS, USUAL_SECONDS);
        account.session().wire().trace(Duration.ofSeconds(seconds));
        Envelope.success(
                response,
                "The trace begins",
                Envelope.JSON
                        .createObjectNode()
                        .put("device_id", account.device())
                        .put("seconds", seconds));
    }

    private void read(ServerRequest request, ServerResponse response) {
        long after = Fields.ofQuery(request).number("after", 0, Long.MAX_VALUE, 0);
        var trace = trace(request);
        // In this order: what is added meanwhile is read by the next request.
        boolean ended = trace.isEnded();
        var results = Envelope.JSON.createObjectNode();
        var lines = results.putArray("lines");
        trace.after(after, MOST)
                .forEach(line -> lines.addObject().put("number", line.number()).put("text", line.text()));
        Envelope.success(response, "Trace", results.put("ended", ended && lines.size() < MOST));
    }

    private void end(ServerRequest request, ServerResponse response) {
        trace(request).end();
        Envelope.success(response, "The trace has ended", null);
    }

    private Trace trace(ServerRequest request) {
        return calls.inPath(request)
                .session()
                .wire()
                .trace()
                .orElseThrow(() -> Problem.notFound("This device has no trace; begin one with POST."));
    }
}
