package gateway.engine.sandbox;

import gateway.engine.Content;
import gateway.engine.MediaFile;
import gateway.engine.RemoteFile;

/**
 * The files that the pretended WhatsApp has for one account and that the account did not fetch with their message.
 *
 * @param rules which files the account fetches
 */
record SandboxFiles(World world, InboundRules rules) {

    /**
     * The content as the account is told it: with its file, or with what is known of a file that is not fetched now.
     *
     * @param message the id of the message
     * @param later whether the file is not fetched now, whatever the rules
     */
    Content told(String message, Content content, boolean later) {
        if (!(content instanceof Content.Media media && media.file() instanceof MediaFile file)
                || !later && rules.takes(file)) {
            return content;
        }
        if (rules.tooLarge(file)) {
            world.drop(file.id());
        } else {
            world.store()
                    .write(tx -> tx.insert(
                            """
                    INSERT INTO sandbox_file (device, message, id, mime, name, size, sha256) VALUES (?, ?, ?, ?, ?, ?, ?)""",
                            world.device(),
                            message,
                            file.id(),
                            file.mime(),
                            file.name(),
                            file.size(),
                            file.sha256()));
        }
        return media.with(new RemoteFile(file.mime(), file.name(), file.size(), file.sha256()));
    }

    /** The file of a message, fetched now. */
    MediaFile fetch(String message, RemoteFile file) {
        if (rules.tooLarge(file)) {
            throw World.rejected("the file of this message is larger than WHATSAPP_SETTING_MAX_DOWNLOAD_SIZE");
        }
        return world.store()
                .one(
                        row -> new MediaFile(row.text(1), row.text(2), row.text(3), row.number(4), row.text(5)),
                        "SELECT id, mime, name, size, sha256 FROM sandbox_file WHERE device = ? AND message = ?",
                        world.device(),
                        message)
                .orElseThrow(() -> World.rejected("WhatsApp no longer has the file of this message"));
    }
}
