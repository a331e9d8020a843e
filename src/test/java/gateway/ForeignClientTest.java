package gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.http.hardened.Wire;

/** Clients that others wrote against the whole program: a page of another origin, an uptime checker, a newcomer. */
class ForeignClientTest {
    private static final String ORIGIN = "https://console.example";

    @TempDir
    static Path folder;

    private static Program program;
    private static HttpClient client;

    @BeforeAll
    static void start() throws Exception {
        program = Program.rest(folder, Map.of("APP_CORS_ALLOWED_ORIGINS", ORIGIN, "APP_DEBUG", "true"));
        client = HttpClient.newHttpClient();
        assertEquals(200, program.get("/app/login").statusCode());
        assertEquals(200, program.post("/sandbox/pair", "{}").statusCode());
    }

    @AfterAll
    static void stop() throws Exception {
        client.shutdownNow();
        program.close();
    }

    private static HttpResponse<byte[]> fetched(String method, String url) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(url))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    /** A picture that came in, as a link of a reply. */
    private static String link() throws Exception {
        var boundary = "b";
        var body = "--b\r\nContent-Disposition: form-data; name=\"phone\"\r\n\r\n12025550101\r\n"
                + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello\r\n--b--\r\n";
        var sent = Program.json(program.send(program.request("/send/file")
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(HttpRequest.BodyPublishers.ofString(body))));
        var id = sent.at("/results/message_id").asText();
        return Program.json(program.get("/message/" + id + "/download?phone=12025550101"))
                .at("/results/file_url")
                .asText();
    }

    @Test
    void aPictureOfAnotherOriginsPageNeedsNoCredentialForAShortTime() throws Exception {
        var link = link();
        var shown = fetched("GET", link);
        assertEquals(200, shown.statusCode(), link);
        assertEquals("hello", new String(shown.body(), StandardCharsets.UTF_8));
        assertEquals(
                "cross-origin",
                shown.headers().firstValue("Cross-Origin-Resource-Policy").orElse(""));
        var other = link();
        var query = link.substring(link.indexOf('?'));
        for (var wrong : new String[] {
            link.substring(0, link.indexOf('?')),
            other.substring(0, other.indexOf('?')) + query,
            link.replaceFirst("expires=([0-9]+)", "expires=99999999999"),
            link.substring(0, link.length() - 1) + (link.endsWith("A") ? "B" : "A"),
            link + "&a=b"
        }) {
            assertEquals(401, fetched("GET", wrong).statusCode(), wrong);
        }
    }

    @Test
    void theQrCodeOfAPairingIsShownTheSameWay() throws Exception {
        assertEquals(200, program.post("/devices", "{\"device_id\":\"qr\"}").statusCode());
        var link = Program.json(program.get("/devices/qr/login"))
                .at("/results/qr_link")
                .asText();
        assertEquals(200, fetched("GET", link).statusCode(), link);
        assertEquals(401, fetched("GET", link.substring(0, link.indexOf('?'))).statusCode());
        program.send(program.request("/devices/qr").DELETE());
    }

    private static int opened(String origin, String query) throws Exception {
        var builder = client.newWebSocketBuilder();
        if (!origin.isEmpty()) {
            builder.header("Origin", origin);
        }
        var url = URI.create(program.url().replace("http://", "ws://") + "/ws" + query);
        try {
            var socket = builder.buildAsync(url, new WebSocket.Listener() {}).get(10, TimeUnit.SECONDS);
            socket.abort();
            return 101;
        } catch (java.util.concurrent.ExecutionException | CompletionException e) {
            return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        }
    }

    @Test
    void aPageOfAListedOriginMayGiveItsCredentialInTheSocketsAddress() throws Exception {
        var right = "?authorization="
                + Base64.getEncoder()
                        .encodeToString(("admin:" + Program.PASSWORD).getBytes(StandardCharsets.UTF_8))
                        .replace("=", "%3D")
                        .replace("+", "%2B");
        assertEquals(101, opened(ORIGIN, right));
        assertEquals(401, opened(ORIGIN, ""));
        assertEquals(401, opened("", right));
        assertEquals(403, opened("https://elsewhere.example", right));
    }

    @Test
    void aMessageThatCameInIsThereWhenItIsSaid() throws Exception {
        for (int i = 0; i < 25; i++) {
            var text = "number " + i;
            assertEquals(
                    200,
                    program.post("/sandbox/inbound", "{\"from\":\"12025550102\",\"message\":\"" + text + "\"}")
                            .statusCode());
            var newest = Program.json(program.get("/chat/12025550102/messages?limit=1"))
                    .at("/results/data/0/content")
                    .asText();
            assertEquals(text, newest);
        }
    }

    @Test
    void headIsAnsweredAsGetIsWithTheSameRights() throws Exception {
        for (var path : new String[] {"/livez", "/readyz", "/health"}) {
            assertEquals(200, fetched("HEAD", program.url() + path).statusCode(), path);
        }
        assertEquals(401, fetched("HEAD", program.url() + "/app/status").statusCode());
        var link = link();
        var head = fetched("HEAD", link);
        assertEquals(200, head.statusCode());
        assertEquals("5", head.headers().firstValue("Content-Length").orElse(""));
        assertEquals(0, head.body().length);
    }

    @Test
    void aSlashAtTheEndGivesNoRightThatThePathWithoutItDoesNot() throws Exception {
        var made = program.post("/tokens", "{\"scopes\":\"read\"}");
        var bearer = Program.json(made).at("/results/token").asText();
        var port = URI.create(program.url()).getPort();
        for (var path :
                new String[] {"/devices/default/login/", "/devices/default/webhook/", "/app/login/", "/users/"}) {
            try (var wire = new Wire(port)) {
                wire.send("GET " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + bearer + "\r\n\r\n");
                assertEquals(403, wire.reply().status(), path);
            }
        }
        assertEquals(200, program.get("/app/status/").statusCode());
    }

    @Test
    void aDebugLogHasNoStacksOfForeignLoggers() throws Exception {
        assertEquals(200, program.get("/devices").statusCode());
        assertFalse(program.output().contains("\tat "), program.output());
    }

    @Test
    void whatIsPrintedCanBePasted() {
        var output = program.output();
        assertTrue(output.contains("curl -sS -u 'admin' "), output);
        assertFalse(output.contains("PASSWORD") || output.contains(Program.PASSWORD), output);
    }

    /** n8n's node for the original gives each request an object as its body, and names filters that it leaves empty. */
    @Test
    void aReadWithABodyAndEmptyFiltersIsAnswered() throws Exception {
        var message = "{\"phone\":\"12025550101\",\"message\":\"Hello\"}";
        assertEquals(200, program.post("/send/message", message).statusCode());
        for (var path : new String[] {
            "/",
            "/app/status",
            "/app/devices",
            "/devices",
            "/user/my/groups",
            "/user/info?phone=12025550101",
            "/group/info-from-link?link=https%3A%2F%2Fchat.whatsapp.com%2FAbCdEfGhIjK",
            "/chats?limit=25&offset=0&search=&has_media=false",
            "/chat/12025550101@s.whatsapp.net/messages?limit=25&offset=0&start_time=&end_time=&media_only=false&search="
        }) {
            var bare = program.get(path).statusCode();
            var reply = program.send(program.request(path)
                    .header("Content-Type", "application/json")
                    .method("GET", HttpRequest.BodyPublishers.ofString("{}")));
            assertEquals(bare, reply.statusCode(), path + ": " + reply.body());
            assertTrue(bare < 400 || path.contains("info-from-link"), path + ": " + bare);
        }
    }
}
