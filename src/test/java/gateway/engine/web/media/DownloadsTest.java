package gateway.engine.web.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files from media hosts, good and bad, on loopback. */
@Timeout(20)
class DownloadsTest {
    private static final byte[] FILE = "a part of the history".getBytes(StandardCharsets.UTF_8);
    private static final byte[] KEY = new byte[MediaKeys.MEDIA_KEY_BYTES];

    private final HttpClient client = HttpClient.newHttpClient();
    private final Downloads downloads = new Downloads(() -> client, true, Duration.ofSeconds(1));
    private HttpServer stalled;
    private HttpServer good;
    private byte[] upload;
    private SealedFile file;

    @BeforeEach
    void start() throws Exception {
        ByteArrayOutputStream encrypted = new ByteArrayOutputStream();
        MediaCipher.Sealed sealed =
                MediaCipher.encrypt(new ByteArrayInputStream(FILE), encrypted, MediaKeys.of(KEY, MediaKind.HISTORY));
        upload = encrypted.toByteArray();
        file = new SealedFile(
                MediaKind.HISTORY,
                "/v/file",
                KEY,
                sealed.fileEncSha256(),
                Optional.of(sealed.fileSha256()),
                sealed.fileLength());
        stalled = host(exchange -> {
            exchange.sendResponseHeaders(200, upload.length);
            exchange.getResponseBody().write(upload, 0, 1);
            exchange.getResponseBody().flush(); // and nothing more
        });
        good = host(exchange -> {
            exchange.sendResponseHeaders(200, upload.length);
            exchange.getResponseBody().write(upload);
            exchange.close();
        });
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        stalled.stop(0);
        good.stop(0);
    }

    private static HttpServer host(HttpHandler handler) throws IOException {
        HttpServer host = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        host.createContext("/", handler);
        host.start();
        return host;
    }

    private static String name(HttpServer host) {
        return "127.0.0.1:" + host.getAddress().getPort();
    }

    private static MediaHosts hosts(String... names) {
        return new MediaHosts(List.of(names), 0);
    }

    @Test
    void aHostThatStopsInTheMiddleGivesWayToTheNext() throws Exception {
        assertArrayEquals(
                FILE,
                downloads.open(hosts(name(stalled), name(good)), file, 1_024).readAllBytes());
        assertThrows(IOException.class, () -> downloads.open(hosts(name(stalled)), file, 1_024));
    }

    @Test
    void aHostOfTheInnerNetworkIsNotAsked() {
        for (String inner : List.of("127.0.0.1", name(good), "localhost", "whatsapp.net.localhost", "whatsapp.net")) {
            assertEquals(
                    "a media host is not of WhatsApp",
                    assertThrows(
                                    IOException.class,
                                    () -> new Downloads(() -> client, false).open(hosts(inner), file, 1_024))
                            .getMessage(),
                    inner);
        }
    }
}
