package gateway.http.hardened;

import static gateway.http.hardened.GateRig.OFF;
import static gateway.http.hardened.GateRig.PASSWORD;
import static gateway.http.hardened.GateRig.basic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.auth.ClientAddress;
import gateway.http.Cors;

/** Which web pages may call through the gate. */
class GateOriginsTest {
    private final GateRig rig = new GateRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    private Wire.Reply upgrade(String headers) throws IOException {
        return rig.get(
                "/ws",
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + headers);
    }

    @Test
    void aSocketOpensOnlyWithCredentialsAndFromAKnownPage() throws IOException {
        rig.start(ClientAddress.direct(), OFF, OFF, new Cors(Set.of("https://app.example.com"), (e, o) -> {}));
        assertEquals(401, upgrade("").status());
        assertEquals(401, upgrade("Origin: https://app.example.com\r\n").status());
        assertEquals(
                403,
                upgrade(basic(PASSWORD) + "Origin: https://evil.example.com\r\n")
                        .status());
        assertEquals(
                101,
                upgrade(basic(PASSWORD) + "Origin: https://app.example.com\r\n").status());
        assertEquals(101, upgrade(basic(PASSWORD) + "Origin: https://a\r\n").status());
        assertEquals(101, upgrade(basic(PASSWORD)).status());
    }

    @Test
    void aPreflightOfAListedOriginIsAnsweredWithoutCredentials() throws IOException {
        rig.start(ClientAddress.direct(), OFF, OFF, new Cors(Set.of("https://app.example.com"), (e, o) -> {}));
        try (var wire = new Wire(rig.server.port())) {
            var reply = wire.send(
                            "OPTIONS /chats HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example.com\r\n"
                                    + "Access-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: authorization\r\n\r\n")
                    .reply();
            assertEquals(204, reply.status());
            assertEquals(
                    "https://app.example.com",
                    reply.header("Access-Control-Allow-Origin").orElseThrow());
            assertEquals(
                    "true", reply.header("Access-Control-Allow-Credentials").orElseThrow());
            assertTrue(
                    reply.header("Access-Control-Allow-Headers").orElseThrow().contains("Authorization"));
            assertTrue(reply.header("Vary").orElseThrow().contains("Access-Control-Request-Method"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example.com",
                "https://app.example.com.evil.net",
                "http://app.example.com",
                "null",
                "https://app.example.com:8443",
                "https://APP.example.com"
            })
    void anotherOriginGetsNoPermission(String origin) throws IOException {
        rig.start(ClientAddress.direct(), OFF, OFF, new Cors(Set.of("https://app.example.com"), (e, o) -> {}));
        try (var wire = new Wire(rig.server.port())) {
            var reply = wire.send("OPTIONS /chats HTTP/1.1\r\nHost: a\r\nOrigin: " + origin
                            + "\r\nAccess-Control-Request-Method: GET\r\n\r\n")
                    .reply();
            assertEquals(403, reply.status());
            assertTrue(reply.header("Access-Control-Allow-Origin").isEmpty());
        }
        var reply = rig.get("/chats", basic(PASSWORD) + "Origin: " + origin + "\r\n");
        assertTrue(reply.header("Access-Control-Allow-Origin").isEmpty());
        assertEquals("Origin", reply.header("Vary").orElseThrow());
    }

    @Test
    void anErrorForAListedOriginCanBeReadByItsPage() throws IOException {
        rig.start(ClientAddress.direct(), OFF, OFF, new Cors(Set.of("https://app.example.com"), (e, o) -> {}));
        var reply = rig.get("/chats", "Origin: https://app.example.com\r\n");
        assertEquals(401, reply.status());
        assertEquals(
                "https://app.example.com",
                reply.header("Access-Control-Allow-Origin").orElseThrow());
    }

    @Test
    void byDefaultNoOriginIsAllowedAndNoneIsVariedOn() throws IOException {
        rig.start();
        var reply = rig.get("/chats", basic(PASSWORD) + "Origin: https://app.example.com\r\n");
        assertTrue(reply.header("Access-Control-Allow-Origin").isEmpty());
        assertTrue(reply.header("Vary").isEmpty());
    }
}
