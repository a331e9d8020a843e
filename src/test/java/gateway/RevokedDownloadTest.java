package gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A long download ends when the credential by which it began is revoked (OWASP ASVS 7.4.2); on the real program. */
class RevokedDownloadTest {
    /** More than the buffers of both ends of a connection hold. */
    private static final long SIZE = 64L << 20;

    private static final String NAME = "0123456789abcdef0123456789abcdef.bin";

    @TempDir
    Path folder;

    @Test
    void aDownloadIsCutOnceItsTokenIsRevokedAndOthersGoOn() throws Exception {
        try (var program = Program.rest(folder, Map.of());
                var client = HttpClient.newHttpClient()) {
            assertEquals(200, program.get("/app/login").statusCode());
            var device =
                    Program.json(program.get("/devices")).at("/results/0/id").textValue();
            var media = Files.createDirectories(
                    folder.resolve("storages/media").resolve(device),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try (var file = new RandomAccessFile(media.resolve(NAME).toFile(), "rw")) {
                file.setLength(SIZE);
            }
            var kept = token(program);
            var lost = token(program);
            var path = program.url() + "/statics/media/" + device + "/" + NAME;
            try (var first = begun(client, path, kept.text());
                    var second = begun(client, path, lost.text())) {
                assertEquals(
                        200,
                        program.send(program.request("/tokens/" + lost.id()).DELETE())
                                .statusCode());
                // The right is asked for once a second.
                Thread.sleep(1_200);
                assertTrue(rest(second) < SIZE, "the download was cut");
                assertEquals(SIZE, rest(first));
            }
        }
    }

    private record Token(String id, String text) {}

    private static Token token(Program program) throws Exception {
        var results =
                Program.json(program.post("/tokens", "{\"scopes\":\"read\"}")).path("results");
        return new Token(results.path("id").asText(), results.path("token").asText());
    }

    private static InputStream begun(HttpClient client, String url, String token) throws Exception {
        var reply = client.send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                BodyHandlers.ofInputStream());
        assertEquals(200, reply.statusCode());
        return reply.body();
    }

    /** How many bytes come before the end, whichever it is. */
    private static long rest(InputStream body) {
        long count = 0;
        var piece = new byte[64 * 1024];
        try {
            for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
                count += read;
            }
        } catch (IOException e) {
            return count;
        }
        return count;
    }
}
