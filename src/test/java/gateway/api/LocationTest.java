package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Coordinates are numbers of JSON, in any of its notations, or texts. */
class LocationTest {
    @TempDir
    Path directory;

    private static String send(ApiRig rig, String longitude) {
        var reply = rig.send(rig.request("/send/location")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"phone\":\"" + ApiRig.ALICE + "\",\"latitude\":\"51.5\",\"longitude\":" + longitude + "}")));
        return reply.status() + " " + reply.message();
    }

    @Test
    void aNumberCountsInEveryNotationOfJson() throws Exception {
        try (var rig = new ApiRig(directory).paired()) {
            for (var good : new String[] {
                "0.0005", "-0.0005", "5e-4", "1.5E2", "180", "-180.0", "\"0.0005\"", "\"5e-4\"", "\"+7\""
            }) {
                assertTrue(send(rig, good).startsWith("200 "), good);
            }
            for (var bad : new String[] {"180.1", "1e999999999", "-1e400", "\"5e4\"", "\"NaN\"", "true", "[1]"}) {
                var reply = send(rig, bad);
                assertTrue(reply.startsWith("400 ") && reply.contains("longitude"), bad + ": " + reply);
            }
            rig.quiet();
            assertEquals(5, rig.store.number("SELECT count(*) FROM message WHERE content LIKE '%5.0E-4%'"));
        }
    }
}
