package gateway.messaging;

import gateway.engine.Content;
import gateway.engine.ContentJson;
import gateway.engine.Jid;
import gateway.store.Tx;

/** What reactions, edits and revocations do to the messages that are kept. Who may make one: {@link Authors}. */
final class Changes {
    private Changes() {}

    /**
     * Applies the change; once more changes nothing. A message that is not kept here stays that way.
     *
     * @param storage what chats keep
     * @param sender who changes it
     */
    static boolean apply(
            Tx tx, ChatStorage storage, String device, Jid chat, String sender, Content.Change change, long at) {
        return storage.takes(change)
                && switch (change) {
                    case Content.Reaction reaction -> react(tx, device, chat, sender, reaction, at);
                    case Content.Edit edit -> edit(tx, device, chat, edit, at);
                    // Taken back is taken back: the words go, the fact stays.
                    case Content.Revoke revoke ->
                        0
                                < tx.update(
                                        """
                    UPDATE message SET body = '', kind = 'text', content = ?, revoked_at = ?, updated_at = ?
                    WHERE device = ? AND chat = ? AND id = ? AND revoked_at = 0""",
                                        ContentJson.write(new Content.Text("", Content.Options.NONE)),
                                        at,
                                        at,
                                        device,
                                        chat.toString(),
                                        revoke.target());
                };
    }

    private static boolean react(Tx tx, String device, Jid chat, String sender, Content.Reaction reaction, long at) {
        if (reaction.emoji().isEmpty()) {
            return 0
                    < tx.delete(
                            "DELETE FROM reaction WHERE device = ? AND chat = ? AND message = ? AND sender = ?",
                            device,
                            chat.toString(),
                            reaction.target(),
                            sender);
        }
        return 0 < tx.insert("""
                INSERT INTO reaction (device, chat, message, sender, emoji, reacted_at)
                SELECT device, chat, id, ?, ?, ? FROM message WHERE device = ? AND chat = ? AND id = ?
                ON CONFLICT (device, chat, message, sender) DO UPDATE SET
                    emoji = excluded.emoji, reacted_at = excluded.reacted_at WHERE reaction.emoji <> excluded.emoji""", sender, reaction.emoji(), at, device, chat.toString(), reaction.target());
    }

    private static boolean edit(Tx tx, String device, Jid chat, Content.Edit edit, long at) {
        var kept = tx.one(
                row -> row.text(1),
                "SELECT content FROM message WHERE device = ? AND chat = ? AND id = ? AND edited_at < ?",
                device,
                chat.toString(),
                edit.target(),
                at);
        if (kept.isEmpty()) {
            return false;
        }
        var content = reworded(ContentJson.read(kept.get()), edit.body());
        return 0
                < tx.update(
                        """
                UPDATE message SET body = ?, content = ?, edited_at = ?, updated_at = ?
                WHERE device = ? AND chat = ? AND id = ?""",
                        content.body(),
                        ContentJson.write(content),
                        at,
                        at,
                        device,
                        chat.toString(),
                        edit.target());
    }

    /** Only words and captions can be edited on WhatsApp; anything else stays as it is. */
    private static Content reworded(Content content, String words) {
        return switch (content) {
            case Content.Text text -> new Content.Text(words, text.options());
            case Content.Media media ->
                new Content.Media(media.type(), media.file(), words, media.viewOnce(), media.voice(), media.options());
            case Content.Link link -> new Content.Link(link.url(), words, link.options());
            case Content.Card other -> other;
            case Content.Location other -> other;
            case Content.Poll other -> other;
            case Content.Vote other -> other;
            case Content.Structured other -> other;
            case Content.Unsupported other -> other;
            case Content.Change other -> other;
        };
    }
}
