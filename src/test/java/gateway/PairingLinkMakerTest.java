package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pairing link ends with the credential that made it, and no other. */
@Timeout(120)
class PairingLinkMakerTest {
    private static final String PASSWORD = "nine-wet-otters-argue-over-one-umbrella";
    private static final String NEW_PASSWORD = "six-dry-herons-agree-under-two-bridges";

    @TempDir
    static Path folder;

    private static Program program;

    @BeforeAll
    static void start() throws Exception {
        program = Program.rest(folder, Map.of());
        program.url();
    }

    @AfterAll
    static void stop() throws Exception {
        program.close();
    }

    private record Token(String id, String header) {}

    private static Token token(String members) throws Exception {
        var reply = program.post("/tokens", "{\"scopes\":\"read,manage\"" + members + "}");
        assertEquals(200, reply.statusCode(), reply.body());
        var results = Program.json(reply).path("results");
        return new Token(
                results.path("id").asText(), "Bearer " + results.path("token").asText());
    }

    private static String user(String name) throws Exception {
        var body = "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\",\"scopes\":\"read,manage\"}";
        assertEquals(200, program.post("/users", body).statusCode());
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    }

    /** The link of an account of its own. */
    private static String link(String header) throws Exception {
        var device = Program.json(program.post("/devices", "{}"))
                .path("results")
                .path("id")
                .asText();
        var reply = program.send(program.request("/devices/" + device + "/login/link")
                .setHeader("Authorization", header)
                .POST(BodyPublishers.noBody()));
        assertEquals(200, reply.statusCode(), reply.body());
        var address = Program.json(reply).path("results").path("pair_link").asText();
        return address.substring(address.indexOf('#') + 1);
    }

    private static int state(String link) throws Exception {
        return program.post("/pair/state", "{\"link\":\"" + link + "\",\"page\":\"" + "a".repeat(43) + "\"}")
                .statusCode();
    }

    private static int code(String link) throws Exception {
        return program.post("/pair/code", "{\"link\":\"" + link + "\",\"page\":\"" + "a".repeat(43) + "\"}")
                .statusCode();
    }

    private static void delete(String path) throws Exception {
        assertEquals(200, program.send(program.request(path).DELETE()).statusCode());
    }

    @Test
    void aLinkEndsWithTheTokenThatMadeIt() throws Exception {
        var token = token("");
        var unused = link(token.header());
        var used = link(token.header());
        var other = link(token("").header());
        assertEquals(200, state(unused));
        assertEquals(200, code(used));
        delete("/tokens/" + token.id());
        assertEquals(403, state(unused));
        assertEquals(403, code(unused));
        assertEquals(403, state(used));
        assertEquals(200, state(other));
    }

    @Test
    void aLinkEndsWithTheEndOfTheTokenThatMadeIt() throws Exception {
        var link = link(
                token(",\"not_after\":\"" + Instant.now().plusSeconds(3) + "\"").header());
        assertEquals(200, state(link));
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertEquals(403, state(link)));
    }

    @Test
    void aLinkEndsWithTheUserThatMadeItAlsoWhenTheNameIsTakenAnew() throws Exception {
        var link = link(user("bob"));
        assertEquals(200, state(link));
        delete("/users/bob");
        assertEquals(403, state(link));
        user("bob");
        assertEquals(403, state(link));
    }

    @Test
    void aLinkEndsWithThePasswordThatMadeItUnlessTheOldOneStays() throws Exception {
        var link = link(user("eve"));
        assertEquals(
                200,
                program.post("/users/eve/password", "{\"password\":\"" + NEW_PASSWORD + "\",\"overlap_seconds\":60}")
                        .statusCode());
        assertEquals(200, state(link));
        assertEquals(
                200,
                program.post("/users/eve/password", "{\"password\":\"" + PASSWORD + "\"}")
                        .statusCode());
        assertEquals(403, state(link));
    }

    @Test
    void theLinkOfAUserOfTheSettingsStays() throws Exception {
        var link = link("Basic "
                + Base64.getEncoder().encodeToString(("admin:" + Program.PASSWORD).getBytes(StandardCharsets.UTF_8)));
        assertEquals(200, code(link));
        assertEquals(200, state(link));
    }
}
