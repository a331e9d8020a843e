package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.imageio.ImageIO;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job, on the real program: pair, send, receive, hear of it by signed webhook, survive. */
class SpineTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final String SEND = "{\"phone\":\"6281234567890\",\"message\":\"a word for Ann\"}";

    @TempDir
    Path folder;

    /** Each would cost every start, and what it leaves in memory, far more than the one class that was meant. */
    @Test
    void aStartLoadsNothingItDoesNotNeed() throws Exception {
        try (var first = Program.rest(folder, Map.of())) {
            assertEquals(200, first.get("/app/status").statusCode());
        }
        var loaded = folder.resolve("loaded");
        try (var program = Program.rest(folder, Map.of("JAVA_TOOL_OPTIONS", Program.CLASSES_LOADED + loaded))) {
            assertEquals(200, program.get("/app/status").statusCode());
        }
        var classes = Files.readString(loaded);
        assertTrue(classes.contains("gateway.wiring.RestGateway"), "nothing was written down");
        for (var late : List.of("org.bouncycastle.", "org.flywaydb.core.internal.", "picocli.")) {
            assertFalse(classes.contains(late), late + " is loaded before anybody needs it");
        }
    }

    @Test
    void aMessageGoesOutAndOneComesInAndTheWebhookHearsOfBoth() throws Exception {
        var heard = new CopyOnWriteArrayList<String>();
        var receiver = receiver(heard);
        try (var program = Program.rest(
                folder,
                Map.of(
                        "WHATSAPP_WEBHOOK",
                        "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook",
                        "WHATSAPP_WEBHOOK_SECRET",
                        SECRET,
                        "WHATSAPP_WEBHOOK_ALLOW_HTTP",
                        "true",
                        "WHATSAPP_WEBHOOK_ALLOW_CIDRS",
                        "127.0.0.0/8"))) {
            pair(program);
            var sent = Program.json(program.post("/send/message", SEND));
            assertTrue(sent.path("message")
                    .textValue()
                    .startsWith("Message sent to 6281234567890@s.whatsapp.net (server timestamp: "));
            var id = sent.path("results").path("message_id").textValue();
            assertEquals(
                    200,
                    program.post("/sandbox/inbound", "{\"from\":\"6281234567890\",\"message\":\"hi\"}")
                            .statusCode());
            await().untilAsserted(() -> {
                assertTrue(
                        heard.stream()
                                .anyMatch(body -> body.contains("\"receipt_type\":\"delivered\"") && body.contains(id)),
                        heard::toString);
                assertTrue(
                        heard.stream()
                                .anyMatch(body -> body.contains("\"receipt_type\":\"read\"") && body.contains(id)),
                        heard::toString);
                assertTrue(heard.stream().anyMatch(body -> body.contains("\"text\":\"hi\"")), heard::toString);
            });
            var thread = Program.json(program.get("/chat/6281234567890@s.whatsapp.net/messages"))
                    .path("results");
            assertEquals(2, thread.path("pagination").path("total").intValue());
            assertEquals("hi", thread.path("data").path(0).path("content").textValue());
            assertEquals(
                    1,
                    Program.json(program.get("/chats"))
                            .path("results")
                            .path("pagination")
                            .path("total")
                            .intValue());
            assertFalse(program.output().contains("a word for Ann"), "message text is in no log");
        } finally {
            receiver.stop(0);
        }
    }

    @Test
    void theQrCodeIsARealImageAndNeedsACredentialOrItsSignature() throws Exception {
        try (var program = Program.rest(folder, Map.of())) {
            var login = Program.json(program.get("/app/login")).path("results");
            var link = login.path("qr_link").textValue();
            var path = link.substring(program.url().length());
            assertEquals(
                    401,
                    program.send(java.net.http.HttpRequest.newBuilder(URI.create(link.replaceFirst("\\?.*", ""))))
                            .statusCode());
            var png = java.net.http.HttpClient.newHttpClient()
                    .send(program.request(path).build(), BodyHandlers.ofByteArray())
                    .body();
            assertArrayEquals(new byte[] {(byte) 0x89, 'P', 'N', 'G'}, java.util.Arrays.copyOf(png, 4));
            var image = ImageIO.read(new ByteArrayInputStream(png));
            var pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
            var text = new QRCodeReader()
                    .decode(
                            new BinaryBitmap(new HybridBinarizer(
                                    new RGBLuminanceSource(image.getWidth(), image.getHeight(), pixels))),
                            Map.of(DecodeHintType.PURE_BARCODE, true))
                    .getText();
            assertTrue(text.startsWith("sandbox@"), text);
            assertEquals(text, login.path("qr_text").textValue());
            assertEquals(
                    login.path("qr_text"),
                    Program.json(program.get("/devices/default/login"))
                            .path("results")
                            .path("qr_text"));
        }
    }

    @Test
    void whatWasAcceptedIsSentOnceAfterAKill() throws Exception {
        String id;
        try (var program = Program.rest(folder, Map.of("WHATSAPP_SEND_WAIT", "0s"))) {
            pair(program);
            assertEquals(200, program.get("/app/logout").statusCode());
            pair(program);
            id = Program.json(program.post("/send/message", SEND))
                    .path("results")
                    .path("message_id")
                    .textValue();
            program.kill();
        }
        try (var program = Program.rest(folder, Map.of())) {
            await().untilAsserted(() -> assertTrue(metrics(program).contains("whatsapp_outbox_depth{} 0.0")));
            assertEquals(
                    1,
                    Program.json(program.get("/chat/6281234567890/messages"))
                            .path("results")
                            .path("data")
                            .size());
        }
        try (var store =
                gateway.store.Store.open(new gateway.store.Database.Sqlite(folder.resolve("storages/whatsapp.db")))) {
            assertEquals(List.of(id), store.all(row -> row.text(1), "SELECT wire_id FROM sandbox_ledger"));
        }
    }

    @Test
    void aPasswordMadeForTheRunIsInNoLogAndWorks() throws Exception {
        try (var program = Program.start(folder, Map.of("APP_PORT", "0", "APP_METRICS_PORT", "0"), "rest")) {
            program.url();
            await().until(() -> program.output().contains("/send/message"));
            var file = folder.resolve("storages/password-of-this-run");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            var password = Files.readString(file).substring("admin:".length());
            assertFalse(program.output().contains(password), "a log could be reading along");
            var curl = program.output()
                    .lines()
                    .filter(line -> line.startsWith("curl "))
                    .findFirst()
                    .orElseThrow();
            var pasted = new ProcessBuilder("sh", "-c", curl)
                    .redirectErrorStream(true)
                    .start();
            var said = new String(pasted.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(said.contains("Message sent to 6281234567890@s.whatsapp.net"), said);
        }
    }

    @Test
    void badBodiesAreRefusedNamingTheFieldAndKeepNothing() throws Exception {
        try (var program = Program.rest(folder, Map.of())) {
            pair(program);
            for (var bad : Map.of(
                            "{\"phone\":1,\"message\":\"x\"}",
                            "phone:",
                            "{\"message\":\"x\"}",
                            "phone:",
                            "{\"phone\":\"6281234567890\"}",
                            "message:",
                            "{\"phone\":\"6281234567890\",\"message\":null}",
                            "message:",
                            "{\"phone\":\"6281234567890\",\"message\":\"" + "x".repeat(4097) + "\"}",
                            "message:",
                            "{\"phone\":\"0812345\",\"message\":\"x\"}",
                            "phone:",
                            "{\"phone\":\"6281234567890\",\"message\":\"x\",\"message\":\"y\"}",
                            "line 1",
                            "{\"phone\":\"6281234567890\"",
                            "line 1",
                            "[]",
                            "JSON object")
                    .entrySet()) {
                var response = program.post("/send/message", bad.getKey());
                assertEquals(400, response.statusCode(), bad.getKey());
                assertTrue(
                        Program.json(response).path("message").textValue().contains(bad.getValue()), response.body());
            }
            assertEquals(
                    0,
                    Program.json(program.get("/chats"))
                            .path("results")
                            .path("pagination")
                            .path("total")
                            .intValue());
            var emoji = "{\"phone\":\"6281234567890\",\"message\":\"" + "😀".repeat(4096) + "\"}";
            assertEquals(
                    200, program.post("/send/message", emoji).statusCode(), "characters are counted, not UTF-16 units");
        }
    }

    private static void pair(Program program) throws Exception {
        assertEquals(200, program.get("/app/login").statusCode());
        assertEquals(200, program.post("/sandbox/pair", "{}").statusCode());
        assertTrue(Program.json(program.get("/app/status"))
                .path("results")
                .path("is_logged_in")
                .booleanValue());
    }

    private static String metrics(Program program) throws Exception {
        return java.net.http.HttpClient.newHttpClient()
                .send(
                        java.net.http.HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + program.metricsPort() + "/metrics"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    /** Checks every signature as the guide says, and answers 401 to what it cannot verify. */
    private static HttpServer receiver(List<String> heard) throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hook", exchange -> {
            var body = exchange.getRequestBody().readAllBytes();
            boolean genuine = Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Hub-Signature-256"))
                    .filter(signature(body)::equals)
                    .isPresent();
            if (genuine) {
                heard.add(new String(body, StandardCharsets.UTF_8));
            }
            exchange.sendResponseHeaders(genuine ? 200 : 401, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String signature(byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
