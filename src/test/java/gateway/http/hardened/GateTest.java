package gateway.http.hardened;

import static gateway.http.hardened.GateRig.OFF;
import static gateway.http.hardened.GateRig.PASSWORD;
import static gateway.http.hardened.GateRig.TOKEN;
import static gateway.http.hardened.GateRig.basic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Base64;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import gateway.audit.SecurityEvent;
import gateway.auth.ClientAddress;
import gateway.auth.RateLimit.Rate;
import gateway.http.Cors;
import gateway.http.Throttle;

class GateTest {
    private final GateRig rig = new GateRig();

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void withoutCredentialsNothingButTheOpenRoutesAnswers() throws IOException {
        rig.start();
        assertEquals(200, rig.get("/livez", "").status());
        for (String path : new String[] {"/chats", "/nothing", "/", "/livez/../chats", "/%63hats"}) {
            var reply = rig.get(path, "");
            assertEquals(401, reply.status(), path);
            assertEquals("{\"code\":\"UNAUTHORIZED\",\"message\":\"Valid credentials are needed.\"}", reply.body());
            assertTrue(reply.header("WWW-Authenticate").orElseThrow().startsWith("Basic realm=\"whatsapp\""));
            assertEquals("no-store", reply.header("Cache-Control").orElseThrow());
        }
    }

    /** It would pass by the rules for the path that it is read as. */
    @Test
    void aDoubledSlashLeadsNowhereForAnybody() throws IOException {
        rig.start();
        for (String path : new String[] {"//chats", "/livez//", "//livez", "/chats//"}) {
            assertEquals(404, rig.get(path, "").status(), path);
        }
    }

    @Test
    void aWrongPasswordAndAnUnknownUserReadAlike() throws IOException {
        rig.start();
        var wrong = rig.get("/chats", basic("wrong"));
        var unknown = rig.get(
                "/chats",
                "Authorization: Basic " + Base64.getEncoder().encodeToString("eve:wrong".getBytes()) + "\r\n");
        assertEquals(401, wrong.status());
        assertEquals(wrong.body(), unknown.body());
        assertEquals(
                2,
                rig.log.stream()
                        .filter(e -> e.event() == SecurityEvent.AUTHN_LOGIN_FAIL)
                        .count());
    }

    @Test
    void twoAuthorizationHeadersAreNone() throws IOException {
        rig.start();
        assertEquals(401, rig.get("/chats", basic(PASSWORD) + basic(PASSWORD)).status());
    }

    @Test
    void goodCredentialsPass() throws IOException {
        rig.start();
        assertEquals("ada", rig.get("/chats", basic(PASSWORD)).body());
        var entry = rig.log.stream()
                .filter(e -> e.event() == SecurityEvent.AUTHN_LOGIN_SUCCESS)
                .findFirst()
                .orElseThrow();
        assertEquals("ada", entry.actor());
        assertEquals("127.0.0.1", entry.address());
        assertFalse(entry.toString().contains(PASSWORD));
    }

    @Test
    void aTokenThatMaySendMayNeitherLookNorManage() throws IOException {
        rig.start();
        String bearer = "Authorization: Bearer " + TOKEN + "\r\n";
        assertEquals(200, rig.post("/send/message", bearer).status());
        assertEquals(403, rig.get("/chats", bearer).status());
        assertEquals(403, rig.get("/app/login", bearer).status());
        assertEquals(403, rig.post("/users", bearer).status());
        assertEquals(
                3,
                rig.log.stream()
                        .filter(e -> e.event() == SecurityEvent.AUTHZ_FAIL)
                        .count());
    }

    @Test
    void anAddressThatGuessesIsToldToWait() throws IOException {
        rig.start();
        for (int i = 0; i < 10; i++) {
            assertEquals(401, rig.get("/chats", basic("guess" + i)).status());
        }
        var reply = rig.get("/chats", basic("guess"));
        assertEquals(429, reply.status());
        assertEquals("30", reply.header("Retry-After").orElseThrow());
        assertEquals(
                1,
                rig.log.stream()
                        .filter(e -> e.event() == SecurityEvent.AUTHN_LOGIN_FAIL_MAX)
                        .count());
    }

    @Test
    void anUpgradeHeaderHidesNoCallFromTheLog() throws IOException {
        rig.start();
        assertEquals(
                200,
                rig.get("/app/login", basic(PASSWORD) + "Connection: Upgrade\r\nUpgrade: h2c\r\n")
                        .status());
        assertEquals(
                1,
                rig.log.stream()
                        .filter(e -> e.event() == SecurityEvent.AUTHZ_ADMIN)
                        .count());
    }

    @Test
    void whatAdministersIsToldOfBeforeItIsDoneWithoutAnybodysNumber() throws IOException {
        rig.start();
        rig.get("/app/login", basic(PASSWORD));
        rig.post("/devices/6281234567890/logout", basic(PASSWORD));
        assertEquals(
                java.util.List.of("/app/login", "/devices"),
                rig.log.stream()
                        .filter(e -> e.event() == SecurityEvent.AUTHZ_ADMIN)
                        .map(e -> e.details().get("path"))
                        .toList());
    }

    @Test
    void anAddressGetsTheGuidesRateAndNoMore() throws IOException {
        assertEquals(new Rate(10, 20), Throttle.API);
        // The same burst refilled ten times slower, so that a slow machine sees the same.
        rig.start(ClientAddress.direct(), new Rate(1, 20), Throttle.SEND, Cors.none());
        var first = rig.get("/chats", basic(PASSWORD));
        assertEquals("21", first.header("RateLimit-Limit").orElseThrow());
        int throttled = 0;
        for (int i = 0; i < 60; i++) {
            var reply = rig.get("/chats", basic(PASSWORD));
            if (reply.status() == 429) {
                throttled++;
                assertEquals("1", reply.header("Retry-After").orElseThrow());
                assertEquals("0", reply.header("RateLimit-Remaining").orElseThrow());
            }
        }
        assertTrue(throttled > 10 && throttled <= 40, throttled + " of 60");
        assertEquals(200, rig.get("/livez", "").status());
    }

    @Test
    void aRouteThatIsOpenToAllDrawsOnTheRateOfItsAddress() throws IOException {
        rig.start(ClientAddress.direct(), new Rate(1, 1), Throttle.SEND, Cors.none());
        var first = rig.get("/pair", "");
        assertEquals(200, first.status());
        assertEquals("page", first.body());
        int throttled = 0;
        for (int i = 0; i < 20; i++) {
            throttled += rig.get("/pair", "").status() == 429 ? 1 : 0;
        }
        assertTrue(throttled > 0, "none of 20 was refused");
        assertTrue(rig.log.stream().anyMatch(e -> e.event() == SecurityEvent.EXCESS_RATE_LIMIT_EXCEEDED));
    }

    @Test
    void aPrincipalThatRepeatsARefusedRequestAtOnceIsToldLaterAndOthersAreNot() throws IOException {
        rig.start(ClientAddress.direct(), new Rate(1, 0), OFF, Cors.none());
        assertEquals(200, rig.get("/chats", basic(PASSWORD)).status());
        long began = System.nanoTime();
        // One in between may be let in on a slow machine.
        for (int refused = 0; refused < 4; ) {
            refused += rig.get("/chats", basic(PASSWORD)).status() == 429 ? 1 : 0;
        }
        // A lower bound: a slow machine takes longer.
        assertTrue(
                System.nanoTime() - began >= 300_000_000L, "four refusals in " + (System.nanoTime() - began) + " ns");
        assertEquals(200, rig.get("/livez", "").status());
    }

    @Test
    void sendingHasItsOwnNarrowerRate() throws IOException {
        assertEquals(new Rate(5, 10), Throttle.SEND);
        rig.start(ClientAddress.direct(), new Rate(1000, 1000), new Rate(1, 10), Cors.none());
        int sent = 0;
        for (int i = 0; i < 40; i++) {
            sent += rig.post("/send/message", basic(PASSWORD)).status() == 200 ? 1 : 0;
        }
        assertTrue(sent >= 11 && sent < 40, sent + " sent");
        assertEquals(200, rig.get("/chats", basic(PASSWORD)).status());
    }

    @Test
    void behindATrustedProxyTheClientIsTheOneItNames() throws IOException {
        rig.start(ClientAddress.behind("true"), OFF, OFF, Cors.none());
        assertEquals(
                "203.0.113.9",
                rig.get("/where", basic(PASSWORD) + "X-Forwarded-For: 6.6.6.6, 203.0.113.9\r\n")
                        .body());
    }

    @Test
    void aForgedForwardingHeaderChangesNothingAndIsLogged() throws IOException {
        rig.start();
        assertEquals(
                "127.0.0.1",
                rig.get("/where", basic(PASSWORD) + "X-Forwarded-For: 203.0.113.9\r\n")
                        .body());
        assertTrue(rig.log.stream().anyMatch(e -> e.event() == SecurityEvent.MALICIOUS_EXTRANEOUS));
    }
}
