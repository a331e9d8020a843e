package gateway.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The receiver that the tutorial prints, run as it is printed, and the addresses that documents ask the gateway for.
 */
class TutorialTest {
    private static final Path TOP = Path.of(System.getProperty("basedir", "."));
    private static final Path TUTORIAL = TOP.resolve("src/site/markdown/tutorial.md");
    private static final Pattern RECEIVER = Pattern.compile("(?s)<<'PY'\n(.*?)\nPY\n");
    private static final Pattern ASKED = Pattern.compile("http://127\\.0\\.0\\.1:3000(/[A-Za-z0-9@./_-]*)");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void theReceiverTellsGenuineDeliveriesFromForgedOnes() throws Exception {
        int port = freePort();
        var script = RECEIVER.matcher(Files.readString(TUTORIAL))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
        var program = Files.writeString(folder.resolve("receiver.py"), script.replace("8000", Integer.toString(port)));
        var process = new ProcessBuilder("python3", program.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var client = HttpClient.newHttpClient();
                var output =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals(200, post(client, port, signature("{\"n\":1}")));
            assertEquals("genuine {\"n\":1}", output.readLine());
            assertEquals(401, post(client, port, "sha256=" + "0".repeat(64)));
            assertEquals("FORGED {\"n\":1}", output.readLine());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void everyAddressThatADocumentAsksForIsServed() throws IOException {
        var served = Files.readAllLines(TOP.resolve("src/main/resources/gateway/api/openapi.yaml")).stream()
                .filter(line -> line.matches(" {2}/.*:"))
                .map(line -> line.strip().replaceAll(":$", "").replaceAll("\\{[^}]*}", "[^/]+"))
                .toList();
        assertTrue(served.size() > 80, served::toString);
        var unknown = new TreeSet<String>();
        try (var pages =
                Stream.of(TOP.resolve("README.md"), TUTORIAL, TOP.resolve("src/site/markdown/how-to/send.md"))) {
            for (var page : pages.toList()) {
                ASKED.matcher(Files.readString(page))
                        .results()
                        .map(match -> match.group(1).replaceAll("[.]$", ""))
                        .filter(path -> !path.equals("/") && served.stream().noneMatch(path::matches))
                        .forEach(unknown::add);
            }
        }
        assertEquals(new TreeSet<>(), unknown);
    }

    /** Waits until the receiver listens, and returns the status of its answer. */
    private static int post(HttpClient client, int port, String signature) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .timeout(PATIENCE)
                .header("X-Hub-Signature-256", signature)
                .POST(HttpRequest.BodyPublishers.ofString("{\"n\":1}"))
                .build();
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return client.send(request, BodyHandlers.discarding()).statusCode();
            } catch (ConnectException notYet) {
                if (System.nanoTime() - end > 0) {
                    throw notYet;
                }
                Thread.sleep(20);
            }
        }
    }

    private static String signature(String body) throws Exception {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(
                "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
        return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
