package gateway.api;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import gateway.api.media.MediaLimits;
import gateway.api.media.MediaSource;
import gateway.engine.Content;
import gateway.engine.Event;
import gateway.engine.sandbox.InboundRules;
import gateway.messaging.AutoActions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are fetched: with a message that came in, and by a URL that a client named. */
class InboundMediaTest {
    @TempDir
    Path directory;

    @Test
    void aFileOfTheLargestSizeIsFetched() throws IOException {
        var content = received(new InboundRules(true, Samples.file("image").bytes().length, true));
        assertTrue(content instanceof Content.Media, content::toString);
        assertEquals(1, files());
    }

    @Test
    void aFileThatIsOneByteLargerIsNot() throws IOException {
        var content = received(new InboundRules(true, Samples.file("image").bytes().length - 1, true));
        assertEquals("unsupported", content.kind());
        assertTrue(content.toString().contains("larger than WHATSAPP_SETTING_MAX_DOWNLOAD_SIZE"), content::toString);
        await().untilAsserted(() -> assertEquals(0, files()));
    }

    @Test
    void noFileIsFetchedWhereFilesAreNot() throws IOException {
        var content = received(new InboundRules(false, Long.MAX_VALUE, true));
        assertEquals("unsupported", content.kind());
        assertTrue(content.toString().contains("words with it"), content::toString);
        await().untilAsserted(() -> assertEquals(0, files()));
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
        try (var rig = new ApiRig(directory, AutoActions.NONE, MediaLimits.DEFAULT, source.upTo(picture.length), true).paired()) {
            assertEquals(200, rig.post("/send/image", body).status());
        }
        try (var rig = new ApiRig(directory, AutoActions.NONE, MediaLimits.DEFAULT, source.upTo(picture.length - 1), true)) {
            assertEquals("image_url: The file is larger than " + (picture.length - 1) + " bytes.", rig.post("/send/image", body).message());
        }
    }

    private Content received(InboundRules rules) {
        try (var rig = new ApiRig(directory, rules).paired()) {
            assertEquals(200, rig.multipart("/sandbox/inbound", Map.of("from", ApiRig.ALICE, "type", "image", "caption", "words with it"),
                    Map.of("file", Samples.file("image"))).status());
            return await().atMost(Duration.ofSeconds(10)).until(() -> rig.told.stream()
                    .filter(Event.Message.class::isInstance).map(event -> ((Event.Message) event).content()).findFirst(),
                    java.util.Optional::isPresent).orElseThrow();
        }
    }

    private long files() throws IOException {
        try (var files = Files.walk(directory.resolve("media"))) {
            return files.filter(Files::isRegularFile).count();
        }
    }
}
