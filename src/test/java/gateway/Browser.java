package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.http.Envelope;

/** A headless Chromium, spoken to in the W3C's WebDriver protocol through the distribution's chromedriver. */
final class Browser implements AutoCloseable {
    /** How the protocol marks a reference to an element (WebDriver §12.2). */
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    /** As root there is no sandbox to be had; the others keep Chromium from calling home. */
    private static final List<String> SWITCHES = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--lang=en",
            "--window-size=1280,860");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process driver;
    private final URI address;
    private final String session;

    Browser(Path profile) throws Exception {
        int port = freePort();
        driver = new ProcessBuilder("chromedriver", "--port=" + port)
                .redirectErrorStream(true)
                .redirectOutput(Files.createTempFile(profile.getParent(), "chromedriver", ".log")
                        .toFile())
                .start();
        address = URI.create("http://127.0.0.1:" + port);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!ready()) {
            if (System.nanoTime() > end || !driver.isAlive()) {
                throw new IllegalStateException("chromedriver does not start");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        var wanted = Envelope.JSON.createObjectNode();
        var always = wanted.putObject("capabilities").putObject("alwaysMatch");
        always.putObject("goog:loggingPrefs").put("browser", "ALL");
        var arguments = always.putObject("goog:chromeOptions").putArray("args");
        SWITCHES.forEach(arguments::add);
        arguments.add("--user-data-dir=" + profile);
        session =
                "/session/" + call("POST", "/session", wanted).get("sessionId").asText();
        call(
                "POST",
                session + "/timeouts",
                Envelope.JSON
                        .createObjectNode()
                        .put("implicit", PATIENCE.toMillis())
                        .put("script", 30_000));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private boolean ready() throws Exception {
        try {
            return call("GET", "/status", null).get("ready").asBoolean();
        } catch (IOException e) {
            return false;
        }
    }

    private JsonNode call(String method, String path, ObjectNode body) throws Exception {
        var request = HttpRequest.newBuilder(address.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()));
        var value = Envelope.JSON
                .readTree(client.send(request.build(), BodyHandlers.ofString()).body())
                .get("value");
        if (value.hasNonNull("error")) {
            throw new AssertionError(
                    value.get("error").asText() + ": " + value.path("message").asText());
        }
        return value;
    }

    void open(String url) throws Exception {
        call("POST", session + "/url", Envelope.JSON.createObjectNode().put("url", url));
    }

    /** Waits for the element. */
    String element(String selector) throws Exception {
        return found("css selector", selector);
    }

    /** Waits until the element's text holds these words. */
    void read(String selector, String words) {
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .untilAsserted(() -> assertTrue(text(selector).contains(words), () -> words + " in " + selector));
    }

    private String found(String how, String what) throws Exception {
        return call(
                        "POST",
                        session + "/element",
                        Envelope.JSON.createObjectNode().put("using", how).put("value", what))
                .get(ELEMENT)
                .asText();
    }

    List<String> elements(String selector) throws Exception {
        var list = new ArrayList<String>();
        call(
                        "POST",
                        session + "/elements",
                        Envelope.JSON
                                .createObjectNode()
                                .put("using", "css selector")
                                .put("value", selector))
                .forEach(one -> list.add(one.get(ELEMENT).asText()));
        return list;
    }

    void click(String selector) throws Exception {
        press("css selector", selector);
    }

    /** Presses the button or link that reads so. */
    void clickOn(String words) throws Exception {
        press("xpath", "//*[self::button or self::a][normalize-space()='" + words + "']");
    }

    private void press(String how, String what) throws Exception {
        for (int tries = 0; ; tries++) {
            try {
                call("POST", session + "/element/" + found(how, what) + "/click", Envelope.JSON.createObjectNode());
                return;
            } catch (AssertionError e) {
                // The page drew itself anew between finding and pressing, as it may for a person, too.
                if (tries == 3 || !e.getMessage().startsWith("stale element")) {
                    throw e;
                }
            }
        }
    }

    boolean displayed(String element) throws Exception {
        return call("GET", session + "/element/" + element + "/displayed", null).asBoolean();
    }

    void type(String selector, String text) throws Exception {
        call(
                "POST",
                session + "/element/" + element(selector) + "/value",
                Envelope.JSON.createObjectNode().put("text", text));
    }

    /** Presses keys where the focus is. */
    void press(String keys) throws Exception {
        var active = call("GET", session + "/element/active", null).get(ELEMENT).asText();
        call(
                "POST",
                session + "/element/" + active + "/value",
                Envelope.JSON.createObjectNode().put("text", keys));
    }

    /** What a person reads there. */
    String text(String selector) throws Exception {
        return call("GET", session + "/element/" + element(selector) + "/text", null)
                .asText();
    }

    /** The element's name as assistive technology says it (WebDriver §12.4.10). */
    String label(String element) throws Exception {
        return call("GET", session + "/element/" + element + "/computedlabel", null)
                .asText();
    }

    JsonNode run(String script) throws Exception {
        var body = Envelope.JSON.createObjectNode().put("script", script);
        body.putArray("args");
        return call("POST", session + "/execute/sync", body);
    }

    /** What axe-core calls serious or critical on the page as it is; each with the rule and the first place. */
    List<String> barriers() throws Exception {
        try (var axe = Browser.class.getResourceAsStream("/axe.min.js")) {
            // Over the devtools, because the page's policy lets no foreign script in.
            devtools(
                    "Runtime.evaluate",
                    Envelope.JSON
                            .createObjectNode()
                            .put("expression", new String(axe.readAllBytes(), StandardCharsets.UTF_8)));
        }
        var body = Envelope.JSON
                .createObjectNode()
                .put(
                        "script",
                        "const done = arguments[0]; axe.run(document, {resultTypes: ['violations']}).then(found => done(found.violations"
                                + ".filter(one => ['serious', 'critical'].includes(one.impact))"
                                + ".map(one => one.id + ': ' + one.nodes[0].html.slice(0, 200) + ' ' + (one.nodes[0].any[0]?.message ?? ''))),"
                                + " error => done([String(error)]))");
        body.putArray("args");
        var list = new ArrayList<String>();
        call("POST", session + "/execute/async", body).forEach(one -> list.add(one.asText()));
        return list;
    }

    /** What reaches beyond the right edge of the window; empty when the page is no wider than that. */
    List<String> wider() throws Exception {
        var list = new ArrayList<String>();
        run("if (document.documentElement.scrollWidth <= innerWidth) return [];"
                        + " return [...document.body.querySelectorAll('*')].filter(one => one.getBoundingClientRect().right > innerWidth + 1)"
                        + ".slice(0, 5).map(one => one.outerHTML.slice(0, 120))")
                .forEach(one -> list.add(one.asText()));
        return list;
    }

    /** As on a phone, or a desk, in daylight or at night. */
    void screen(int width, int height, boolean dark) throws Exception {
        var size = Envelope.JSON
                .createObjectNode()
                .put("width", width)
                .put("height", height)
                .put("deviceScaleFactor", 1)
                .put("mobile", width < 600);
        devtools("Emulation.setDeviceMetricsOverride", size);
        var media = Envelope.JSON.createObjectNode();
        media.putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", dark ? "dark" : "light");
        devtools("Emulation.setEmulatedMedia", media);
    }

    /** Gives the browser an authenticator that has this passkey and always agrees (WebAuthn §11); keys are base64url. */
    void authenticator(String relyingParty, String id, String handle, String key) throws Exception {
        var device = Envelope.JSON
                .createObjectNode()
                .put("protocol", "ctap2")
                .put("transport", "internal")
                .put("hasResidentKey", true)
                .put("hasUserVerification", true)
                .put("isUserVerified", true);
        var made = call("POST", session + "/webauthn/authenticator", device).asText();
        var passkey = Envelope.JSON
                .createObjectNode()
                .put("credentialId", id)
                .put("isResidentCredential", true)
                .put("rpId", relyingParty)
                .put("privateKey", key)
                .put("userHandle", handle)
                .put("signCount", 0);
        call("POST", session + "/webauthn/authenticator/" + made + "/credential", passkey);
    }

    private void devtools(String command, ObjectNode parameters) throws Exception {
        var body = Envelope.JSON.createObjectNode().put("cmd", command);
        body.set("params", parameters);
        call("POST", session + "/goog/cdp/execute", body);
    }

    /** What the page could not do: errors of scripts, refused files, breaches of its policy. */
    List<String> complaints() throws Exception {
        var list = new ArrayList<String>();
        call("POST", session + "/se/log", Envelope.JSON.createObjectNode().put("type", "browser"))
                .forEach(entry -> {
                    if (List.of("SEVERE", "WARNING").contains(entry.get("level").asText())) {
                        list.add(entry.get("message").asText());
                    }
                });
        return list;
    }

    void screenshot(Path file) throws Exception {
        Files.write(
                file,
                Base64.getDecoder()
                        .decode(call("GET", session + "/screenshot", null).asText()));
    }

    @Override
    public void close() throws Exception {
        try {
            call("DELETE", session, null);
        } finally {
            driver.destroy();
            driver.waitFor(10, TimeUnit.SECONDS);
            client.close();
        }
    }
}
