package gateway.http.hardened;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import gateway.audit.SecurityLog;
import gateway.auth.AuthMetrics;
import gateway.auth.Authenticator;
import gateway.auth.ClientAddress;
import gateway.auth.RateLimit.Rate;
import gateway.http.Cors;
import gateway.http.Gate;
import gateway.http.GatePolicy;
import gateway.http.ScopeRules;
import gateway.http.Throttle;

/** The share of one client behind an edge, where every connection comes from the edge. */
class ForwardedSharesTest {
    private static final String PASSWORD = "correct horse battery staple";
    private static final Rate OFF = new Rate(0, 0);
    private static final int SHARE = 8;
    private final Authenticator authenticator = new Authenticator(UnaryOperator.identity(), InstantSource.system());
    private final List<Wire> dripping = new ArrayList<>();
    private HardenedServer server;

    @BeforeEach
    void start() {
        var accounts = authenticator.configured();
        accounts.replace(List.of(accounts.plainUser("ada", PASSWORD), accounts.plainUser("bob", PASSWORD)), List.of());
        var addresses = ClientAddress.behind("true");
        var gate = new Gate(
                GatePolicy.REST,
                authenticator,
                addresses,
                new Throttle("", OFF, OFF),
                ScopeRules.api(""),
                Cors.none(),
                SecurityLog.none(),
                AuthMetrics.NONE);
        server = HardenedServer.builder("rest")
                .limits(Limits.API.withRequests(SHARE + 1))
                .proxies(addresses::trusts)
                .routes(rules -> rules.any(gate)
                        .post(
                                "/send/message",
                                (request, response) -> response.send(
                                        request.content().inputStream().readAllBytes())))
                .start();
    }

    @AfterEach
    void stop() throws IOException {
        for (var wire : dripping) {
            wire.close();
        }
        server.close();
        authenticator.close();
    }

    private Wire begin(String user, String client) throws IOException {
        var basic = Base64.getEncoder().encodeToString((user + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        return new Wire(server.port())
                .send("POST /send/message HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + client
                        + "\r\nAuthorization: Basic " + basic + "\r\nContent-Length: 2\r\n\r\na");
    }

    private void drip(String user, String client) throws IOException {
        // Known ones from here on: few passwords are checked at once.
        assertEquals(200, status("ada", client));
        assertEquals(200, status("bob", client));
        // A request counts a moment longer than its reply takes, and would have one of the following refused.
        Awaitility.await().until(() -> server.connections() == 0);
        for (int i = 0; i < SHARE; i++) {
            dripping.add(begin(user, client));
        }
        // Each is admitted once its share is full, which is when one more is refused.
        Awaitility.await().until(() -> status(user, client) == 429);
    }

    private int status(String user, String client) throws IOException {
        try (var wire = begin(user, client)) {
            return wire.send("b").reply().status();
        }
    }

    @Test
    void aForwardedAddressHasItsShareOfRequestsUnderWay() throws IOException {
        drip("ada", "203.0.113.9");
        assertEquals(429, status("bob", "203.0.113.9"));
        assertEquals(200, status("bob", "203.0.113.10"));
        for (var wire : dripping) {
            assertEquals("ab", wire.send("b").reply().body());
        }
        Awaitility.await().until(() -> status("bob", "203.0.113.9") == 200);
    }

    @Test
    void aPrincipalHasItsShareFromWhereverItComes() throws IOException {
        drip("ada", "203.0.113.9");
        assertEquals(429, status("ada", "203.0.113.10"));
        assertEquals(200, status("bob", "203.0.113.10"));
    }
}
