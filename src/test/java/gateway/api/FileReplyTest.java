package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts of files, and replies that a client has already (RFC 9110 §13, §14). */
class FileReplyTest {
    @TempDir
    static Path directory;

    private static ApiRig rig;

    @BeforeAll
    static void open() {
        rig = new ApiRig(directory).paired();
    }

    @AfterAll
    static void close() {
        rig.close();
    }

    private static ApiRig.Reply with(String path, Map<String, String> headers) {
        var request = rig.request(path).GET();
        headers.forEach(request::header);
        return rig.send(request);
    }

    private static String media() {
        var sent = rig.multipart(
                "/send/file",
                Map.of("phone", ApiRig.ALICE),
                Map.of("file", new ApiRig.FormFile("a.txt", "hello".getBytes(StandardCharsets.US_ASCII))));
        var id = sent.results().path("message_id").asText();
        return "/"
                + rig.get("/message/" + id + "/download?phone=" + ApiRig.ALICE)
                        .results()
                        .path("file_path")
                        .asText();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=1-3|206|ell|bytes 1-3/5",
                "bytes=2-|206|llo|bytes 2-4/5",
                "bytes=-2|206|lo|bytes 3-4/5",
                "bytes=0-99|206|hello|bytes 0-4/5",
                "bytes=-99|206|hello|bytes 0-4/5",
                "bytes=0-1,3-4|200|hello|",
                "lines=1-2|200|hello|",
                "bytes=3-1|200|hello|",
                "bytes=5-|416||bytes */5",
                "bytes=-0|416||bytes */5"
            })
    void aPartOfAFileIsServed(String range, int status, String body, String content) {
        var reply = with(media(), Map.of("Range", range));
        assertEquals(status, reply.status());
        assertEquals(
                content == null ? "" : content,
                reply.headers().firstValue("Content-Range").orElse(""));
        if (status != 416) {
            assertEquals(body, new String(reply.body(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void aFileThatTheClientHasIsNotSentAgain() {
        var path = media();
        var first = rig.get(path);
        var etag = first.headers().firstValue("ETag").orElseThrow();
        assertTrue(etag.startsWith("\""), etag);
        assertEquals(
                "private, no-cache", first.headers().firstValue("Cache-Control").orElse(""));
        var changed = first.headers().firstValue("Last-Modified").orElseThrow();
        assertEquals(304, with(path, Map.of("If-None-Match", etag)).status());
        assertEquals(
                304, with(path, Map.of("If-None-Match", "\"a\", W/" + etag)).status());
        assertEquals(304, with(path, Map.of("If-Modified-Since", changed)).status());
        assertEquals(
                200,
                with(path, Map.of("If-None-Match", "\"a\"", "If-Modified-Since", changed))
                        .status());
        assertEquals(
                206, with(path, Map.of("Range", "bytes=1-2", "If-Range", etag)).status());
        assertEquals(
                200,
                with(path, Map.of("Range", "bytes=1-2", "If-Range", "\"a\"")).status());
    }

    @ParameterizedTest
    @CsvSource({"/docs", "/openapi.yaml", "/docs.css"})
    void aDocumentIsZippedAndNotSentAgain(String path) {
        var plain = rig.get(path);
        var zipped = with(path, Map.of("Accept-Encoding", "br;q=1, gzip"));
        assertEquals("gzip", zipped.headers().firstValue("Content-Encoding").orElse(""));
        assertTrue(zipped.body().length < plain.body().length);
        var etag = plain.headers().firstValue("ETag").orElseThrow();
        assertEquals(304, with(path, Map.of("If-None-Match", etag)).status());
        assertEquals(
                200,
                with(path, Map.of("If-None-Match", etag, "Accept-Encoding", "gzip"))
                        .status());
        assertEquals(
                "",
                with(path, Map.of("Accept-Encoding", "gzip;q=0"))
                        .headers()
                        .firstValue("Content-Encoding")
                        .orElse(""));
    }
}
