package gateway.http.hardened;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.http.ChangingGet;

/** Only the methods a path has are served (OWASP ASVS 4.1.4, 13.4.4). */
class MethodsTest {
    private static HardenedServer server;

    private record Chats() implements HttpService {
        @Override
        public void routing(HttpRules rules) {
            rules.get("/{jid}/messages", (request, response) -> response.send("ok"))
                    .post("/{jid}/pin", (request, response) -> response.send("ok"));
        }
    }

    @BeforeAll
    static void start() {
        server = HardenedServer.builder("test")
                .routes(rules -> rules.any((request, response) -> response.next())
                        .register("/chat", new Chats())
                        .get("/host", (request, response) -> response.send(request.authority()))
                        .get("/logout", new ChangingGet((request, response) -> response.send("ok")))
                        .get("/users", (request, response) -> response.send("ok"))
                        .post("/users", (request, response) -> response.send("ok"))
                        .register(inner -> inner.get("/users/deleted", (request, response) -> response.send("ok"))
                                .delete("/users/{name}", (request, response) -> response.send("ok"))))
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "PROPFIND", "XYZZY"})
    void anUnservedMethodIs405Everywhere(String method) throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send(method + " /users HTTP/1.1\r\nHost: a\r\nX-Secret: echo\r\n\r\n");
            var reply = wire.reply();
            assertEquals(405, reply.status());
            assertEquals(
                    "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
                    reply.header("Allow").orElseThrow());
            assertTrue(!reply.body().contains("echo"));
            assertTrue(wire.ends());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE,/users,'GET, HEAD, OPTIONS, POST'",
        "TRACE,/users,'GET, HEAD, OPTIONS, POST'",
        "POST,/chat/1/messages,'GET, HEAD, OPTIONS'",
        "GET,/chat/1/pin,'OPTIONS, POST'",
        "GET,/users/ada,'DELETE, OPTIONS'",
        "PATCH,/users/deleted,'GET, HEAD, OPTIONS'",
        "GET,/users/ada/,'DELETE, OPTIONS'"
    })
    void anotherMethodOfAKnownPathIs405WithTheOnesItHas(String method, String path, String allow) throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send(method + " " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
            var reply = wire.reply();
            assertEquals(405, reply.status(), reply.body());
            assertEquals(allow, reply.header("Allow").orElseThrow());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/users,'GET, HEAD, OPTIONS, POST'",
        "/users/deleted,'GET, HEAD, OPTIONS'",
        "/logout,'GET, OPTIONS'",
        "*,'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT'"
    })
    void optionsTellsWhatThePathServes(String path, String allow) throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("OPTIONS " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
            var reply = wire.reply();
            assertEquals(204, reply.status(), reply.body());
            assertEquals(allow, reply.header("Allow").orElseThrow());
        }
    }

    /** The one place where a whole address may stand is the first line; its host counts in the place of Host. */
    @ParameterizedTest
    @CsvSource({
        "http://a/users,200",
        "HTTP://a:8080/users/?x=1,200",
        "https://[::1]:8080/users,200",
        "http://a/nothing,404",
        "http://a,404",
        "http://ada:secret@a/users,404",
        "http:///users,404",
        "ftp://a/users,404"
    })
    void aWholeAddressIsReadAsItsPath(String target, int status) throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("GET " + target + " HTTP/1.1\r\nHost: other\r\n\r\n");
            assertEquals(status, wire.reply().status());
        }
    }

    @Test
    void aWholeAddressNamesTheHost() throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("GET http://a.example:8080/host HTTP/1.1\r\nHost: other\r\n\r\n");
            assertEquals("a.example:8080", wire.reply().body());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/user", "/chat", "/chat/1/2/3", "/users/ada/x", "//users", "/users//", "/chat//1/messages"
            })
    void anUnknownPathIs404(String path) throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(404, wire.reply().status());
        }
    }
}
