package gateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;

import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.Handler;

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
import gateway.http.hardened.HardenedServer;

/** Bare handlers behind the gateway's own listener and entrance: each answers a list's bytes, which it holds ready. */
final class RawReadServer {
    private RawReadServer() {}

    /** Listens on 127.0.0.1. Arguments: the port; the credential {@code user:password} that the entrance asks for. */
    public static void main(String[] args) throws IOException {
        var credential = args[1].split(":", 2);
        var authenticator = new Authenticator(UnaryOperator.identity(), InstantSource.system());
        var accounts = authenticator.configured();
        accounts.replace(List.of(accounts.plainUser(credential[0], credential[1])), List.of());
        var unlimited = new Rate(0, 0);
        var gate = new Gate(
                GatePolicy.REST,
                authenticator,
                ClientAddress.direct(),
                new Throttle("", unlimited, unlimited),
                ScopeRules.api(""),
                Cors.none(),
                SecurityLog.none(),
                AuthMetrics.NONE);
        var devices = answering("get_devices");
        var chats = answering("get_chats");
        var messages = answering("get_messages");
        HardenedServer.builder("raw")
                .port(Integer.parseInt(args[0]))
                .filter(Cors.none())
                .routes(routes -> routes.get("/readyz", (request, response) -> response.send("ok"))
                        .any(gate)
                        .get("/devices", devices)
                        .get("/chats", chats)
                        .get("/chat/{chat_jid}/messages", messages))
                .start();
    }

    private static Handler answering(String file) throws IOException {
        byte[] bytes = Files.readAllBytes(Path.of(file));
        return (request, response) ->
                response.header(HeaderValues.CONTENT_TYPE_JSON).send(bytes);
    }
}
