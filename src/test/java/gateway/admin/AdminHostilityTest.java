package gateway.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.hostile.HostileJudge;
import gateway.hostile.RawLine;
import gateway.hostile.StrangeRequests;

/** Generated hostility against the Admin API: every refusal has its form, and none of them makes an instance. */
class AdminHostilityTest {
    private static final int CALLS = 600;
    private static final long SEED = 20_261_128;

    @TempDir
    Path folder;

    @Test
    void nothingStrangersSendBreaksTheAdminApi() throws Exception {
        try (var rig = new AdminRig(folder, Map.of())) {
            var line = new RawLine(rig.anonymous("/").build().uri().getPort());
            var judge = new HostileJudge(json -> !json.path("success").asBoolean(true)
                    && !json.path("error").asText().isBlank()
                    && !json.path("message").asText().isBlank());
            var findings = new ArrayList<String>();
            for (long seed = SEED; seed < SEED + CALLS; seed++) {
                var request = StrangeRequests.admin(seed, seed % 3 == 0 ? "" : "Bearer " + AdminRig.TOKEN);
                var reply = line.send(request.bytes());
                judge.complaint(reply, request.whole())
                        .ifPresent(complaint -> findings.add(complaint + ": " + request));
            }
            assertEquals(List.of(), findings);
            try (var files = Files.list(folder)) {
                assertEquals(
                        List.of(),
                        files.filter(Files::isDirectory).map(Path::toString).toList(),
                        "no instance was made");
            }
        }
    }

    @Test
    void aContentTypeThatIsNoneIsRefusedAsOne() throws Exception {
        try (var rig = new AdminRig(folder, Map.of())) {
            var line = new RawLine(rig.anonymous("/").build().uri().getPort());
            for (var type : List.of("x", "t/;=\"", "/", "")) {
                var reply = line.send(
                        ("POST /admin/instances HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer "
                                        + AdminRig.TOKEN
                                        + "\r\nContent-Type: " + type
                                        + "\r\nContent-Length: 2\r\n\r\n{}")
                                .getBytes(StandardCharsets.ISO_8859_1));
                assertTrue(
                        reply.status() == 415 || type.isEmpty() && reply.status() == 400, type + ": " + reply.status());
            }
        }
    }
}
