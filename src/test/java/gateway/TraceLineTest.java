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

import com.fasterxml.jackson.databind.JsonNode;
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

    /** Whoever names the last line that was read gets the lines behind it alone; a trace lasts as long as was asked. */
    @Test
    void aTraceIsReadOnFromWhereItWasRead() throws Exception {
        try (var program = Program.rest(folder, WebPairing.settings(phones.twin))) {
            phones.link(program);
            var path = "/devices/default/trace";
            assertEquals(404, program.post("/devices/nobody/trace", "{}").statusCode());
            assertEquals(404, program.get(path).statusCode());
            var begun = Program.json(program.post(path, "{\"seconds\":600}"));
            assertEquals(600, begun.at("/results/seconds").asInt());
            phones.control.send(TwinPhones.PEER, TwinPhones.OWN, SECRET);
            await().until(() -> lines(program, path).size() > 1);
            var all = lines(program, path);
            long first = all.get(0).path("number").asLong();
            assertEquals(
                    first + 1,
                    lines(program, path + "?after=" + first)
                            .get(0)
                            .path("number")
                            .asLong());
            assertEquals(200, program.send(program.request(path).DELETE()).statusCode());
            await().until(() -> Program.json(program.get(path + "?after=1000000"))
                    .at("/results/ended")
                    .asBoolean());
            assertEquals(200, program.post(path, "{\"seconds\":1}").statusCode());
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> Program.json(program.get(path + "?after=1000000"))
                            .at("/results/ended")
                            .asBoolean());
        }
    }

    private static JsonNode lines(Program program, String path) throws Exception {
        return Program.json(program.get(path)).at("/results/lines");
    }
}
