package gateway.api;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.api.media.MediaSource;
import gateway.engine.Content;
import gateway.engine.Event;
import gateway.engine.MediaFile;
import gateway.engine.RemoteFile;
import gateway.engine.sandbox.InboundRules;

/** Files that are fetched: with a message that came in, and by a URL that a client named. */
class InboundMediaTest {
    private static final int SIZE = Samples.file("image").bytes().length;

    @TempDir
    Path directory;

    @Test
    void aFileOfTheLargestSizeIsFetched() throws IOException {
        try (var rig = new RigSetup(directory)
                .inbound(new InboundRules(true, SIZE, true))
                .start()
                .paired()) {
            assertTrue(received(rig).file() instanceof MediaFile);
            assertEquals(1, files());
        }
    }

    @Test
    void aFileThatIsOneByteLargerIsNeverFetched() throws IOException {
        try (var rig = new RigSetup(directory)
                .inbound(new InboundRules(true, SIZE - 1, true))
                .start()
                .paired()) {
            told(received(rig));
            assertEquals(0, files());
            var refused = download(rig);
            assertEquals(400, refused.status());
            assertTrue(refused.message().contains("larger than WHATSAPP_SETTING_MAX_DOWNLOAD_SIZE"), refused::message);
        }
    }

    @Test
    void whereFilesAreNotFetchedOneIsWhenSomebodyAsks() {
        try (var rig = new RigSetup(directory)
                .inbound(new InboundRules(false, SIZE, true))
                .start()
                .paired()) {
            told(received(rig));
            assertEquals(200, download(rig).status());
            assertEquals(
                    SIZE,
                    rig.get("/" + download(rig).results().path("file_path").asText())
                            .body()
                            .length);
        }
    }

    private static void told(Content.Media content) {
        var sample = Samples.file("image");
        assertEquals("words with it", content.caption());
        assertTrue(content.file() instanceof RemoteFile, content::toString);
        assertEquals(SIZE, content.file().size());
        assertEquals(
                "image/"
                        + sample.name()
                                .substring(sample.name().lastIndexOf('.') + 1)
                                .replace("jpg", "jpeg"),
                content.file().mime());
    }

    private static ApiRig.Reply download(ApiRig rig) {
        var id = rig.get("/chat/" + ApiRig.ALICE + "/messages")
                .results()
                .path("data")
                .path(0)
                .path("id")
                .asText();
        return rig.get("/message/" + id + "/download?phone=" + ApiRig.ALICE);
    }

    @Test
    void aFileNamedByAUrlHasTheSameLimit() {
        byte[] picture = Samples.png(4, 4);
        MediaSource source = (url, most, file) -> {
            if (picture.length > most) {
                throw new IOException("The file is larger than " + most + " bytes.");
            }
            Files.write(file, picture);
        };
        var body = ApiRig.object().put("phone", ApiRig.ALICE).put("image_url", "https://example.org/a.png");
        try (var rig = new RigSetup(directory)
                .source(source.upTo(picture.length))
                .start()
                .paired()) {
            assertEquals(200, rig.post("/send/image", body).status());
        }
        try (var rig =
                new RigSetup(directory).source(source.upTo(picture.length - 1)).start()) {
            assertEquals(
                    "image_url: The file is larger than " + (picture.length - 1) + " bytes.",
                    rig.post("/send/image", body).message());
        }
    }

    private static Content.Media received(ApiRig rig) {
        assertEquals(
                200,
                rig.multipart(
                                "/sandbox/inbound",
                                Map.of("from", ApiRig.ALICE, "type", "image", "caption", "words with it"),
                                Map.of("file", Samples.file("image")))
                        .status());
        return (Content.Media) await().atMost(Duration.ofSeconds(10))
                .until(
                        () -> rig.happened.stream()
                                .filter(Event.Message.class::isInstance)
                                .map(event -> ((Event.Message) event).content())
                                .findFirst(),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    private long files() throws IOException {
        try (var files = Files.walk(directory.resolve("media"))) {
            return files.filter(Files::isRegularFile).count();
        }
    }
}
