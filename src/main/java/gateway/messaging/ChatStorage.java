package gateway.messaging;

import gateway.engine.Attachment;
import gateway.engine.Content;
import gateway.engine.MediaFile;
import gateway.engine.RemoteFile;

/** Whether the text of messages stays in the database after it was handed over ({@code WHATSAPP_CHAT_STORAGE}). */
public enum ChatStorage {
    /** Chats keep their messages. */
    KEEP,
    /**
     * Chats keep who wrote when, so that a message that comes twice is recognised; text, captions, names and reactions
     * are not stored. The text of a message that waits, or is set aside, stays until the message is finished.
     */
    FORGET;

    private static final Content NOTHING = new Content.Text("", Content.Options.NONE);

    /** What a chat keeps of a message. */
    Content kept(Content content) {
        return switch (this) {
            case KEEP -> content;
            case FORGET ->
                content instanceof Content.Media media
                        ? new Content.Media(
                                media.type(),
                                nameless(media.file()),
                                "",
                                media.viewOnce(),
                                media.voice(),
                                Content.Options.NONE)
                        : NOTHING;
        };
    }

    private static Attachment nameless(Attachment file) {
        return switch (file) {
            case MediaFile kept -> new MediaFile(kept.id(), kept.mime(), "", kept.size(), kept.sha256());
            case RemoteFile remote -> new RemoteFile(remote.mime(), "", remote.size(), remote.sha256());
        };
    }

    /** What a chat keeps of a name that somebody gave. */
    String kept(String name) {
        return this == KEEP ? name : "";
    }

    /** Whether a chat takes the change over; a message that was taken back loses its file in either case. */
    boolean takes(Content.Change change) {
        return this == KEEP || change instanceof Content.Revoke;
    }
}
