package gateway.engine.web.media;

import static gateway.engine.web.Vectors.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.util.Arrays;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.engine.web.Vectors;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

class MediaUrlsTest {
    private static MediaKind kind(JsonNode vector) {
        return Arrays.stream(MediaKind.values())
                .filter(kind -> kind.mmsType().equals(vector.get("kind").asText()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void addressesAreThoseOfWhatsmeow() throws Exception {
        JsonNode connection = Vectors.file("media-urls.json").get("about").get("mediaConn");
        String host = connection.get("hosts").get(0).asText();
        for (JsonNode vector : Vectors.cases("media-urls.json")) {
            byte[] hash = bytes(vector, "fileEncSha256");
            URI made = vector.get("operation").asText().equals("upload")
                    ? MediaUrls.upload(host, connection.get("auth").asText(), kind(vector), hash)
                    : MediaUrls.download(host, vector.get("directPath").asText(), kind(vector), hash);
            assertEquals(vector.get("requests").get(0).get("url").asText(), made.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "v/file",
                "//elsewhere.invalid/file",
                "/\\elsewhere.invalid",
                "/file#part",
                "/a b",
                "/a\r\nb",
                "@elsewhere.invalid/",
                "/%zz"
            })
    void aPathThatLeadsElsewhereIsRefused(String path) {
        assertEquals(
                Reason.MALFORMED,
                assertThrows(
                                WireRefusal.class,
                                () -> MediaUrls.download("host.invalid", path, MediaKind.IMAGE, new byte[32]))
                        .reason());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "host.invalid:22", "user@host.invalid", "host.invalid/", "-host", "host.", "ho st", "[::1]"})
    void aHostThatIsNoneIsRefused(String host) {
        assertEquals(
                Reason.MALFORMED,
                assertThrows(WireRefusal.class, () -> MediaUrls.upload(host, "auth", MediaKind.IMAGE, new byte[32]))
                        .reason());
    }
}
