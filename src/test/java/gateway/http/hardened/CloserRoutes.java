package gateway.http.hardened;

import java.io.IOException;

import gateway.http.Problem;

/** Routes whose replies are whole, cut off, broken, refused or read to the end. */
final class CloserRoutes {
    private CloserRoutes() {}

    static HardenedServer start() {
        return HardenedServer.builder("test")
                .routes(rules -> rules.get("/ok", (request, response) -> response.send("ok"))
                        .get("/stream", (request, response) -> {
                            try (var out = response.outputStream()) {
                                out.write("one ".getBytes());
                                out.flush();
                                out.write("two".getBytes());
                            }
                        })
                        .get("/half", (request, response) -> {
                            var out = response.outputStream();
                            out.write("half".getBytes());
                            out.flush();
                            throw new IllegalStateException("no more");
                        })
                        .get("/broken", (request, response) -> {
                            throw new IllegalStateException(
                                    "jdbc:sqlite:/secret/path failed", new IOException("more secret"));
                        })
                        .get("/checked", (request, response) -> {
                            throw new IOException("secret");
                        })
                        .get("/split", (request, response) -> {
                            response.headers()
                                    .set(io.helidon.http.HeaderValues.create("X-Name", "a\r\nSet-Cookie: b=c"));
                            response.send("ok");
                        })
                        .post(
                                "/read",
                                (request, response) -> response.send(
                                        "" + request.content().inputStream().readAllBytes().length))
                        .post("/refuse", (request, response) -> {
                            throw Problem.badField("phone", "cannot be blank");
                        }))
                .start();
    }
}
