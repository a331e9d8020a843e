package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.HostilePictures;
import gateway.api.media.BrokenPicture;
import gateway.api.media.FileType;
import gateway.api.media.MediaSource;
import gateway.api.media.PictureHead;

/** What is read of a picture before anything is decoded, and what is refused for it. */
class PictureHeadTest {
    @TempDir
    Path directory;

    @Test
    void aPngTellsItsSizeAndWhatAPixelTakes() throws IOException {
        var head = head(Samples.png(1_500, 900), FileType.PNG);
        assertEquals(1_500, head.width());
        assertEquals(900, head.height());
        assertEquals(3, head.pixelBytes());
        assertEquals(0, head.coefficients());
    }

    @Test
    void aJpegOfOneScanTakesNoCoefficientsAndAProgressiveOneTakesThemAll() throws IOException {
        var baseline = head(jpeg(640, 480, false), FileType.JPEG);
        assertEquals(640, baseline.width());
        assertEquals(480, baseline.height());
        assertEquals(0, baseline.coefficients());
        var progressive = head(jpeg(640, 480, true), FileType.JPEG);
        assertEquals(640, progressive.width());
        // Two bytes for each of 4:2:0's one and a half samples a pixel.
        assertEquals(640 * 480 * 3, progressive.coefficients());
    }

    @Test
    void theBoundsAreNamed() {
        refused("no wider", HostilePictures.wide(40_000), FileType.PNG);
        refused("no more than 20000 chunks", HostilePictures.manyChunks(20_001), FileType.PNG);
        refused("no more than 32 scans", HostilePictures.scans(64, 32), FileType.JPEG);
        refused("no more than 1000 frames", gif(1_001), FileType.GIF);
        refused("no more than 1000 frames", webp(1_001), FileType.WEBP);
    }

    @Test
    void animationsWithinTheBoundsAreTaken() throws IOException {
        assertEquals(8, head(gif(1_000), FileType.GIF).width());
        assertEquals(8, head(webp(1_000), FileType.WEBP).height());
        assertEquals(1, head(Samples.webp(), FileType.WEBP).pixels());
    }

    @Test
    void whatIsCutOffIsBrokenRatherThanAFaultOfOurs() {
        var png = Samples.png(8, 8);
        var jpeg = HostilePictures.scans(64, 1);
        for (int length : new int[] {8, 12, 20, 24}) {
            refused("", java.util.Arrays.copyOf(png, length), FileType.PNG);
            refused("", java.util.Arrays.copyOf(jpeg, length), FileType.JPEG);
        }
    }

    @Test
    void aUrlIsNoWayAroundTheBounds() {
        MediaSource source = (url, most, file) -> Files.write(file, HostilePictures.wide(20_000_000));
        try (var rig = new RigSetup(directory).source(source).start().paired()) {
            var reply = rig.post(
                    "/send/image",
                    ApiRig.object().put("phone", ApiRig.ALICE).put("image_url", "https://example.org/a.png"));
            assertEquals(400, reply.status());
            assertEquals("image_url: must be no wider and no higher than 32767 pixels.", reply.message());
        }
    }

    @Test
    void aProgressivePictureTooLargeToDecodeIsSentAsItIs() {
        try (var rig = new ApiRig(directory).paired()) {
            var picture = HostilePictures.scans(6_000, 1);
            var files = Map.of("image", new ApiRig.FormFile("p.jpg", picture));
            var sent = rig.multipart("/send/image", Map.of("phone", ApiRig.ALICE), files);
            assertEquals(200, sent.status(), sent.message());
            assertEquals(
                    picture.length,
                    rig.get("/message/" + sent.results().path("message_id").asText() + "/download?phone="
                                    + ApiRig.ALICE)
                            .results()
                            .path("file_size")
                            .asLong());
            var portrait =
                    rig.multipart("/user/avatar", Map.of(), Map.of("avatar", new ApiRig.FormFile("p.jpg", picture)));
            assertEquals(400, portrait.status());
            assertTrue(portrait.message().startsWith("avatar: takes too much memory to decode"), portrait.message());
            assertEquals(0, rig.budget.used());
        }
    }

    private void refused(String why, byte[] picture, FileType type) {
        var refusal = assertThrows(BrokenPicture.class, () -> head(picture, type));
        assertTrue(refusal.sentence().contains(why), refusal.sentence());
    }

    private PictureHead head(byte[] picture, FileType type) throws IOException {
        return PictureHead.of(Files.write(directory.resolve("picture"), picture), type);
    }

    private static byte[] jpeg(int width, int height, boolean progressive) throws IOException {
        var image = ImageIO.read(new java.io.ByteArrayInputStream(Samples.png(width, height)));
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        var out = new ByteArrayOutputStream();
        try (var to = ImageIO.createImageOutputStream(out)) {
            var parameters = writer.getDefaultWriteParam();
            if (progressive) {
                parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
            }
            writer.setOutput(to);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    private static byte[] gif(int frames) {
        var out = new ByteArrayOutputStream();
        out.writeBytes("GIF89a".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(new byte[] {8, 0, 8, 0, (byte) 0x80, 0, 0, 0, 0, 0, 1, 1, 1});
        for (int i = 0; i < frames; i++) {
            out.writeBytes(
                    new byte[] {0x21, (byte) 0xF9, 4, 0, 1, 0, 0, 0, 0x2C, 0, 0, 0, 0, 8, 0, 8, 0, 0, 2, 2, 0x4C, 1, 0
                    });
        }
        out.write(0x3B);
        return out.toByteArray();
    }

    private static byte[] webp(int frames) {
        var out = ByteBuffer.allocate(30 + frames * 24).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        out.put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(out.capacity() - 8)
                .put("WEBPVP8X".getBytes(StandardCharsets.US_ASCII))
                .putInt(10)
                .put(new byte[] {2, 0, 0, 0, 7, 0, 0, 7, 0, 0});
        for (int i = 0; i < frames; i++) {
            out.put("ANMF".getBytes(StandardCharsets.US_ASCII)).putInt(16).put(new byte[16]);
        }
        return out.array();
    }
}
