package gateway;

import static gateway.ConsoleViews.ALICE;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What a person does at the console, in a real browser on the real program; each step goes on from the one before. */
@TestMethodOrder(OrderAnnotation.class)
class ConsoleJourneyTest {
    private static final List<String> VIEWS = ConsoleViews.and("#/compose/poll");

    @TempDir
    static Path folder;

    private static final List<String> RECEIVED = new CopyOnWriteArrayList<>();
    private static HttpServer receiver;
    private static Program program;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            RECEIVED.add(exchange.getRequestHeaders().getFirst("webhook-id"));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
        program = Program.rest(
                folder,
                Map.of(
                        "WHATSAPP_WEBHOOK",
                        "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook",
                        "WHATSAPP_WEBHOOK_SECRET",
                        "0123456789abcdef0123456789abcdef",
                        "WHATSAPP_WEBHOOK_ALLOW_HTTP",
                        "true",
                        "WHATSAPP_WEBHOOK_ALLOW_CIDRS",
                        "127.0.0.0/8"));
        browser = new Browser(folder.resolve("profile"));
        browser.screen(1280, 860, false);
        browser.open(program.consoleUrl() + "/");
    }

    @AfterAll
    static void stop() throws Exception {
        browser.close();
        program.close();
        receiver.stop(0);
    }

    private static void go(String place) throws Exception {
        browser.run("location.hash = '" + place + "'");
    }

    @Test
    @Order(0)
    void withoutAPhoneItSaysSoAndTheBrowserKeepsItsCredentials() throws Exception {
        browser.read("main", "No account is paired yet");
        go("#/compose");
        browser.type("[name=phone]", ALICE);
        browser.type("[name=message]", "too early");
        browser.clickOn("Send");
        browser.read(".problem", "The phone is not paired");
        var complaints = browser.complaints();
        assertTrue(complaints.size() == 1 && complaints.getFirst().contains("409"), complaints::toString);
        go("#/webhooks");
        browser.read("#endpoints", "/hook");
    }

    @Test
    @Order(1)
    void aPhoneIsPairedByQrCode() throws Exception {
        browser.read("#line", "not paired");
        go("#/devices");
        browser.clickOn("Pair…");
        browser.element(".qr img");
        await().until(() -> browser.run("return document.querySelector('.qr img').naturalWidth")
                        .asInt()
                > 100);
        browser.click("#scan");
        browser.read("#line", "connected");
        browser.read("[data-device=default]", "Connected");
    }

    @Test
    @Order(2)
    void aComposedMessageIsSent() throws Exception {
        go("#/compose");
        browser.clickOn("Send");
        browser.read(".problem", "To:");
        browser.type("[name=phone]", ALICE);
        browser.type("[name=message]", "composed words");
        browser.clickOn("Send");
        browser.read(".result", "Message sent to " + ALICE + "@s.whatsapp.net");
        browser.clickOn("Open the chat");
        browser.read(".bubble.mine", "composed words");
    }

    @Test
    @Order(3)
    void theThreadIsLive() throws Exception {
        browser.type(".write textarea", "words from the thread\uE007");
        browser.read(".bubble.mine:last-child", "words from the thread");
        // The receipt comes by the feed alone.
        await().until(() ->
                browser.elements(".bubble.mine:last-child .tick.read").size() == 1);
        program.post(
                "/sandbox/inbound",
                "{\"from\":\"" + ALICE + "\",\"name\":\"Alice\",\"message\":\"<img src=x onerror=alert(1)> hello\"}");
        browser.read(".bubble.theirs", "<img src=x onerror=alert(1)> hello");
        browser.read(".chat-list", "Alice");
        program.post("/sandbox/inbound", "{\"from\":\"12025550199\",\"name\":\"Bob\",\"message\":\"me too\"}");
        browser.read(".chat-list li:first-child .count", "1");
    }

    @Test
    @Order(4)
    void whatIsWrittenWithoutALineIsSeenToWaitAndThenToGo() throws Exception {
        program.post("/sandbox/drop", "{}");
        browser.type(".write textarea", "words that wait\uE007");
        browser.read(".bubble.mine:last-child", "words that wait");
        await().until(() ->
                browser.elements(".bubble.mine:last-child .tick.waiting").size() == 1);
        program.get("/app/reconnect");
        await().until(() ->
                browser.elements(".bubble.mine:last-child .tick.read").size() == 1);
    }

    @Test
    @Order(5)
    void aDeliveryIsSeenAndReplayed() throws Exception {
        go("#/webhooks");
        browser.read("#endpoints", "/hook");
        browser.read("#deliveries tbody tr", "Delivered");
        var event = browser.text("#deliveries tbody tr small");
        await().until(() -> RECEIVED.contains(event));
        browser.click("#deliveries tbody tr:first-child td:last-child button");
        await().until(() -> Collections.frequency(RECEIVED, event) == 2);
        browser.read("#deliveries tbody tr", "Delivered");
        browser.click("#deliveries tbody tr .link");
        browser.read("dialog", "200");
        browser.click("dialog [aria-label=Close]");
    }

    @Test
    @Order(6)
    void somebodyWritesFromTheSandbox() throws Exception {
        go("#/sandbox");
        browser.clickOn("Receive");
        browser.read("#toasts", "Received as");
        browser.clickOn("Cut the connection");
        browser.read("#line", "reconnecting");
        browser.clickOn("Reconnect");
        browser.read("#line", "connected");
    }

    @Test
    @Order(7)
    void everyControlHasAName() throws Exception {
        for (var view : VIEWS) {
            go(view);
            browser.element("main > *");
            for (var control : browser.elements("button, a[href], input, select, textarea, progress")) {
                if (browser.displayed(control)) {
                    assertFalse(browser.label(control).isBlank(), view);
                }
            }
        }
    }

    @Test
    @Order(8)
    void theKeyboardReachesTheContentFirst() throws Exception {
        browser.open(program.url() + "/#/health");
        browser.run("location.reload()");
        browser.element(".checks dd");
        browser.type("body", "\uE004");
        assertEquals(
                "Skip to content",
                browser.run("return document.activeElement.textContent").asText());
    }

    @Test
    @Order(9)
    void onAPhoneNothingSticksOut() throws Exception {
        browser.screen(360, 740, true);
        for (var view : VIEWS) {
            go(view);
            browser.element("main > *");
            assertEquals(
                    0,
                    browser.run(
                                    "const m = document.querySelector('main');"
                                            + "return Math.max(m.scrollWidth - m.clientWidth, document.documentElement.scrollWidth - innerWidth)")
                            .asInt(),
                    view);
        }
        assertEquals(
                "rgb(14, 20, 18)",
                browser.run("return getComputedStyle(document.body).backgroundColor")
                        .asText());
    }

    @Test
    @Order(10)
    void theBrowserHadNothingToComplainAbout() throws Exception {
        assertEquals(List.of(), browser.complaints());
        assertEquals(
                "0",
                browser.run("return String(Object.keys(localStorage).length + document.cookie.length)")
                        .asText());
    }
}
