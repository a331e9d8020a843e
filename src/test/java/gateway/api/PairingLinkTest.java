package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.database.PostgresForTests;
import gateway.messaging.HoldBook;

/** A link for the person who holds the phone: one use, ten minutes, one account, and nothing of it is kept. */
class PairingLinkTest {
    private static final String PAGE = "a".repeat(43);
    private static final String OTHER = "b".repeat(43);

    @TempDir
    Path directory;

    private ApiRig rig;

    @BeforeEach
    void open() {
        rig = new ApiRig(directory);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private static String made(ApiRig node, String query) {
        var reply = node.post("/devices/default/login/link" + query, ApiRig.object());
        assertEquals(200, reply.status(), reply.message());
        assertEquals(600, reply.results().path("link_duration").asInt());
        var link = reply.results().path("pair_link").asText();
        assertTrue(link.matches("http://[^/#]+/pair#[A-Za-z0-9_-]{43}"), link);
        return link.substring(link.indexOf('#') + 1);
    }

    private static ApiCalls.Reply code(ApiRig node, String link, String page) {
        return node.post("/pair/code", body(link, page));
    }

    private static ObjectNode body(String link, String page) {
        return ApiRig.object().put("link", link).put("page", page);
    }

    private static void refused(ApiCalls.Reply reply) {
        assertEquals(403, reply.status(), reply.json().toString());
        assertEquals(
                "{\"code\":\"PAIRING_LINK_INVALID\",\"message\":\"This link is not valid: it was used, or it is older"
                        + " than ten minutes, or a part of it is missing. Ask for a new link.\"}",
                reply.json().toString());
    }

    @Test
    void thePageThatOpensALinkFirstHasItUntilAPhoneIsLinked() {
        var link = made(rig, "");
        var first = code(rig, link, PAGE);
        assertEquals("scan", first.results().path("state").asText());
        assertTrue(first.results().path("image").asText().startsWith("data:image/png;base64,"));
        assertEquals("no-store", first.headers().firstValue("Cache-Control").orElse(""));
        refused(code(rig, link, OTHER));
        refused(rig.post("/pair/state", body(link, OTHER)));
        // An answer that was lost on its way is asked for again.
        assertEquals(200, code(rig, link, PAGE).status());
        assertEquals(
                "waiting",
                rig.post("/pair/state", body(link, PAGE))
                        .results()
                        .path("state")
                        .asText());
        assertEquals(200, rig.post("/sandbox/pair", ApiRig.object()).status());
        assertEquals(
                "linked",
                rig.post("/pair/state", body(link, PAGE))
                        .results()
                        .path("state")
                        .asText());
        // Unlinked later: what was used once shows no further code.
        assertEquals(200, rig.post("/devices/default/logout", ApiRig.object()).status());
        assertEquals("linked", code(rig, link, PAGE).results().path("state").asText());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLinkThatNobodyOpenedEndsWhenTheAccountIsPairedByOtherMeans(boolean postgres, @TempDir Path place) {
        try (var node = postgres ? new ApiRig(place, PostgresForTests.running().fresh()) : new ApiRig(place)) {
            var link = made(node, "");
            assertEquals(200, node.get("/app/login").status());
            assertEquals(200, node.post("/sandbox/pair", ApiRig.object()).status());
            refused(code(node, link, PAGE));
            assertEquals(
                    200, node.post("/devices/default/logout", ApiRig.object()).status());
            refused(code(node, link, PAGE));
            // A new link is as good as the first.
            assertEquals(200, code(node, made(node, ""), PAGE).status());
        }
    }

    @Test
    void aLinkShowsTheCodeOfItsOwnAccountWhateverTheRequestNames() {
        rig.post("/devices", ApiRig.object().put("device_id", "second"));
        var link = made(rig, "");
        var reply = rig.post("/pair/code?device_id=second", body(link, PAGE).put("device_id", "second"));
        assertEquals("scan", reply.results().path("state").asText());
        assertEquals(
                400, rig.post("/sandbox/pair?device_id=second", ApiRig.object()).status());
        assertEquals(
                200,
                rig.post("/sandbox/pair?device_id=default", ApiRig.object()).status());
        assertEquals("linked", code(rig, link, PAGE).results().path("state").asText());
    }

    @Test
    void aLinkWithANumberShowsTheCodeToType() {
        var link = made(rig, "?phone=%2B" + ApiRig.BOB);
        var shown = code(rig, link, PAGE).results();
        assertEquals("type", shown.path("state").asText());
        assertTrue(shown.path("code").asText().matches("[A-Z0-9]{4}-[A-Z0-9]{4}"), shown.toString());
        assertFalse(shown.has("image"));
        assertEquals(
                400,
                rig.post("/devices/default/login/link?phone=12", ApiRig.object())
                        .status());
    }

    @Test
    void aLinkEndsAfterTenMinutesUsedOrNot() {
        var link = made(rig, "");
        rig.clock.pass(Duration.ofMinutes(10).minusMillis(1));
        assertEquals(200, code(rig, link, PAGE).status());
        rig.clock.pass(Duration.ofMillis(1));
        refused(code(rig, link, PAGE));
        var unused = made(rig, "");
        rig.clock.pass(Duration.ofMinutes(10));
        refused(code(rig, unused, PAGE));
    }

    @Test
    void aNewLinkEndsTheOneBefore() {
        var before = made(rig, "");
        var after = made(rig, "");
        refused(code(rig, before, PAGE));
        assertEquals(200, code(rig, after, PAGE).status());
    }

    @Test
    void theLinkOfARemovedAccountIsRefusedAsEveryOther() {
        rig.post("/devices", ApiRig.object().put("device_id", "second"));
        var link = made(rig, "");
        assertEquals(200, rig.delete("/devices/default").status());
        refused(code(rig, link, PAGE));
        assertEquals(0, rig.store.number("SELECT count(*) FROM device_pairing_link"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "' OR 1=1 --"})
    void aForeignLinkIsRefusedAndCountedForTheRateOfStrangers(String link) {
        made(rig, "");
        long before = rig.strangers.get();
        refused(code(rig, link, PAGE));
        assertEquals(before + 1, rig.strangers.get());
        assertEquals(0, rig.store.number("SELECT count(*) FROM device_pairing_link WHERE page <> ''"));
    }

    @Test
    void theLinkOfAHeldAccountStaysUnusedUntilTheAccountIsReleased() {
        var link = made(rig, "");
        var book = new HoldBook(rig.store, InstantSource.system(), (act, by, device, reason, done) -> {});
        assertTrue(book.hold("default", "a drill", "cli:ada"));
        Awaitility.await()
                .until(() -> rig.get("/devices/default/status")
                        .results()
                        .path("held")
                        .booleanValue());
        var held = code(rig, link, PAGE);
        assertEquals(409, held.status(), held.json().toString());
        assertTrue(book.release("default", "cli:ada"));
        Awaitility.await()
                .untilAsserted(() -> assertEquals(200, code(rig, link, OTHER).status()));
    }

    @Test
    void aPageWithoutAKeyOfItsOwnGetsNothing() {
        var link = made(rig, "");
        assertEquals(400, code(rig, link, "").status());
        assertEquals(
                400, rig.post("/pair/code", ApiRig.object().put("link", link)).status());
        assertEquals(413, code(rig, link.repeat(9), PAGE).status());
        assertEquals(200, code(rig, link, PAGE).status());
    }

    @Test
    void ofAHundredPagesAtOnceOneHasTheLink() throws Exception {
        var link = made(rig, "");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> pages = new ArrayList<>();
            for (int i = 100; i < 200; i++) {
                var page = PAGE.substring(3) + i;
                pages.add(() -> code(rig, link, page).status());
            }
            int shown = 0;
            for (var answer : threads.invokeAll(pages)) {
                shown += answer.get() == 200 ? 1 : 0;
            }
            assertEquals(1, shown);
        }
    }

    @Test
    void theSecretIsInNoFileOfTheGateway() throws Exception {
        var link = made(rig, "");
        code(rig, link, PAGE);
        try (var files = Files.walk(directory)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertFalse(text.contains(link) || text.contains(PAGE), file.toString());
            }
        }
    }

    @Test
    void anAccountThatIsLinkedGetsNoLink() {
        rig.paired();
        var reply = rig.post("/devices/default/login/link", ApiRig.object());
        assertEquals(400, reply.status());
        assertEquals("ALREADY_LOGGED_IN", reply.json().path("code").asText());
    }

    @Test
    void thePageSaysNothingOfTheAccountAndIsKeptByNobody() {
        for (var file : List.of("/pair", "/pair/page.js", "/pair/page.css")) {
            var reply = rig.get(file);
            assertEquals(200, reply.status(), file);
            var headers = reply.headers();
            assertEquals("no-store", headers.firstValue("Cache-Control").orElse(""));
            assertEquals("no-referrer", headers.firstValue("Referrer-Policy").orElse(""));
            var policy = headers.firstValue("Content-Security-Policy").orElse("");
            assertTrue(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), policy);
            assertFalse(policy.contains("unsafe"), policy);
        }
    }

    @Test
    void theNodeWithoutTheConnectionLeavesTheLinkUnused(@TempDir Path one, @TempDir Path two) {
        var database = PostgresForTests.running().fresh();
        try (var owner = new ApiRig(one, database);
                var other = new ApiRig(two, database)) {
            var link = made(other, "");
            var elsewhere = code(other, link, PAGE);
            assertEquals(503, elsewhere.status());
            assertTrue(elsewhere.headers().firstValue("Retry-After").isPresent());
            assertEquals("scan", code(owner, link, PAGE).results().path("state").asText());
            refused(code(other, link, OTHER));
            assertEquals(200, owner.post("/sandbox/pair", ApiRig.object()).status());
            Awaitility.await()
                    .untilAsserted(() -> assertEquals(
                            "linked",
                            other.post("/pair/state", body(link, PAGE))
                                    .results()
                                    .path("state")
                                    .asText()));
        }
    }
}
