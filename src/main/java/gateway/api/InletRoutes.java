package gateway.api;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.request.Bodies;
import gateway.engine.EngineDirectory;
import gateway.engine.Inlet;
import gateway.http.Problem;

/**
 * {@code /engine/{engine}/webhook}: where WhatsApp calls an engine that it tells what happens. The routes stand before
 * the gate, because WhatsApp has no credential of the gateway. Without such an engine the gate answers, as for any
 * path.
 */
public final class InletRoutes implements HttpService {
    private static final long AGAIN_SECONDS = 5;

    private final EngineDirectory engines;

    public InletRoutes(EngineDirectory engines) {
        this.engines = engines;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/{engine}/webhook", (request, response) -> take(request, response, true));
        rules.post("/{engine}/webhook", (request, response) -> take(request, response, false));
    }

    private void take(ServerRequest request, ServerResponse response, boolean asks) {
        var inlet = engines.inlet(request.path().pathParameters().get("engine"));
        if (inlet.isEmpty()) {
            response.next();
            return;
        }
        var answer = inlet.get().take(new Inlet.Call(asks, query(request), headers(request), body(request, asks)));
        switch (answer.verdict()) {
            case TAKEN -> {
                response.header("Content-Type", "text/plain; charset=utf-8");
                response.send(answer.text());
            }
            case REFUSED -> throw Problem.forbidden("The call does not come from who it says.");
            case LATER ->
                throw Problem.unavailable("What happened cannot be kept at the moment; call again.", AGAIN_SECONDS);
        }
    }

    private static Map<String, String> query(ServerRequest request) {
        var all = new HashMap<String, String>();
        request.query().names().forEach(name -> request.query().first(name).ifPresent(value -> all.put(name, value)));
        return all;
    }

    private static Map<String, String> headers(ServerRequest request) {
        var all = new HashMap<String, String>();
        request.headers().forEach(header -> all.put(header.headerName().lowerCase(), header.get()));
        return all;
    }

    private static byte[] body(ServerRequest request, boolean asks) {
        if (asks) {
            return new byte[0];
        }
        try {
            return Bodies.bytes(request, Inlet.MAX_BODY);
        } catch (IOException e) {
            throw Problem.badRequest("The body could not be read to its end.");
        }
    }
}
