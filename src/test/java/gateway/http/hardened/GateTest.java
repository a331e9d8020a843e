package gateway.http.hardened;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gateway.audit.AuditEntry;
import gateway.audit.SecurityEvent;
import gateway.audit.SecurityLog;
import gateway.auth.AuthMetrics;
import gateway.auth.Authenticator;
import gateway.auth.ClientAddress;
import gateway.auth.RateLimit.Rate;
import gateway.http.Cors;
import gateway.http.Exchange;
import gateway.http.Gate;
import gateway.http.GatePolicy;
import gateway.http.ScopeRules;
import gateway.http.Throttle;
import io.helidon.websocket.WsListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

class GateTest {
    private static final String PASSWORD = "correct horse battery staple";
    private static final String TOKEN = "t".repeat(40);
    private static final Rate OFF = new Rate(0, 0);
    private final List<AuditEntry> log = new CopyOnWriteArrayList<>();
    private final Authenticator authenticator = new Authenticator(UnaryOperator.identity(), InstantSource.system());
    private HardenedServer server;

    private void start(ClientAddress addresses, Rate api, Rate send, Cors cors) {
        var accounts = authenticator.configured();
        accounts.replace(List.of(accounts.plainUser("ada", PASSWORD)), List.of(accounts.sendingToken(TOKEN, java.time.Instant.MAX)));
        var gate = new Gate(GatePolicy.REST, authenticator, addresses, new Throttle("", api, send), ScopeRules.api(""), cors,
                new Remembering(), AuthMetrics.NONE);
        server = HardenedServer.builder("rest").filter(cors).routes(rules -> rules
                        .get("/livez", (request, response) -> response.send("ok"))
                        .any(gate)
                        .get("/chats", (request, response) -> response.send(Exchange.current().principal().orElseThrow().name()))
                        .get("/where", (request, response) -> response.send(Exchange.current().client().getHostAddress()))
                        .get("/app/login", (request, response) -> response.send("qr"))
                        .post("/send/message", (request, response) -> response.send("sent")))
                .sockets(sockets -> sockets.endpoint("/ws", new WsListener() { }), gate)
                .start();
    }

    private void start() {
        start(ClientAddress.direct(), OFF, OFF, Cors.none());
    }

    @AfterEach
    void stop() {
        server.close();
        authenticator.close();
    }

    private static String basic(String password) {
        return "Authorization: Basic "
                + Base64.getEncoder().encodeToString(("ada:" + password).getBytes(StandardCharsets.UTF_8)) + "\r\n";
    }

    private Wire.Reply get(String path, String headers) throws IOException {
        try (var wire = new Wire(server.port())) {
            return wire.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n").reply();
        }
    }

    private Wire.Reply post(String path, String headers) throws IOException {
        try (var wire = new Wire(server.port())) {
            return wire.send("POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n" + headers + "\r\n").reply();
        }
    }

    @Test
    void withoutCredentialsNothingButTheOpenRoutesAnswers() throws IOException {
        start();
        assertEquals(200, get("/livez", "").status());
        for (String path : new String[] {"/chats", "/nothing", "/", "//chats", "/livez/../chats", "/%63hats"}) {
            var reply = get(path, "");
            assertEquals(401, reply.status(), path);
            assertEquals("{\"code\":\"UNAUTHORIZED\",\"message\":\"Valid credentials are needed.\"}", reply.body());
            assertTrue(reply.header("WWW-Authenticate").orElseThrow().startsWith("Basic realm=\"whatsapp\""));
            assertEquals("no-store", reply.header("Cache-Control").orElseThrow());
        }
    }

    @Test
    void aWrongPasswordAndAnUnknownUserReadAlike() throws IOException {
        start();
        var wrong = get("/chats", basic("wrong"));
        var unknown = get("/chats", "Authorization: Basic " + Base64.getEncoder().encodeToString("eve:wrong".getBytes()) + "\r\n");
        assertEquals(401, wrong.status());
        assertEquals(wrong.body(), unknown.body());
        assertEquals(2, log.stream().filter(e -> e.event() == SecurityEvent.AUTHN_LOGIN_FAIL).count());
    }

    @Test
    void twoAuthorizationHeadersAreNone() throws IOException {
        start();
        assertEquals(401, get("/chats", basic(PASSWORD) + basic(PASSWORD)).status());
    }

    @Test
    void goodCredentialsPass() throws IOException {
        start();
        assertEquals("ada", get("/chats", basic(PASSWORD)).body());
        var entry = log.stream().filter(e -> e.event() == SecurityEvent.AUTHN_LOGIN_SUCCESS).findFirst().orElseThrow();
        assertEquals("ada", entry.actor());
        assertEquals("127.0.0.1", entry.address());
        assertFalse(entry.toString().contains(PASSWORD));
    }

    @Test
    void aTokenThatMaySendMayNeitherLookNorManage() throws IOException {
        start();
        String bearer = "Authorization: Bearer " + TOKEN + "\r\n";
        assertEquals(200, post("/send/message", bearer).status());
        assertEquals(403, get("/chats", bearer).status());
        assertEquals(403, get("/app/login", bearer).status());
        assertEquals(403, post("/users", bearer).status());
        assertEquals(3, log.stream().filter(e -> e.event() == SecurityEvent.AUTHZ_FAIL).count());
    }

    @Test
    void anAddressThatGuessesIsToldToWait() throws IOException {
        start();
        for (int i = 0; i < 10; i++) {
            assertEquals(401, get("/chats", basic("guess" + i)).status());
        }
        var reply = get("/chats", basic("guess"));
        assertEquals(429, reply.status());
        assertEquals("30", reply.header("Retry-After").orElseThrow());
        assertEquals(1, log.stream().filter(e -> e.event() == SecurityEvent.AUTHN_LOGIN_FAIL_MAX).count());
    }

    @Test
    void anUpgradeHeaderHidesNoCallFromTheLog() throws IOException {
        start();
        assertEquals(200, get("/app/login", basic(PASSWORD) + "Connection: Upgrade\r\nUpgrade: h2c\r\n").status());
        assertEquals(1, log.stream().filter(e -> e.event() == SecurityEvent.AUTHZ_ADMIN).count());
    }

    @Test
    void whatAdministersIsToldOfBeforeItIsDoneWithoutAnybodysNumber() throws IOException {
        start();
        get("/app/login", basic(PASSWORD));
        post("/devices/6281234567890/logout", basic(PASSWORD));
        assertEquals(java.util.List.of("/app/login", "/devices"), log.stream().filter(e -> e.event() == SecurityEvent.AUTHZ_ADMIN)
                .map(e -> e.details().get("path")).toList());
    }

    @Test
    void anAddressGetsTheGuidesRateAndNoMore() throws IOException {
        assertEquals(new Rate(10, 20), Throttle.API);
        // The same burst refilled ten times slower, so that a slow machine sees the same.
        start(ClientAddress.direct(), new Rate(1, 20), Throttle.SEND, Cors.none());
        var first = get("/chats", basic(PASSWORD));
        assertEquals("21", first.header("RateLimit-Limit").orElseThrow());
        int throttled = 0;
        Wire.Reply last = first;
        for (int i = 0; i < 60; i++) {
            last = get("/chats", basic(PASSWORD));
            throttled += last.status() == 429 ? 1 : 0;
        }
        assertTrue(throttled > 10 && throttled <= 40, throttled + " of 60");
        assertEquals("1", last.header("Retry-After").orElseThrow());
        assertEquals("0", last.header("RateLimit-Remaining").orElseThrow());
        assertEquals(200, get("/livez", "").status());
    }

    @Test
    void sendingHasItsOwnNarrowerRate() throws IOException {
        assertEquals(new Rate(5, 10), Throttle.SEND);
        start(ClientAddress.direct(), new Rate(1000, 1000), new Rate(1, 10), Cors.none());
        int sent = 0;
        for (int i = 0; i < 40; i++) {
            sent += post("/send/message", basic(PASSWORD)).status() == 200 ? 1 : 0;
        }
        assertTrue(sent >= 11 && sent < 40, sent + " sent");
        assertEquals(200, get("/chats", basic(PASSWORD)).status());
    }

    @Test
    void behindATrustedProxyTheClientIsTheOneItNames() throws IOException {
        start(ClientAddress.behind("true"), OFF, OFF, Cors.none());
        assertEquals("203.0.113.9", get("/where", basic(PASSWORD) + "X-Forwarded-For: 6.6.6.6, 203.0.113.9\r\n").body());
    }

    @Test
    void aForgedForwardingHeaderChangesNothingAndIsLogged() throws IOException {
        start();
        assertEquals("127.0.0.1", get("/where", basic(PASSWORD) + "X-Forwarded-For: 203.0.113.9\r\n").body());
        assertTrue(log.stream().anyMatch(e -> e.event() == SecurityEvent.MALICIOUS_EXTRANEOUS));
    }

    private Wire.Reply upgrade(String headers) throws IOException {
        return get("/ws", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + headers);
    }

    @Test
    void aSocketOpensOnlyWithCredentialsAndFromAKnownPage() throws IOException {
        start(ClientAddress.direct(), OFF, OFF, new Cors(Set.of("https://app.example.com"), (e, o) -> { }));
        assertEquals(401, upgrade("").status());
        assertEquals(401, upgrade("Origin: https://app.example.com\r\n").status());
        assertEquals(403, upgrade(basic(PASSWORD) + "Origin: https://evil.example.com\r\n").status());
        assertEquals(101, upgrade(basic(PASSWORD) + "Origin: https://app.example.com\r\n").status());
        assertEquals(101, upgrade(basic(PASSWORD) + "Origin: https://a\r\n").status());
        assertEquals(101, upgrade(basic(PASSWORD)).status());
    }

    @Test
    void aPreflightOfAListedOriginIsAnsweredWithoutCredentials() throws IOException {
        start(ClientAddress.direct(), OFF, OFF, new Cors(Set.of("https://app.example.com"), (e, o) -> { }));
        try (var wire = new Wire(server.port())) {
            var reply = wire.send("OPTIONS /chats HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example.com\r\n"
                    + "Access-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: authorization\r\n\r\n").reply();
            assertEquals(204, reply.status());
            assertEquals("https://app.example.com", reply.header("Access-Control-Allow-Origin").orElseThrow());
            assertEquals("true", reply.header("Access-Control-Allow-Credentials").orElseThrow());
            assertTrue(reply.header("Access-Control-Allow-Headers").orElseThrow().contains("Authorization"));
            assertTrue(reply.header("Vary").orElseThrow().contains("Access-Control-Request-Method"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example.com", "https://app.example.com.evil.net", "http://app.example.com", "null",
        "https://app.example.com:8443", "https://APP.example.com"})
    void anotherOriginGetsNoPermission(String origin) throws IOException {
        start(ClientAddress.direct(), OFF, OFF, new Cors(Set.of("https://app.example.com"), (e, o) -> { }));
        try (var wire = new Wire(server.port())) {
            var reply = wire.send("OPTIONS /chats HTTP/1.1\r\nHost: a\r\nOrigin: " + origin
                    + "\r\nAccess-Control-Request-Method: GET\r\n\r\n").reply();
            assertEquals(403, reply.status());
            assertTrue(reply.header("Access-Control-Allow-Origin").isEmpty());
        }
        var reply = get("/chats", basic(PASSWORD) + "Origin: " + origin + "\r\n");
        assertTrue(reply.header("Access-Control-Allow-Origin").isEmpty());
        assertEquals("Origin", reply.header("Vary").orElseThrow());
    }

    @Test
    void anErrorForAListedOriginCanBeReadByItsPage() throws IOException {
        start(ClientAddress.direct(), OFF, OFF, new Cors(Set.of("https://app.example.com"), (e, o) -> { }));
        var reply = get("/chats", "Origin: https://app.example.com\r\n");
        assertEquals(401, reply.status());
        assertEquals("https://app.example.com", reply.header("Access-Control-Allow-Origin").orElseThrow());
    }

    @Test
    void byDefaultNoOriginIsAllowedAndNoneIsVariedOn() throws IOException {
        start();
        var reply = get("/chats", basic(PASSWORD) + "Origin: https://app.example.com\r\n");
        assertTrue(reply.header("Access-Control-Allow-Origin").isEmpty());
        assertTrue(reply.header("Vary").isEmpty());
    }

    private final class Remembering implements SecurityLog {
        @Override
        public void write(AuditEntry entry) {
            log.add(entry);
        }

        @Override
        public void count(AuditEntry entry) {
            log.add(entry);
        }

        @Override
        public String keyed(String value) {
            return "hmac:x";
        }
    }
}
