package gateway.http.hardened;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import gateway.admin.AdminManner;
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

/** What a flood of wrong credentials does to a client that has the same address and the right one. */
class FloodedAddressTest {
    private static final String PASSWORD = "correct horse battery staple";
    private static final String TOKEN = "t".repeat(40);
    private final Authenticator authenticator = new Authenticator(UnaryOperator.identity(), InstantSource.system());
    private HardenedServer server;

    private void start(GatePolicy manner, ScopeRules scopes, Rate rate) {
        var accounts = authenticator.configured();
        accounts.replace(
                List.of(accounts.plainUser("ada", PASSWORD)), List.of(accounts.adminToken(TOKEN, Instant.MAX)));
        var gate = new Gate(
                manner,
                authenticator,
                ClientAddress.direct(),
                new Throttle("", rate, rate),
                scopes,
                Cors.none(),
                SecurityLog.none(),
                AuthMetrics.NONE);
        server = HardenedServer.builder("rest")
                .routes(rules -> rules.any(gate)
                        .get("/chats", (request, response) -> response.send("chats"))
                        .get("/admin/instances", (request, response) -> response.send("instances")))
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
        authenticator.close();
    }

    private static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private int status(Wire wire, String path, String credential) throws IOException {
        return wire.send("GET " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: " + credential + "\r\n\r\n")
                .reply()
                .status();
    }

    /** Some 500 wrong passwords a second, and a known client that stays within its rate. */
    private void flooded(String path, String good, String guess) throws Exception {
        try (var client = new Wire(server.port());
                var floods = Executors.newVirtualThreadPerTaskExecutor()) {
            assertEquals(200, status(client, path, good));
            var refused = new AtomicInteger();
            for (int flood = 0; flood < 5; flood++) {
                floods.submit(() -> {
                    try (var wire = new Wire(server.port())) {
                        for (int i = 0; i < 200; i++) {
                            int status = status(wire, path, guess.formatted(i));
                            assertTrue(status == 401 || status == 429, "a guess was answered " + status);
                            refused.incrementAndGet();
                            TimeUnit.MILLISECONDS.sleep(10);
                        }
                    }
                    return null;
                });
            }
            for (int i = 0; i < 15; i++) {
                assertEquals(200, status(client, path, good), "request " + i + " of the known client");
                TimeUnit.MILLISECONDS.sleep(110);
            }
            floods.shutdown();
            assertTrue(floods.awaitTermination(60, TimeUnit.SECONDS));
            assertEquals(1000, refused.get());
            assertEquals(200, status(client, path, good));
        }
    }

    @Test
    void aVerifiedClientIsAnsweredWhileStrangersGuessFromItsAddress() throws Exception {
        start(GatePolicy.REST, ScopeRules.api(""), Throttle.API);
        flooded("/chats", basic("ada", PASSWORD), basic("ada", "wrong"));
    }

    @Test
    void theAdministratorsTokenIsAnsweredWhileStrangersGuessFromItsAddress() throws Exception {
        start(new AdminManner(), ScopeRules.manageOnly(), Throttle.API);
        flooded("/admin/instances", "Bearer " + TOKEN, "Bearer wrong%d");
    }

    @Test
    void aVerifiedClientHasItsOwnRateAndNoMore() throws Exception {
        start(GatePolicy.REST, ScopeRules.api(""), new Rate(1, 20));
        try (var client = new Wire(server.port())) {
            int answered = 0;
            for (int i = 0; i < 60; i++) {
                answered += status(client, "/chats", basic("ada", PASSWORD)) == 200 ? 1 : 0;
            }
            assertTrue(answered >= 21 && answered <= 45, answered + " of 60");
            assertEquals(401, status(client, "/chats", basic("ada", "a stranger has the address's rate")));
        }
    }
}
