package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import gateway.engine.web.proto.HistoryProto.HistorySync;

/** The real program behind a proxy with a password: connection and files go by it, and nobody is shown the password. */
@Timeout(180)
class ProxyLineTest {
    private static final String PASSWORD = "s3cret-of-the-proxy";
    private static final String LOGIN = "me:" + PASSWORD;

    @TempDir
    Path folder;

    @RegisterExtension
    private final TwinPhones phones = new TwinPhones(TwinPhones.OWN, TwinPhones.PEER);

    private ConnectProxy proxy;

    @BeforeEach
    void start() throws Exception {
        proxy = new ConnectProxy(LOGIN);
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
    }

    private Program program(Map<String, String> more) throws Exception {
        var environment = new HashMap<>(WebPairing.settings(phones.twin));
        environment.putAll(more);
        return Program.rest(folder, environment);
    }

    private String address() {
        return "http://" + LOGIN + "@127.0.0.1:" + proxy.port();
    }

    /** A part of a history in which nothing stands, deflated, in hexadecimal. */
    private static String history() throws Exception {
        var deflated = new ByteArrayOutputStream();
        try (var out = new DeflaterOutputStream(deflated)) {
            HistorySync.newBuilder().setSyncType(4).build().writeTo(out);
        }
        return HexFormat.of().formatHex(deflated.toByteArray());
    }

    /** Nothing that the program said or stored holds the password. */
    private void hidden(Program program) throws Exception {
        var encoded = Base64.getEncoder().encodeToString(LOGIN.getBytes(StandardCharsets.UTF_8));
        for (var text : new String[] {PASSWORD, encoded}) {
            assertFalse(program.output().contains(text), "the program's log shows the password");
            for (var path : new String[] {"/app/status", "/devices", "/devices/default", "/devices/default/proxy"}) {
                assertFalse(program.get(path).body().contains(text), path);
            }
            try (var files = Files.walk(folder)) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    assertFalse(
                            Files.readString(file, StandardCharsets.ISO_8859_1).contains(text),
                            () -> file + " holds the password in clear");
                }
            }
        }
    }

    @Test
    void connectionAndFilesGoByTheProxyOfTheSettings() throws Exception {
        var secret = Files.writeString(folder.resolve("proxy.secret"), address());
        try (var program = program(Map.of("WHATSAPP_PROXY_FILE", secret.toString()))) {
            phones.link(program);
            assertTrue(proxy.refused.size() > 0, "the password is told when it is asked for");
            int tunnels = proxy.passed.size();
            assertTrue(tunnels >= 2, proxy.passed::toString);
            phones.control.post(
                    "/phones/" + TwinPhones.OWN + "/history", Map.of("deflated", history(), "inline", false));
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> proxy.passed.stream()
                            .anyMatch(line -> line.startsWith("GET ") && !line.contains("/sw.js")));
            Files.delete(secret);
            hidden(program);
        }
    }

    /** A credential that may manage devices is no way into the network of the host. */
    @Test
    void anAccountsProxyInTheInnerNetworkIsRefusedByName() throws Exception {
        try (var program = program(Map.of("WHATSAPP_PROXY_ALLOW_CIDRS", "10.1.0.0/16"))) {
            assertEquals(
                    200,
                    program.post("/devices", "{\"device_id\":\"far\",\"engine\":\"web\"}")
                            .statusCode());
            for (var host : new String[] {
                "127.0.0.1",
                "localhost",
                "[::1]",
                "10.0.0.7",
                "192.168.1.1",
                "169.254.169.254",
                "[fd00::1]",
                "0.0.0.0",
                "[::ffff:10.0.0.7]",
                "[64:ff9b::a00:7]"
            }) {
                var at = "http://" + LOGIN + "@" + host + ":" + proxy.port();
                var body = "{\"device_id\":\"inner\",\"engine\":\"web\",\"proxy\":\"" + at + "\"}";
                for (var refused : List.of(
                        program.post("/devices", body),
                        program.put("/devices/far/proxy", "{\"proxy\":\"" + at + "\"}"))) {
                    assertEquals(400, refused.statusCode(), host + " " + refused.body());
                    assertTrue(refused.body().contains("proxy: "), refused.body());
                    assertTrue(refused.body().contains("WHATSAPP_PROXY_ALLOW_CIDRS"), refused.body());
                    assertFalse(refused.body().contains(PASSWORD), refused.body());
                }
            }
            assertEquals(404, program.get("/devices/inner").statusCode());
            var shown = Program.json(program.get("/devices/far/proxy")).path("results");
            assertEquals("", shown.path("proxy").textValue());
            var allowed = program.put("/devices/far/proxy", "{\"proxy\":\"http://10.1.2.3:3128\"}");
            assertEquals(200, allowed.statusCode(), allowed.body());
            assertEquals(0, proxy.passed.size());
        }
    }

    @Test
    void anAccountsProxyIsGivenByItsRouteAndShownWithoutItsPassword() throws Exception {
        try (var program = program(Map.of("WHATSAPP_PROXY_ALLOW_CIDRS", "127.0.0.1/32"))) {
            var added = program.post(
                    "/devices", "{\"device_id\":\"far\",\"engine\":\"web\",\"proxy\":\"" + address() + "\"}");
            assertEquals(200, added.statusCode(), added.body());
            var shown = Program.json(program.get("/devices/far/proxy")).path("results");
            assertEquals("http://127.0.0.1:" + proxy.port(), shown.path("proxy").textValue());
            var refused = program.post(
                    "/devices", "{\"device_id\":\"sand\",\"engine\":\"sandbox\",\"proxy\":\"" + address() + "\"}");
            assertEquals(400, refused.statusCode(), refused.body());
            assertTrue(refused.body().contains("proxy: "), refused.body());
            var wrong = program.post(
                    "/devices", "{\"device_id\":\"wrong\",\"engine\":\"web\",\"proxy\":\"ftp://" + LOGIN + "@h:1\"}");
            assertEquals(400, wrong.statusCode(), wrong.body());
            assertFalse(wrong.body().contains(PASSWORD), wrong.body());
            assertEquals(404, program.get("/devices/wrong").statusCode());
            assertEquals(0, proxy.passed.size());
            var code = Program.json(program.get("/devices/far/login"));
            assertEquals("SUCCESS", code.path("code").textValue());
            assertTrue(proxy.passed.stream().anyMatch(line -> line.startsWith("CONNECT ")), proxy.passed::toString);
            hidden(program);
        }
    }
}
