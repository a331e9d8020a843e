package gateway.engine.web.media;

/** The kinds of files: the text of the key derivation, and the word of the download query. */
public enum MediaKind {
    IMAGE("Image", "image"),
    STICKER("Image", "image"),
    VIDEO("Video", "video"),
    GIF("Video", "video"),
    VIDEO_NOTE("Video", "video"),
    AUDIO("Audio", "audio"),
    VOICE("Audio", "audio"),
    DOCUMENT("Document", "document"),
    HISTORY("History", "md-msg-hist"),
    APP_STATE("App State", "md-app-state"),
    LINK_THUMBNAIL("Link Thumbnail", "thumbnail-link"),
    DOCUMENT_THUMBNAIL("Document Thumbnail", "thumbnail-document"),
    IMAGE_THUMBNAIL("Image Thumbnail", "thumbnail-image"),
    VIDEO_THUMBNAIL("Video Thumbnail", "thumbnail-video"),
    STICKER_PACK("Sticker Pack", "sticker-pack");

    private final String name;
    private final String mmsType;

    MediaKind(String name, String mmsType) {
        this.name = name;
        this.mmsType = mmsType;
    }

    /** The text of the key derivation. */
    public String info() {
        return "WhatsApp " + name + " Keys";
    }

    /** The word of the download query {@code mms-type} and of the upload's path. */
    public String mmsType() {
        return mmsType;
    }
}
