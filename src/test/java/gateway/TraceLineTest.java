package gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code whatsapp trace} beside the real program: it shows what is said, and tells of nobody. */
@Timeout(180)
class TraceLineTest {
    private static final String SECRET = "meet me at nine";

    @TempDir
    Path folder;

    @RegisterExtension
    private final TwinPhones phones = new TwinPhones(TwinPhones.OWN, TwinPhones.PEER);

    @Test
    void whatTheConnectionSaysIsShownWithPseudonymsAndNotedInTheSecurityLog() throws Exception {
        var environment = new HashMap<>(WebPairing.settings(phones.twin));
        environment.put("WHATSAPP_SEND_WAIT", "20s");
        try (var program = Program.rest(folder, environment)) {
            phones.link(program);
            assertEquals(404, program.get("/devices/default/trace").statusCode(), "off by default");
            environment.put("APP_PORT", "" + URI.create(program.url()).getPort());
            try (var trace = Program.start(folder, environment, "trace", "default", "--for", "25s")) {
                await().atMost(Duration.ofSeconds(40))
                        .until(() -> trace.output().contains("# A trace of 25 s"));
                phones.control.send(TwinPhones.PEER, TwinPhones.OWN, SECRET);
                program.post(
                        "/send/message", "{\"phone\":\"" + TwinPhones.PEER + "\",\"message\":\"" + SECRET + " too\"}");
                assertEquals(0, trace.exit());
                var shown = trace.output();
                assertTrue(shown.contains("< <message "), shown);
                assertTrue(shown.contains("> <receipt "), shown);
                assertTrue(shown.contains("> <message "), shown);
                for (var secret : new String[] {SECRET, TwinPhones.OWN, TwinPhones.PEER}) {
                    assertFalse(shown.contains(secret), shown);
                }
            }
            var log = Files.readString(folder.resolve("storages/security.log"));
            assertTrue(
                    log.lines()
                            .anyMatch(line ->
                                    line.contains("authz_admin") && line.contains("POST") && line.contains("/trace")),
                    log);
        }
    }
}
