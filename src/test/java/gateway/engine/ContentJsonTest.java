package gateway.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;

import org.junit.jupiter.api.Test;

class ContentJsonTest {

    @Test
    void whatCannotBeShownIsReadAsAnEarlierVersionWroteIt() {
        var before = "{\"kind\":\"unsupported\",\"json\":\"{\\\"type\\\":\\\"album\\\"}\"}";
        assertEquals(new Content.Unsupported("album", Content.Options.NONE), ContentJson.read(before));
    }

    @Test
    void aFileThatWasNotDownloadedIsReadAsItWasWritten() {
        var file = new RemoteFile("image/jpeg", "a.jpg", 5_000_000_000L, "0a".repeat(32));
        var media = new Content.Media(Content.Media.Type.IMAGE, file, "Look", true, false, Content.Options.NONE);
        assertEquals(media, ContentJson.read(ContentJson.write(media)));
        var shown = new Content.Unsupported("undecryptable", Content.Options.NONE);
        assertEquals(shown, ContentJson.read(ContentJson.write(shown)));
    }

    @Test
    void aVoteIsReadAsItWasWritten() {
        for (var vote : List.of(Content.Vote.in("3EB0", List.of("Tea", "Milk")), Content.Vote.in("3EB0", List.of()))) {
            assertEquals(vote, ContentJson.read(ContentJson.write(vote)));
        }
    }

    @Test
    void anAddressIsAPersonsUnlessItSaysWhichDevice() {
        assertEquals("6281@s.whatsapp.net", Jid.parse("6281:7@s.whatsapp.net").toString());
        assertEquals("6281:7@s.whatsapp.net", Jid.ofPhone("6281").device(7).toString());
        assertThrows(IllegalArgumentException.class, () -> Jid.ofPhone("6281").device(1_000));
        assertThrows(IllegalArgumentException.class, () -> new RemoteFile("image/jpeg", "", -1, ""));
        assertThrows(IllegalArgumentException.class, () -> new Content.Unsupported("<b>", Content.Options.NONE));
    }
}
