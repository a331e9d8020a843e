package gateway.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command against a gateway that answers as the test says. What the real one does: {@code PairLineTest}. */
@Timeout(60)
class PairCommandTest {
    private static final String ONE = "{\"id\":\"default\",\"engine\":\"web\",\"state\":\"disconnected\",\"jid\":\"\"}";
    private static final String LINKED =
            "{\"id\":\"default\",\"engine\":\"web\",\"state\":\"logged_in\",\"jid\":\"6281@s.whatsapp.net\"}";

    private static final String PRETENDED = ONE.replace("web", "sandbox");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, Integer> status = new ConcurrentHashMap<>();
    private final AtomicInteger codes = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean kept = new AtomicBoolean();
    private volatile String devices = ONE;
    /** What was sent to change an account's engine. */
    private volatile String change = "";
    /** What another program on that port answers. */
    private volatile String foreign;
    /** Where clients reach the gateway. */
    private volatile String place = "https://wa.example.org";
    /** After so many codes a phone takes one. */
    private volatile int enough = Integer.MAX_VALUE;

    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.createContext("/", exchange -> {
            var path = exchange.getRequestURI().getPath();
            if (path.endsWith("/engine")) {
                change = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                devices = ONE;
            }
            int answer = status.getOrDefault(path, 200);
            var body = foreign != null
                    ? foreign
                    : answer == 200
                            ? "{\"code\":\"SUCCESS\",\"message\":\"m\",\"results\":" + results(path) + "}"
                            : "{\"code\":\"UNAUTHORIZED\",\"message\":\"words of\\u001b[2Jthe gateway\"}";
            if (answer == 429) {
                status.remove(path);
            }
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    private String results(String path) {
        if (path.endsWith("/login")) {
            return "{\"qr_text\":\"code " + codes.incrementAndGet() + "\",\"qr_duration\":1}";
        }
        if (path.endsWith("/login/link")) {
            return "{\"pair_link\":\"" + place + "/pair#secret\",\"link_duration\":600}";
        }
        if (path.endsWith("/login/code")) {
            return "{\"pair_code\":\"ABCD-1234\"}";
        }
        return "{\"devices\":[" + (codes.get() >= enough ? LINKED : devices) + "]}";
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private int run(boolean terminal, Duration patience, String... args) {
        var words = new java.util.ArrayList<>(List.of("pair"));
        words.addAll(List.of(args));
        return new Commands(
                        "1",
                        Map.of(),
                        java.nio.file.Path.of(""),
                        (configuration, reader) -> 0,
                        (configuration, reader) -> 0)
                .with(
                        "pair",
                        () -> new PairCommand(
                                device -> new PairCommand.Open(
                                        new ApiClient(
                                                "http://127.0.0.1:"
                                                        + server.getAddress().getPort(),
                                                "token"),
                                        () -> kept.set(true),
                                        () -> closed.set(true)),
                                new Screen(new PrintWriter(out), terminal),
                                patience))
                .printing(new PrintWriter(out), new PrintWriter(err))
                .run(words.toArray(String[]::new));
    }

    @Test
    void aCodeThatChangesIsDrawnInThePlaceOfTheOneBefore() {
        enough = 3;
        assertEquals(0, run(true, Duration.ofSeconds(30)));
        assertTrue(out.toString().contains("the number"), out.toString());
        var drawings = out.toString().split("\u001B\\[J");
        assertEquals(3, drawings.length);
        int lines = 0;
        for (int i = 0; i < drawings.length; i++) {
            var code = drawings[i]
                    .lines()
                    .filter(line -> line.startsWith("\u001B[38;5;16;48;5;231m"))
                    .map(line -> line.replaceAll("\u001B\\[[0-9;]*m", ""))
                    .toList();
            assertEquals("code " + (i + 1), DrawnQr.read(code, true));
            lines = code.size() + 1;
        }
        assertTrue(drawings[0].endsWith("\u001B[" + lines + "A"), "the cursor goes up over the drawing");
        assertTrue(out.toString().endsWith("Account default is linked: 6281@s.whatsapp.net.\n"), out.toString());
        assertTrue(closed.get());
        assertFalse(kept.get());
    }

    @Test
    void intoAFileNothingButCharactersIsWritten() {
        enough = 1;
        assertEquals(0, run(false, Duration.ofSeconds(30)));
        assertEquals("code 1", DrawnQr.last(out.toString()));
        assertFalse(out.toString().contains("\u001B"));
    }

    @Test
    void theCodeOfAPhoneIsShownAndNoQr() {
        assertEquals(75, run(false, Duration.ZERO, "--phone", "+62 811"));
        assertTrue(out.toString().contains("The code: ABCD-1234"), out.toString());
        assertEquals(0, codes.get());
        assertTrue(err.toString().contains("No phone has taken the code within 0 seconds"), err.toString());
    }

    @Test
    void aLinkIsPrintedAndNothingIsWaitedFor() {
        assertEquals(0, run(false, Duration.ofSeconds(30), "--link"));
        assertTrue(
                out.toString().endsWith("one use within 10 minutes.\nhttps://wa.example.org/pair#secret\n"),
                out.toString());
        assertEquals(0, codes.get());
        assertTrue(kept.get(), "the link ends with the token");
        assertTrue(closed.get());
        place = "http://127.0.0.1:3000";
        assertEquals(0, run(false, Duration.ofSeconds(30), "--link", "--phone", "+62 811"));
        assertTrue(out.toString().contains("set APP_PUBLIC_URL"), out.toString());
    }

    @Test
    void anAccountThatIsLinkedStaysAsItIs() {
        devices = LINKED;
        assertEquals(0, run(false, Duration.ZERO));
        assertEquals("Account default is linked: 6281@s.whatsapp.net.\n", out.toString());
    }

    @Test
    void aSandboxSaysSoAndHowToGoReal() {
        devices = PRETENDED;
        assertEquals(2, run(false, Duration.ZERO));
        assertTrue(
                err.toString().contains("sandbox") && err.toString().contains("WHATSAPP_ENGINE=web"), err.toString());
        assertEquals(0, codes.get());
        assertEquals("", change);
    }

    @Test
    void anAccountIsGivenTheEngineThatWasAskedForAndLinked() {
        devices = PRETENDED;
        enough = 1;
        assertEquals(0, run(false, Duration.ofSeconds(30), "--engine", "web"));
        assertEquals("{\"engine\":\"web\",\"force\":true}", change);
        assertTrue(out.toString().contains("Account default has the engine web now; chats stay."), out.toString());
    }

    @Test
    void theKeysOfARealPhoneAreNotGivenUpUnasked() {
        assertEquals(75, run(false, Duration.ZERO, "--engine", "other"));
        assertEquals("{\"engine\":\"other\",\"force\":false}", change);
    }

    @Test
    void theAccountMustBeKnown() {
        assertEquals(2, run(false, Duration.ZERO, "--device", "other"));
        assertTrue(err.toString().contains("--device: the gateway has no account of that id"), err.toString());
        devices = ONE + "," + ONE.replace("default", "second");
        assertEquals(2, run(false, Duration.ZERO));
        assertTrue(err.toString().contains("say which by --device: default, second"), err.toString());
        assertEquals(75, run(false, Duration.ZERO, "--device", "second"));
        devices = "";
        assertEquals(2, run(false, Duration.ZERO));
    }

    @ParameterizedTest
    @CsvSource({
        "/console/state, 401, 2, another database",
        "/console/state, 404, 2, The gateway refuses: words of [2Jthe gateway",
        "/devices/default/login, 503, 75, The gateway refuses: words of [2Jthe gateway"
    })
    void aRefusalIsOneSentenceWithoutControlCharacters(String path, int answer, int exit, String sentence) {
        status.put(path, answer);
        assertEquals(exit, run(false, Duration.ofSeconds(5)));
        assertTrue(err.toString().startsWith("error: ") && err.toString().contains(sentence), err.toString());
        assertFalse(err.toString().contains("\u001B"));
        assertTrue(closed.get());
    }

    @Test
    void aRefusalForTheRateIsWaitedOut() {
        status.put("/console/state", 429);
        devices = LINKED;
        assertEquals(0, run(false, Duration.ZERO));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>", "", "{}", "[]", "{\"message\":1}"})
    void anotherProgramIsNoGateway(String answer) {
        foreign = answer;
        assertEquals(2, run(false, Duration.ZERO));
        assertTrue(err.toString().contains("is not this gateway (status 200)"), err.toString());
    }

    @Test
    void withoutAGatewayItSaysWhereItLooked() {
        server.stop(0);
        assertEquals(75, run(false, Duration.ZERO));
        assertTrue(err.toString().contains("No gateway answers on http://127.0.0.1:"), err.toString());
    }
}
