package gateway.bench;

import io.helidon.webserver.WebServer;

/**
 * The framework with nothing on top: one GET, one POST that reads its body. What it does on a machine is the yardstick
 * for what the gateway does on the same machine at the same time.
 */
final class BareServer {
    private BareServer() {}

    /** Listens on 127.0.0.1, on the port that is the only argument. */
    public static void main(String[] args) {
        WebServer.builder()
                .host("127.0.0.1")
                .port(Integer.parseInt(args[0]))
                .featuresDiscoverServices(false)
                .routing(routes -> routes.get("/readyz", (request, response) -> response.send("ok"))
                        .get("/", (request, response) -> response.send("ok"))
                        .post("/", (request, response) -> {
                            request.content().as(byte[].class);
                            response.send("{\"code\":\"SUCCESS\"}");
                        }))
                .build()
                .start();
    }
}
