package gateway.outbound;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.webhook.WebhookGiven;
import gateway.webhook.WebhookReceiver;

class GuardedClientTlsTest {
    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    @Test
    void httpsIsCheckedByNameWhileTheVettedAddressIsConnectedTo() throws Exception {
        var keys = keys("hook.example");
        var https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        https.setHttpsConfigurator(new HttpsConfigurator(server(keys)));
        try (var receiver = new WebhookReceiver(https)) {
            Resolver loopback = host -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")};
            var guard = new AddressGuard(WebhookGiven.LOOPBACK, loopback);
            var trusted = trusting(keys);
            try (var client = new GuardedClient(guard, () -> trusted)) {
                var right = guard.target("https://hook.example:" + receiver.port() + "/");
                assertEquals(
                        200,
                        client.post(right, Map.of(), BODY, Duration.ofSeconds(10))
                                .status());
                assertEquals(
                        "hook.example:" + receiver.port(),
                        receiver.hits().getFirst().headers().get("host"));
                var wrong = guard.target("https://other.example:" + receiver.port() + "/");
                var refused = assertThrows(
                        Unanswered.class, () -> client.post(wrong, Map.of(), BODY, Duration.ofSeconds(10)));
                assertTrue(refused.getMessage().contains("TLS"), refused.getMessage());
            }
            try (var suspicious = new GuardedClient(guard, GuardedClientTest::defaultTls)) {
                var target = guard.target("https://hook.example:" + receiver.port() + "/");
                assertThrows(Unanswered.class, () -> suspicious.post(target, Map.of(), BODY, Duration.ofSeconds(10)));
            }
            assertEquals(1, receiver.hits().size());
            assertArrayEquals(BODY, receiver.hits().getFirst().body());
        }
    }

    private KeyStore keys(String name) throws Exception {
        var file = directory.resolve("keys.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var made = new ProcessBuilder(List.of(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=dns:" + name,
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        "changeit"))
                .redirectErrorStream(true)
                .start();
        made.getInputStream().readAllBytes();
        assertEquals(0, made.waitFor());
        try (var in = Files.newInputStream(file)) {
            var keys = KeyStore.getInstance("PKCS12");
            keys.load(in, "changeit".toCharArray());
            return keys;
        }
    }

    private static SSLContext server(KeyStore keys) throws Exception {
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static SSLContext trusting(KeyStore keys) throws Exception {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("a", keys.getCertificate("a"));
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
