package gateway;

import static gateway.ConsoleViews.ALICE;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import gateway.http.Envelope;

/** The console's pages with a chat of every kind of message, judged by axe-core; each step goes on from the one before. */
@TestMethodOrder(OrderAnnotation.class)
class ConsolePagesTest {
    private static final List<String> VIEWS =
            ConsoleViews.and("#/contacts", "#/groups", "#/profile", "#/access", "#/posture");

    @TempDir
    static Path folder;

    private static Program program;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        program = Program.rest(folder, Map.of());
        browser = new Browser(folder.resolve("profile"));
        browser.screen(1280, 860, false);
        program.get("/app/login");
        program.post("/sandbox/pair", "{}");
        for (var body : List.of(
                "\"message\":\"a first word\"",
                "\"type\":\"location\",\"latitude\":-6.2,\"longitude\":106.8,\"place\":\"A square\"",
                "\"type\":\"contact\",\"contact_name\":\"Bob\",\"contact_phone\":\"12025550199\"",
                "\"type\":\"poll\",\"question\":\"Tea or coffee?\",\"options\":[\"Tea\",\"Coffee\"]")) {
            assertEquals(
                    200,
                    program.post("/sandbox/inbound", "{\"from\":\"" + ALICE + "\",\"name\":\"Alice\"," + body + "}")
                            .statusCode());
        }
        browser.open(program.consoleUrl() + "/");
    }

    @AfterAll
    static void stop() throws Exception {
        browser.close();
        program.close();
    }

    private static void go(String place) throws Exception {
        browser.run("location.hash = '" + place + "'");
        browser.element("main > *");
    }

    @Test
    @Order(0)
    void aChatIsListedWithItsNewestMessageAndWhatIsUnread() throws Exception {
        browser.read(".chat-list .who", "Alice");
        browser.read(".chat-list .preview", "Poll: Tea or coffee?");
        browser.read(".chat-list .count", "4");
    }

    @Test
    @Order(1)
    void aPlaceACardAndAPollAreReadInTheThread() throws Exception {
        browser.click(".chat-list a");
        browser.read(".log", "A square");
        browser.read(".log", "-6.2, 106.8");
        browser.read(".log", "12025550199");
        browser.read(".log", "Coffee");
        browser.clickOn("Mark as read");
        browser.read("#toasts", "Marked as read");
        browser.type(".write textarea", "an answer\uE007");
        browser.read(".chat-list .preview", "an answer");
        await().until(() -> browser.elements(".chat-list .preview .tick.read").size() == 1);
    }

    @Test
    @Order(2)
    void aStarIsSetAndTakenOffByTheSameEntry() throws Exception {
        var menu = ".bubble:last-child [aria-label='Message actions']";
        browser.click(menu);
        browser.clickOn("Star");
        browser.element(".bubble:last-child .star");
        browser.click(menu);
        browser.clickOn("Remove the star");
        await().until(() ->
                browser.run("return document.querySelectorAll('.star').length").asInt() == 0);
    }

    @Test
    @Order(3)
    void aChatOfPicturesOpensAtTheNewestMessage() throws Exception {
        var png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(300, 900, BufferedImage.TYPE_INT_RGB), "png", png);
        var fields = Stream.of(
                        "from\"\r\n\r\n12025550177",
                        "type\"\r\n\r\nimage",
                        "file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n")
                .map(field -> "--b\r\nContent-Disposition: form-data; name=\"" + field)
                .collect(Collectors.joining("\r\n"));
        var body = fields + png.toString(StandardCharsets.ISO_8859_1) + "\r\n--b--\r\n";
        for (int i = 0; i < 5; i++) {
            var reply = program.send(program.request("/sandbox/inbound")
                    .header("Content-Type", "multipart/form-data; boundary=b")
                    .POST(BodyPublishers.ofString(body, StandardCharsets.ISO_8859_1)));
            assertEquals(200, reply.statusCode(), reply.body());
        }
        go("#/chats/12025550177@s.whatsapp.net");
        await().until(() -> browser.run(
                        "const all = [...document.querySelectorAll('.log img')]; return all.length === 5 && all.at(-1).naturalHeight > 0")
                .asBoolean());
        await().until(() -> browser.run(
                                "const log = document.querySelector('.log'); return log.scrollHeight - log.scrollTop - log.clientHeight")
                        .asInt()
                < 5);
        assertTrue(
                browser.run("return document.querySelector('.log').scrollTop").asInt() > 300);
    }

    @Test
    @Order(4)
    void aGroupIsMadeAndManaged() throws Exception {
        go("#/groups");
        browser.clickOn("New group…");
        browser.type("dialog [name=title]", "The team");
        browser.type("dialog [name=participants]", ALICE);
        browser.clickOn("Make the group");
        browser.read("h1", "The team");
        browser.clickOn("Show the link");
        browser.read("output", "https://chat.whatsapp.com/");
        browser.click("[name=announce]");
        browser.clickOn("Save");
        browser.read("#toasts", "Saved");
        assertEquals(List.of(), browser.barriers());
        browser.clickOn("All groups");
        browser.read("#group-list", "The team");
    }

    @Test
    @Order(5)
    void contactsAreListedAndANumberIsLookedUp() throws Exception {
        go("#/contacts");
        browser.element("#contact-list li");
        browser.type("[name=phone]", ALICE);
        browser.clickOn("Look up");
        browser.read(".tag.good", "On WhatsApp");
    }

    @Test
    @Order(6)
    void theProfileIsChanged() throws Exception {
        go("#/profile");
        browser.read(".checks", "May add this account to groups");
        browser.run("document.querySelector('[name=push_name]').value = ''");
        browser.type("[name=push_name]", "The desk");
        browser.clickOn("Save the name");
        browser.read("#toasts", "The name is changed");
    }

    @Test
    @Order(7)
    void aTokenIsMadeShownOnceAndRevoked() throws Exception {
        go("#/access");
        browser.clickOn("Make a token…");
        browser.type("dialog [name=note]", "a script");
        browser.clickOn("Make");
        var token = browser.text("#made-token");
        assertTrue(token.length() > 20, "the token is shown");
        assertEquals(List.of(), browser.barriers());
        browser.click("dialog [aria-label=Close]");
        browser.read("#tokens", "a script");
        browser.click("#tokens .danger");
        browser.clickOn("Revoke");
        browser.read("#tokens", "No tokens");
        var users = Envelope.JSON.readTree(program.get("/tokens").body()).path("results");
        assertEquals(0, users.size());
    }

    @Test
    @Order(8)
    void theSandboxShowsWhatWasSent() throws Exception {
        go("#/sandbox");
        browser.read(".deeds", "send " + ALICE);
    }

    /** Every page, in both colours and as on a phone. */
    @Test
    @Order(9)
    void axeFindsNothingSeriousOnAnyPage() throws Exception {
        for (var look : Look.values()) {
            look.of(browser);
            for (var view : VIEWS) {
                go(view);
                // What is asked of the gateway has come by then.
                await().during(Duration.ofMillis(400)).until(() -> true);
                look.judge(browser, "console" + view.replaceAll("[^a-z]+", "-") + view.length());
            }
        }
    }

    @Test
    @Order(10)
    void theChosenColoursStay() throws Exception {
        browser.screen(1280, 860, false);
        browser.run(
                "const s = document.querySelector('#theme select'); s.value = 'dark'; s.dispatchEvent(new Event('change'))");
        browser.run("location.reload()");
        browser.element("main > *");
        assertEquals(
                "rgb(14, 20, 18)",
                browser.run("return getComputedStyle(document.body).backgroundColor")
                        .asText());
    }

    /** From the page's beginning to a sent message without a mouse. */
    @Test
    @Order(11)
    void aMessageIsSentByTheKeyboardAlone() throws Exception {
        go("#/chats");
        browser.read(".chat-list", "Alice");
        browser.run("document.querySelector('main').focus()");
        for (int i = 0; i < 12; i++) {
            browser.press("\uE004");
            if (browser.run("return document.activeElement.textContent.includes('Alice')")
                    .asBoolean()) {
                break;
            }
        }
        browser.press("\uE007");
        await().until(() ->
                browser.run("return document.activeElement.name").asText().equals("message"));
        browser.press("typed\uE007");
        browser.read(".bubble.mine:last-child", "typed");
        // An account without a picture is answered 404, which a browser always reports.
        assertEquals(
                List.of(),
                browser.complaints().stream()
                        .filter(complaint -> !complaint.contains("/user/avatar?"))
                        .toList());
    }

    /** Pages beside the console: the one for the person with the phone, and the description of the interface. */
    @Test
    @Order(12)
    void axeFindsNothingSeriousOnThePagesBesideTheConsole() throws Exception {
        program.post("/devices", "{\"device_id\":\"second\"}");
        for (var way : List.of("", "?phone=12025550188")) {
            var link = Envelope.JSON
                    .readTree(program.post("/devices/second/login/link" + way, "{}")
                            .body())
                    .at("/results/pair_link")
                    .asText();
            browser.open("about:blank");
            browser.open(link);
            browser.element(way.isEmpty() ? "#shown img" : "#shown output");
            Look.all(browser, "pair" + way.length());
        }
        browser.open("about:blank");
        browser.open(program.url() + "/pair#" + "A".repeat(43));
        browser.read("#words", "This link is not valid");
        Look.all(browser, "pair-refused");
        browser.open(program.url() + "/docs");
        // The whole page has too many operations to be judged in seconds; they are all drawn alike.
        browser.type("#search input", "/send/poll");
        browser.read("#search [role=status]", " operations");
        browser.run("document.querySelector('main details:not([hidden])').open = true");
        Look.all(browser, "docs");
    }
}
