package gateway.http;

import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/**
 * A GET that changes something, of which the original has several. HEAD asks for nothing to be done (RFC 9110 §9.2.1),
 * so that monitors and link checkers send it anywhere; such an address does not serve HEAD, and OPTIONS does not list it.
 */
public record ChangingGet(Handler handler) implements Handler {

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws Exception {
        refuseHead();
        handler.handle(request, response);
    }

    /**
     * Refuses HEAD where a parameter decides whether the GET changes something.
     *
     * @throws Problem 405 when the request under way is HEAD
     */
    public static void refuseHead() {
        if (Exchange.CONNECTION.get().isHead()) {
            throw new Problem(405, "METHOD_NOT_ALLOWED", "This address changes something, so HEAD is not served here.")
                    .with("Allow", "GET, OPTIONS");
        }
    }
}
