package gateway.engine.sandbox;

import gateway.engine.Attachment;

/**
 * What an account takes of the messages that come in, and what the pretended network remembers of those that go out.
 *
 * @param downloads   whether files are fetched when their message comes ({@code WHATSAPP_AUTO_DOWNLOAD_MEDIA})
 * @param maxDownload the largest file that is ever fetched, bytes ({@code WHATSAPP_SETTING_MAX_DOWNLOAD_SIZE})
 * @param remembers   whether the network keeps the text of what it took
 */
public record InboundRules(boolean downloads, long maxDownload, boolean remembers) {
    /** Takes every file and remembers every text. */
    public static final InboundRules ALL = new InboundRules(true, Long.MAX_VALUE, true);

    /** Whether the file is fetched when its message comes. */
    boolean takes(Attachment file) {
        return downloads && !tooLarge(file);
    }

    /** Whether the file is never fetched. */
    boolean tooLarge(Attachment file) {
        return file.size() > maxDownload;
    }
}
