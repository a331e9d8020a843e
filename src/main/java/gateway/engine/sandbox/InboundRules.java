package gateway.engine.sandbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import gateway.engine.Content;

/**
 * What an account takes of the messages that come in, and what the pretended network remembers of those that go out.
 *
 * @param downloads   whether files are fetched ({@code WHATSAPP_AUTO_DOWNLOAD_MEDIA})
 * @param maxDownload the largest file that is fetched, bytes ({@code WHATSAPP_SETTING_MAX_DOWNLOAD_SIZE})
 * @param remembers   whether the network keeps the text of what it took
 */
public record InboundRules(boolean downloads, long maxDownload, boolean remembers) {
    /** Takes every file and remembers every text. */
    public static final InboundRules ALL = new InboundRules(true, Long.MAX_VALUE, true);

    /** Whether the file of this content stays on the network's side. */
    boolean leaves(Content content) {
        return content instanceof Content.Media media && (!downloads || media.file().size() > maxDownload);
    }

    /** The content as the account gets it: instead of a file that is left, what the file is and why it was not fetched. */
    Content taken(Content content) {
        if (!leaves(content)) {
            return content;
        }
        var media = (Content.Media) content;
        var told = JsonNodeFactory.instance.objectNode().put("type", media.type().word())
                .put("reason", downloads ? "larger than WHATSAPP_SETTING_MAX_DOWNLOAD_SIZE" : "WHATSAPP_AUTO_DOWNLOAD_MEDIA is off")
                .put("mime_type", media.file().mime()).put("file_length", media.file().size()).put("caption", media.caption());
        return new Content.Structured("unsupported", told.toString(), media.options());
    }
}
