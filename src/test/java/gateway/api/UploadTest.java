package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.api.media.MediaLimits;
import gateway.api.media.MediaSource;

/** Files on their way in: cut at their limit, judged by their content, kept for the owner only. */
class UploadTest {
    private static final MediaLimits SMALL = new MediaLimits(100_000, 100_000, 100_000, 100_000, 50_000_000);

    @TempDir
    Path directory;

    @Test
    void aFileBeyondItsLimitIsCutOffWhileItComesIn() {
        try (var rig = new RigSetup(directory).limits(SMALL).start().paired()) {
            var reply = rig.multipart(
                    "/send/file",
                    Map.of("phone", ApiRig.ALICE),
                    Map.of("file", new ApiRig.FormFile("big.pdf", new byte[200_000])));
            assertEquals(413, reply.status());
            assertTrue(reply.message().startsWith("file:"), reply.message());
            assertEquals(0, files(rig), "nothing is left of it");
        }
    }

    @Test
    void whatIsKeptIsForTheOwnerOnlyAndNamedByUs() throws IOException {
        try (var rig = new ApiRig(directory).paired()) {
            var reply = rig.multipart(
                    "/send/file",
                    Map.of("phone", ApiRig.ALICE, "caption", "the contract"),
                    Map.of("file", new ApiRig.FormFile("contract.pdf", Samples.pdf())));
            assertEquals(200, reply.status(), reply.message());
            try (var all = Files.walk(directory.resolve("media"))) {
                for (var path : all.toList()) {
                    assertEquals(
                            Files.isDirectory(path) ? "rwx------" : "rw-------",
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
                    assertTrue(!path.toString().contains("contract"));
                }
            }
            var id = reply.results().path("message_id").asText();
            var download = rig.get("/message/" + id + "/download?phone=" + ApiRig.ALICE);
            assertEquals("contract.pdf", download.results().path("filename").asText());
            var file = rig.get("/" + download.results().path("file_path").asText());
            assertEquals(new String(Samples.pdf()), new String(file.body()));
            assertTrue(
                    file.headers()
                            .firstValue("Content-Disposition")
                            .orElseThrow()
                            .startsWith("attachment"),
                    "a document never runs here");
        }
    }

    @Test
    void aPortraitIsCutSquareAndSmall() throws IOException {
        try (var rig = new ApiRig(directory).paired()) {
            assertEquals(
                    200,
                    rig.multipart(
                                    "/user/avatar",
                                    Map.of(),
                                    Map.of("avatar", new ApiRig.FormFile("me.png", Samples.png(1_500, 900))))
                            .status());
            var self = rig.get("/app/devices").results().path(0).path("jid").asText();
            var url =
                    rig.get("/user/avatar?phone=" + self).results().path("url").asText();
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(
                    rig.get(java.net.URI.create(url).getPath()).body()));
            assertEquals(640, image.getWidth());
            assertEquals(640, image.getHeight());
        }
    }

    @Test
    void aLargePictureIsCompressedUnlessAskedNotTo() throws IOException {
        try (var rig = new ApiRig(directory).paired()) {
            var picture = new ApiRig.FormFile("wall.png", Samples.noise(2_000, 1_000));
            var small = rig.multipart("/send/image", Map.of("phone", ApiRig.ALICE), Map.of("image", picture));
            var large = rig.multipart(
                    "/send/image", Map.of("phone", ApiRig.ALICE, "compress", "false"), Map.of("image", picture));
            assertEquals(picture.bytes().length, size(rig, large));
            assertTrue(size(rig, small) < size(rig, large));
        }
    }

    private static long size(ApiRig rig, ApiRig.Reply sent) {
        return rig.get("/message/" + sent.results().path("message_id").asText() + "/download?phone=" + ApiRig.ALICE)
                .results()
                .path("file_size")
                .asLong();
    }

    @Test
    void aFileNamedByAUrlIsFetchedJudgedAndSent() {
        MediaSource source = (url, most, file) -> {
            if (url.contains("private")) {
                throw new IOException("This address may not be asked.");
            }
            Files.write(file, url.endsWith(".png") ? Samples.png(4, 4) : "no picture".getBytes());
        };
        try (var rig = new RigSetup(directory).source(source).start().paired()) {
            var body = ApiRig.object().put("phone", ApiRig.ALICE);
            assertEquals(
                    "image_url: This address may not be asked.",
                    rig.post("/send/image", body.put("image_url", "https://private.example/a.png"))
                            .message());
            assertTrue(rig.post("/send/image", body.put("image_url", "https://example.org/a.txt"))
                    .message()
                    .startsWith("image_url: must be a file of type"));
            assertEquals(0, files(rig));
            assertEquals(
                    200,
                    rig.post("/send/image", body.put("image_url", "https://example.org/a.png"))
                            .status());
            assertTrue(rig.post("/send/image", body.put("image_url", "file:///etc/passwd"))
                    .message()
                    .startsWith("image_url: must be a valid URL"));
        }
    }

    /** 60 MB through a program that keeps no more than buffers of it. */
    @Test
    void memoryDoesNotGrowWithTheFile() {
        try (var rig = new ApiRig(directory).paired()) {
            var head = ApiRig.multipart(
                    Map.of("phone", ApiRig.ALICE), Map.of("video", new ApiRig.FormFile("film.mp4", Samples.mp4())));
            var text = new String(head, java.nio.charset.StandardCharsets.ISO_8859_1);
            int end = text.lastIndexOf("\r\n--");
            end = text.lastIndexOf("\r\n--", end - 1) < text.indexOf("ftyp")
                    ? end
                    : text.lastIndexOf("\r\n--", end - 1);
            var front = java.util.Arrays.copyOf(head, end);
            var back = java.util.Arrays.copyOfRange(head, end, head.length);
            var zeros = new Zeros(60_000_000);
            InputStream body = new java.io.SequenceInputStream(java.util.Collections.enumeration(
                    java.util.List.of(new ByteArrayInputStream(front), zeros, new ByteArrayInputStream(back))));
            System.gc();
            long before = used();
            var reply = rig.send(rig.request("/send/video")
                    .header("Content-Type", ApiRig.multipartType())
                    .POST(java.net.http.HttpRequest.BodyPublishers.ofInputStream(() -> body)));
            assertEquals(200, reply.status(), reply.message());
            assertTrue(zeros.live - before < 25_000_000, "kept " + (zeros.live - before) + " bytes of 50 MB");
        }
    }

    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long files(ApiRig rig) {
        try (var all = Files.walk(rig.directory.resolve("media"))) {
            return all.filter(Files::isRegularFile).count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** So many zeros, made as they are read; near their end it is noted what memory then holds. */
    private static final class Zeros extends InputStream {
        private static final long LOOK_AT = 10_000_000;
        private volatile long live = Long.MAX_VALUE;
        private long left;

        Zeros(long count) {
            this.left = count;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] to, int at, int most) {
            if (left <= 0) {
                return -1;
            }
            int n = (int) Math.min(left, most);
            if (left > LOOK_AT && left - n <= LOOK_AT) {
                System.gc();
                live = used();
            }
            java.util.Arrays.fill(to, at, at + n, (byte) 0);
            left -= n;
            return n;
        }
    }
}
