package gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.http.hardened.Wire;

/**
 * A file that cannot be written is the server's fault: 503, nothing is left behind, and it works again once there is
 * room.
 */
class FullDiskUploadTest {
    private static final String BOUNDARY = "boundary-of-the-upload";
    private static final String TYPE = "multipart/form-data; boundary=" + BOUNDARY;

    @TempDir
    Path folder;

    @Test
    void anUploadThatCannotBeWrittenIsAnsweredWith503() throws Exception {
        try (var program = Program.rest(folder, Map.of())) {
            assertEquals(200, program.get("/app/login").statusCode());
            assertEquals(200, program.post("/sandbox/pair", "{}").statusCode());
            var uploads = Map.of(
                    "/send/file", "file", "/send/image", "image", "/user/avatar", "avatar", "/send/sticker", "sticker");
            limit(program, "--fsize=65536:");
            for (var upload : uploads.entrySet()) {
                var reply = upload(program, upload.getKey(), upload.getValue());
                assertEquals(503, reply.statusCode(), upload.getKey() + " " + reply.body());
                assertTrue(reply.headers().firstValue("Retry-After").isPresent());
                assertTrue(reply.body().contains("storage"), reply.body());
            }
            try (var left = Files.list(folder.resolve("storages/media/.incoming"))) {
                assertEquals(List.of(), left.toList());
            }
            limit(program, "--fsize=unlimited:");
            for (var upload : uploads.entrySet()) {
                assertEquals(
                        200, upload(program, upload.getKey(), upload.getValue()).statusCode(), upload.getKey());
            }
            // Without descriptors no new connection is accepted; the one that is open is answered.
            try (var open = new Wire(URI.create(program.url()).getPort())) {
                var head = "Host: gateway\r\nAuthorization: " + Program.AUTHORIZATION + "\r\n";
                assertEquals(
                        200,
                        open.send("GET /app/status HTTP/1.1\r\n" + head + "\r\n")
                                .reply()
                                .status());
                limit(program, "--nofile=16:");
                var form = form("file");
                open.send("POST /send/file HTTP/1.1\r\n" + head + "Content-Type: " + TYPE + "\r\nContent-Length: "
                        + form.length + "\r\n\r\n" + new String(form, StandardCharsets.ISO_8859_1));
                assertEquals(503, open.reply().status());
                limit(program, "--nofile=1024:");
            }
        }
    }

    private static HttpResponse<String> upload(Program program, String path, String field) throws Exception {
        return program.send(
                program.request(path).header("Content-Type", TYPE).POST(BodyPublishers.ofByteArray(form(field))));
    }

    private static byte[] form(String field) throws Exception {
        var out = new ByteArrayOutputStream();
        out.writeBytes(("--" + BOUNDARY
                        + "\r\nContent-Disposition: form-data; name=\"phone\"\r\n\r\n6281234567890\r\n--" + BOUNDARY
                        + "\r\nContent-Disposition: form-data; name=\"" + field + "\"; filename=\"p.jpg\"\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        // A picture, and more than the limit behind its end.
        out.writeBytes(HostilePictures.scans(1_024, 1));
        out.writeBytes(new byte[80_000]);
        out.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    private static void limit(Program program, String limit) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("prlimit", "--pid", String.valueOf(program.pid()), limit)
                        .inheritIO()
                        .start()
                        .waitFor());
    }
}
