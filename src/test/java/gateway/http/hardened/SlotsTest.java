package gateway.http.hardened;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;

import gateway.auth.Network;
import gateway.auth.Principal;

class SlotsTest {
    @Test
    void oneRequestTooManyIsToldToComeBack() throws Exception {
        var begun = new CountDownLatch(2);
        var end = new CountDownLatch(1);
        try (var server = HardenedServer.builder("slots")
                        .limits(Limits.API.withRequests(2))
                        .routes(rules -> rules.get("/", (request, response) -> {
                            begun.countDown();
                            end.await();
                            response.send("ok");
                        }))
                        .start();
                var one = new Wire(server.port());
                var two = new Wire(server.port());
                var three = new Wire(server.port())) {
            one.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            two.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            begun.await();
            var refused = three.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").reply();
            assertEquals(503, refused.status());
            assertEquals("1", refused.header("Retry-After").orElseThrow());
            end.countDown();
            assertEquals("ok", one.reply().body());
            assertEquals("ok", two.reply().body());
            assertEquals(
                    "ok", two.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").reply().body());
        } finally {
            end.countDown();
        }
    }

    private final Slots slots = new Slots(64);

    private static Network site(String address) throws UnknownHostException {
        return Network.site(InetAddress.getByName(address));
    }

    private List<Slots.Claim> all(String address, String user) throws UnknownHostException {
        var claims = new ArrayList<Slots.Claim>();
        for (var claim = claim(address, user); claim != null; claim = claim(address, user)) {
            claims.add(claim);
        }
        return claims;
    }

    private Slots.Claim claim(String address, String user) throws UnknownHostException {
        return slots.claim(site(address), Principal.user(user));
    }

    @Test
    void anAddressHasAsManyUnderWayAsAreLeftToOthersWhateverItsCredentials() throws UnknownHostException {
        var claims = all("192.0.2.1", "one");
        assertTrue(claims.size() >= 31 && claims.size() <= 33, claims.size() + " of 64");
        assertNull(claim("192.0.2.1", "two"));
        assertNotNull(claim("192.0.2.2", "two"));
        claims.forEach(Slots.Claim::end);
        assertNotNull(claim("192.0.2.1", "one"));
    }

    @Test
    void aPrincipalHasItsShareFromWhereverItComes() throws UnknownHostException {
        all("192.0.2.1", "one");
        assertNull(claim("192.0.2.2", "one"));
        assertNotNull(claim("192.0.2.2", "two"));
    }

    @Test
    void theAddressesOfOneIpv6SiteShare() throws UnknownHostException {
        all("2001:db8::1", "one");
        assertNull(claim("2001:db8::2", "two"));
        assertNotNull(claim("2001:db8:0:1::2", "two"));
    }

    @Test
    void aRefusedClaimCountsForNothing() throws UnknownHostException {
        var claims = all("192.0.2.1", "one");
        for (int i = 0; i < 1000; i++) {
            assertNull(claim("192.0.2.1", "two"));
        }
        assertNotNull(claim("192.0.2.2", "two"));
        claims.forEach(Slots.Claim::end);
    }

    @Test
    void aLentSlotIsTakenAgainInAnyCaseAndANewOneOnlyWhenOneIsFree() {
        for (int i = 0; i < 64; i++) {
            assertTrue(slots.take());
        }
        assertFalse(slots.take());
        slots.give();
        assertTrue(slots.take());
        slots.takeAgain();
        slots.give();
        assertFalse(slots.take());
        slots.give();
        assertTrue(slots.take());
    }
}
