package gateway.http.hardened;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

import io.helidon.websocket.WsListener;

import gateway.audit.AuditEntry;
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

/**
 * A gate with one user and one token before a few routes, the requests to it, and what it wrote into the security log.
 */
final class GateRig implements AutoCloseable {
    static final String PASSWORD = "correct horse battery staple";
    static final String TOKEN = "t".repeat(40);
    static final Rate OFF = new Rate(0, 0);
    final List<AuditEntry> log = new CopyOnWriteArrayList<>();
    private final Authenticator authenticator = new Authenticator(UnaryOperator.identity(), InstantSource.system());
    HardenedServer server;

    void start(ClientAddress addresses, Rate api, Rate send, Cors cors) {
        var accounts = authenticator.configured();
        accounts.replace(
                List.of(accounts.plainUser("ada", PASSWORD)),
                List.of(accounts.sendingToken(TOKEN, java.time.Instant.MAX)));
        var gate = new Gate(
                GatePolicy.REST,
                authenticator,
                addresses,
                new Throttle("", api, send),
                ScopeRules.api(""),
                cors,
                new Remembering(),
                AuthMetrics.NONE);
        server = HardenedServer.builder("rest")
                .filter(cors)
                .routes(rules -> rules.get("/livez", (request, response) -> response.send("ok"))
                        .get("/pair", gate.strangers(), (request, response) -> response.send("page"))
                        .any(gate)
                        .get(
                                "/chats",
                                (request, response) -> response.send(Exchange.current()
                                        .principal()
                                        .orElseThrow()
                                        .name()))
                        .get(
                                "/where",
                                (request, response) -> response.send(
                                        Exchange.current().client().getHostAddress()))
                        .get("/app/login", (request, response) -> response.send("qr"))
                        .post("/send/message", (request, response) -> response.send("sent")))
                .sockets(sockets -> sockets.endpoint("/ws", new WsListener() {}), gate)
                .start();
    }

    void start() {
        start(ClientAddress.direct(), OFF, OFF, Cors.none());
    }

    @Override
    public void close() {
        server.close();
        authenticator.close();
    }

    static String basic(String password) {
        return "Authorization: Basic "
                + Base64.getEncoder().encodeToString(("ada:" + password).getBytes(StandardCharsets.UTF_8)) + "\r\n";
    }

    Wire.Reply get(String path, String headers) throws IOException {
        try (var wire = new Wire(server.port())) {
            return wire.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n")
                    .reply();
        }
    }

    Wire.Reply post(String path, String headers) throws IOException {
        try (var wire = new Wire(server.port())) {
            return wire.send("POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n" + headers + "\r\n")
                    .reply();
        }
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
