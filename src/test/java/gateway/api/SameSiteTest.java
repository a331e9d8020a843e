package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;

import org.junit.jupiter.api.Test;

/** Another site cannot make a person's browser act here (OWASP ASVS 3.5). */
class SameSiteTest extends PairedRig {
    @Test
    void anotherSitesPageCannotLogTheAccountOut() {
        for (var site : new String[] {"cross-site", "same-site"}) {
            assertEquals(
                    403,
                    rig.send(rig.request("/app/logout")
                                    .header("Sec-Fetch-Site", site)
                                    .GET())
                            .status());
        }
        assertEquals(
                403,
                rig.send(rig.request("/app/logout")
                                .header("Origin", "https://evil.example")
                                .GET())
                        .status());
        assertEquals(
                403,
                rig.send(rig.request("/app/logout").header("Origin", "null").GET())
                        .status());
        assertTrue(rig.accounts.session(ApiRig.DEVICE).orElseThrow().status().loggedIn());
    }

    @Test
    void aFormOfAnotherSiteSendsNothing() {
        var form = HttpRequest.BodyPublishers.ofString("phone=12025550101&message=hello");
        assertEquals(
                403,
                rig.send(rig.request("/send/message")
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .header("Origin", "https://evil.example")
                                .header("Sec-Fetch-Site", "cross-site")
                                .POST(form))
                        .status());
        assertEquals(0, rig.store.number("SELECT count(*) FROM outbox"));
    }

    @Test
    void programsOwnPagesAndListedSitesPass() {
        assertEquals(200, rig.get("/app/status").status());
        assertEquals(
                200,
                rig.send(rig.request("/app/status")
                                .header("Sec-Fetch-Site", "same-origin")
                                .GET())
                        .status());
        assertEquals(
                200,
                rig.send(rig.request("/app/status")
                                .header("Sec-Fetch-Site", "none")
                                .GET())
                        .status());
        assertEquals(
                200,
                rig.send(rig.request("/app/status")
                                .header("Origin", "http://127.0.0.1:" + rig.port())
                                .GET())
                        .status());
        assertEquals(
                200,
                rig.send(rig.request("/app/status")
                                .header("Origin", "https://console.example")
                                .header("Sec-Fetch-Site", "cross-site")
                                .GET())
                        .status());
    }
}
