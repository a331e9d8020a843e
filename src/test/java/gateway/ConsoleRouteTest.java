package gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.http.Envelope;
import gateway.http.hardened.Wire;

/** The console's addresses and its live feed, on the real program. */
class ConsoleRouteTest {
    private static final String BASIC = "Basic "
            + Base64.getEncoder().encodeToString(("admin:" + Program.PASSWORD).getBytes(StandardCharsets.UTF_8));
    private static final String UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    @TempDir
    static Path folder;

    private static Program program;

    @BeforeAll
    static void start() throws Exception {
        program = Program.rest(folder, Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        program.close();
    }

    private static Wire.Reply raw(String path, String headers) throws Exception {
        try (var wire = new Wire(URI.create(program.url()).getPort())) {
            return wire.send("GET " + path + " HTTP/1.1\r\nHost: gateway.test\r\n" + headers + "\r\n")
                    .reply();
        }
    }

    private static Wire.Reply get(String path) throws Exception {
        return raw(path, "Authorization: " + BASIC + "\r\n");
    }

    private static String version() throws Exception {
        var address = Pattern.compile("console/([0-9a-f]{16})/style.css").matcher(get("/").body());
        assertTrue(address.find());
        return address.group(1);
    }

    @Test
    void withoutCredentialsTheBrowserAsksItsUserAndShowsNothing() throws Exception {
        for (var path : new String[] {"/", "/console/state", "/console/posture", "/console/" + version() + "/app.js"}) {
            var reply = raw(path, "");
            assertEquals(401, reply.status(), path);
            assertTrue(reply.header("WWW-Authenticate").orElseThrow().startsWith("Basic "), path);
        }
    }

    @Test
    void thePageRunsOnlyItsOwnScripts() throws Exception {
        var reply = get("/");
        assertEquals(200, reply.status());
        var policy = reply.header("Content-Security-Policy").orElseThrow();
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        assertTrue(policy.contains("frame-ancestors 'none'"), policy);
        assertTrue(policy.contains("require-trusted-types-for 'script'"), policy);
        assertEquals("nosniff", reply.header("X-Content-Type-Options").orElseThrow());
        assertFalse(reply.body().contains(Program.PASSWORD));
        assertFalse(get("/console/state").body().contains(Program.PASSWORD));
    }

    @Test
    void filesAreKeptForeverAndThePageNever() throws Exception {
        assertEquals("no-store", get("/").header("Cache-Control").orElseThrow());
        var types = Map.of(
                "app.js",
                "text/javascript; charset=utf-8",
                "style.css",
                "text/css; charset=utf-8",
                "icon.svg",
                "image/svg+xml");
        for (var type : types.entrySet()) {
            var reply = get("/console/" + version() + "/" + type.getKey());
            assertEquals(200, reply.status(), type.getKey());
            assertEquals(type.getValue(), reply.header("Content-Type").orElseThrow());
            assertEquals(
                    "private, max-age=31536000, immutable",
                    reply.header("Cache-Control").orElseThrow());
        }
    }

    @Test
    void nothingButTheFilesIsReached() throws Exception {
        var version = version();
        for (var name : new String[] {
            "index.html",
            "nothing.js",
            "..%2fstyle.css",
            "%2e%2e%2f%2e%2e%2fgateway/Gateway.class",
            "../../gateway/Gateway.class",
            "..%5cstyle.css",
            "style.css%00.js",
            "%252e%252e%252fstyle.css",
            ""
        }) {
            var status = get("/console/" + version + "/" + name).status();
            assertTrue(status == 404 || status == 400, name + " was answered " + status);
        }
        assertEquals(404, get("/console/0000000000000000/app.js").status());
    }

    @Test
    void aSocketIsRefusedWithoutCredentialsAndToPagesOfOtherOrigins() throws Exception {
        var credentials = "Authorization: " + BASIC + "\r\n";
        assertEquals(401, raw("/ws", UPGRADE).status());
        assertEquals(
                401,
                raw("/ws", UPGRADE + "Authorization: Basic YWRtaW46d3Jvbmc=\r\n")
                        .status());
        assertEquals(
                403,
                raw("/ws", UPGRADE + credentials + "Origin: https://evil.example.com\r\n")
                        .status());
        assertEquals(403, raw("/ws", UPGRADE + credentials + "Origin: null\r\n").status());
        assertEquals(
                101,
                raw("/ws", UPGRADE + credentials + "Origin: http://gateway.test\r\n")
                        .status());
        assertEquals(426, get("/ws").status());
    }

    @Test
    void onlyThePageIsSparedThe401OfAnAccountThatIsNotPaired() throws Exception {
        program.post("/devices", "{\"device_id\":\"fresh\"}");
        var send = "{\"phone\":\"6281234567890\",\"message\":\"a word\"}";
        var body = java.net.http.HttpRequest.BodyPublishers.ofString(send);
        var request = program.request("/send/message")
                .header("Content-Type", "application/json")
                .header("X-Device-Id", "fresh");
        assertEquals(401, program.send(request.copy().POST(body)).statusCode());
        var reply = program.send(
                request.copy().header("X-Requested-With", "console").POST(body));
        assertEquals(409, reply.statusCode());
        assertEquals("AUTHENTICATION_ERROR", Program.json(reply).path("code").asText());
        assertEquals(
                404,
                program.send(program.request("/nothing")
                                .header("X-Requested-With", "console")
                                .GET())
                        .statusCode());
        program.send(program.request("/devices/fresh").DELETE());
    }

    @Test
    void theFeedTellsWhatHappensButNotWhatWasSaid() throws Exception {
        var frames = new Frames();
        try (var client = HttpClient.newHttpClient()) {
            var socket = client.newWebSocketBuilder()
                    .header("Authorization", BASIC)
                    .buildAsync(URI.create(program.url().replace("http://", "ws://") + "/ws"), frames)
                    .get(20, TimeUnit.SECONDS);
            socket.sendText("{\"code\":\"FETCH_DEVICES\"}", true);
            assertTrue(frames.next("LIST_DEVICES").path("result").isArray());

            assertEquals(200, program.get("/app/login").statusCode());
            assertEquals(200, program.post("/sandbox/pair", "{}").statusCode());
            assertEquals(
                    "default",
                    frames.next("LOGIN_SUCCESS").at("/result/device_id").asText());

            program.post("/sandbox/inbound", "{\"from\":\"6281234567890\",\"message\":\"a secret word\"}");
            var message = frames.next("MESSAGE");
            assertEquals(
                    "6281234567890@s.whatsapp.net",
                    message.at("/result/chat_jid").asText());
            assertFalse(message.toString().contains("secret word"));

            var sent = Program.json(
                    program.post("/send/message", "{\"phone\":\"6281234567890\",\"message\":\"another\"}"));
            assertEquals("accepted", frames.next("OUTBOX").at("/result/state").asText());
            assertEquals("sent", frames.next("OUTBOX").at("/result/state").asText());
            assertEquals(
                    sent.at("/results/message_id").asText(),
                    frames.next("RECEIPT").at("/result/ids/0").asText());

            socket.sendText("{\"code\":\"FETCH_DEVICES\"}", true);
            assertEquals(
                    "default",
                    frames.next("LIST_DEVICES").at("/result/0/device_id").asText());

            program.get("/app/logout");
            assertEquals(
                    "default",
                    frames.next("LOGOUT_COMPLETE").at("/result/device_id").asText());
            socket.abort();
        }
    }

    /** What came over the socket. */
    private static final class Frames implements WebSocket.Listener {
        private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                texts.add(text.toString());
                text.setLength(0);
            }
            return WebSocket.Listener.super.onText(socket, data, last);
        }

        /** The next frame of this code; those before it are passed over. */
        JsonNode next(String code) throws Exception {
            while (true) {
                var frame = texts.poll(20, TimeUnit.SECONDS);
                assertTrue(frame != null, "no frame " + code);
                var json = Envelope.JSON.readTree(frame);
                if (json.path("code").asText().equals(code)) {
                    return json;
                }
            }
        }
    }
}
