package gateway.api;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.api.request.Times;
import gateway.http.Problem;

/**
 * Small inputs that once were answered with 500: halves of a query, times that no database has, types that are none.
 */
class QueryTextTest {
    @TempDir
    Path directory;

    @Test
    void halfAParameterIsRefusedByNameEverywhere() {
        try (var rig = new ApiRig(directory)) {
            rig.paired();
            for (var path : List.of(
                    "/chats",
                    "/chat/" + ApiRig.ALICE + "@s.whatsapp.net/messages",
                    "/user/info",
                    "/group/info",
                    "/app/status",
                    "/sandbox/state")) {
                assertEquals("a: must have a value, as in name=value.", refused(rig, path + "?a"), path);
                assertTrue(refused(rig, path + "?limit=5&").contains("empty parameter"), path);
                assertTrue(refused(rig, path + "?=5").contains("without a name"), path);
            }
        }
    }

    @Test
    void everyOffsetOfRfc3339IsTaken() {
        var utc = Instant.parse("2026-01-02T03:04:05Z");
        for (var time : List.of(
                "2026-01-02T03:04:05Z",
                "2026-01-02t03:04:05z",
                "2026-01-02T21:04:05+18:00",
                "2026-01-02T22:03:05+18:59",
                "2026-01-03T03:03:05+23:59",
                "2026-01-01T03:05:05-23:59",
                "2026-01-02T03:04:05.000-00:00")) {
            assertEquals(utc, Times.instant("since", time), time);
        }
        for (var time :
                List.of("2026-01-02T03:04:05+24:00", "2026-01-02T03:04:05+19:60", "2026-02-30T03:04:05+20:00")) {
            assertThrows(Problem.class, () -> Times.instant("since", time), time);
        }
    }

    @Test
    void aTimeBeyondFourDigitsOfYearIsRefusedByName() {
        try (var rig = new ApiRig(directory)) {
            rig.paired();
            for (var time : List.of(
                    "-999999999-01-01T00:00:00Z",
                    "%2B999999999-12-31T23:59:59Z",
                    "-0001-01-01T00:00:00Z",
                    "%2B10000-01-01T00:00:00Z")) {
                var path = "/chat/" + ApiRig.ALICE + "@s.whatsapp.net/messages?start_time=" + time.replace(":", "%3A");
                assertTrue(refused(rig, path).startsWith("start_time: "), time);
            }
        }
        for (var time :
                List.of("-999999999-01-01T00:00:00Z", "+1000000000-12-31T23:59:59Z", "+10000-01-01T00:00:00Z")) {
            assertEquals(
                    "since",
                    assertThrows(Problem.class, () -> Times.instant("since", time))
                            .field()
                            .orElseThrow());
        }
        assertDoesNotThrow(() -> Times.instant("since", "0000-01-01T00:00:00Z").toEpochMilli()
                + Times.instant("since", "9999-12-31T23:59:59Z").toEpochMilli());
    }

    @Test
    void aTypeThatIsNoneIsRefusedAsOne() {
        try (var rig = new ApiRig(directory)) {
            rig.paired();
            for (var type : List.of("x", "t/;=\"", "/", "a/b;c", "application/json; charset=\"")) {
                assertEquals(
                        415,
                        rig.post("/send/message", type, "{}".getBytes(StandardCharsets.UTF_8))
                                .status(),
                        type);
            }
            assertEquals(400, rig.post("/send/message", ApiRig.object()).status());
        }
    }

    @Test
    void aNulIsTheClientsFaultWhereverItStands() {
        try (var rig = new ApiRig(directory)) {
            rig.paired();
            for (var path : List.of(
                    "/devices/%00", "/chat/%00/messages", "/message/a%00/download", "/statics/media/default/%00")) {
                assertEquals(400, rig.get(path).status(), path);
            }
            assertTrue(refused(rig, "/app/status?device_id=a%00").startsWith("device_id: "));
            var reply = rig.send(
                    rig.request("/app/status").header("X-Device-Id", "a%00").GET());
            assertEquals("X-Device-Id: must hold characters only: no NUL, no broken UTF-8.", reply.message());
        }
    }

    private static String refused(ApiRig rig, String path) {
        var reply = rig.get(path);
        assertEquals(400, reply.status(), path);
        return reply.message();
    }
}
