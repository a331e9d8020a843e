package gateway.messaging;

import java.util.List;

import gateway.engine.Content;
import gateway.engine.ContentJson;
import gateway.engine.Event;
import gateway.engine.Jid;
import gateway.engine.MediaFile;
import gateway.store.Store;
import gateway.store.Tx;

/** What the account notes on its chats and messages: pins, labels, stars, timers, and what it removed for itself. */
public final class ChatNotes {
    private final Store store;
    private final ChatStorage storage;

    /** @param storage what chats keep of a message */
    public ChatNotes(Store store, ChatStorage storage) {
        this.store = store;
        this.storage = storage;
    }

    /** A label on a chat. */
    public record Label(String id, String name) {}

    public void pin(String device, Jid chat, boolean pinned) {
        set(device, chat, "pinned", pinned ? 1 : 0);
    }

    public void archive(String device, Jid chat, boolean archived) {
        set(device, chat, "archived", archived ? 1 : 0);
    }

    /** @param seconds 0 keeps messages */
    public void disappearing(String device, Jid chat, long seconds) {
        set(device, chat, "ephemeral", seconds);
    }

    /** Notes what the person marked on another device. What is not kept here cannot be marked. */
    static void mark(Tx tx, String device, Event.Marked marked) {
        int on = marked.on() ? 1 : 0;
        var chat = marked.chat().toString();
        switch (marked.mark()) {
            case PINNED -> tx.update("UPDATE chat SET pinned = ? WHERE device = ? AND jid = ?", on, device, chat);
            case ARCHIVED -> tx.update("UPDATE chat SET archived = ? WHERE device = ? AND jid = ?", on, device, chat);
            case STARRED ->
                tx.update(
                        "UPDATE message SET starred = ? WHERE device = ? AND chat = ? AND id = ?",
                        on,
                        device,
                        chat,
                        marked.message());
        }
    }

    /** {@code column} is one of this class's own words. */
    private void set(String device, Jid chat, String column, long value) {
        store.write(tx -> tx.update(
                "UPDATE chat SET " + column + " = ? WHERE device = ? AND jid = ?", value, device, chat.toString()));
    }

    public void label(String device, Jid chat, Label label, boolean labeled) {
        store.write(tx -> labeled
                ? tx.insert("""
                INSERT INTO chat_label (device, chat, label, name) VALUES (?, ?, ?, ?)
                ON CONFLICT (device, chat, label) DO UPDATE SET name = excluded.name""", device, chat.toString(), label.id(), label.name())
                : tx.delete(
                        "DELETE FROM chat_label WHERE device = ? AND chat = ? AND label = ?",
                        device,
                        chat.toString(),
                        label.id()));
    }

    /**
     * The file of a message was downloaded: from now on the message is shown with it.
     *
     * @param before what the message held; one that was taken back, or changed otherwise, in the meantime stays as it
     *     is
     */
    public void downloaded(String device, Jid chat, String message, Content.Media before, MediaFile file) {
        store.write(tx -> tx.update(
                "UPDATE message SET content = ? WHERE device = ? AND chat = ? AND id = ? AND content = ?",
                ContentJson.write(storage.kept(before.with(file))),
                device,
                chat.toString(),
                message,
                ContentJson.write(before)));
    }

    /** The account read its chat as far as these messages. */
    public void read(String device, Jid chat, List<String> messages) {
        store.write(tx -> read(tx, device, chat, messages));
    }

    static long read(Tx tx, String device, Jid chat, List<String> messages) {
        long changed = 0;
        for (var message : messages) {
            changed += tx.update("""
                UPDATE chat SET read_at = (SELECT m.sent_at FROM message m WHERE m.device = chat.device AND m.chat = chat.jid AND m.id = ?)
                WHERE device = ? AND jid = ?
                AND read_at < (SELECT m.sent_at FROM message m WHERE m.device = chat.device AND m.chat = chat.jid AND m.id = ?)""", message, device, chat.toString(), message);
        }
        return changed;
    }

    public void star(String device, Jid chat, String message, boolean starred) {
        store.write(tx -> tx.update(
                "UPDATE message SET starred = ? WHERE device = ? AND chat = ? AND id = ?",
                starred ? 1 : 0,
                device,
                chat.toString(),
                message));
    }

    /** Removes a message from this account only. */
    public void delete(String device, Jid chat, String message) {
        store.write(tx -> tx.delete(
                "DELETE FROM message WHERE device = ? AND chat = ? AND id = ?", device, chat.toString(), message));
    }
}
