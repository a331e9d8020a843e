package gateway.messaging;

import java.util.List;
import java.util.Optional;

import gateway.budget.Share;
import gateway.engine.Content;
import gateway.engine.ContentJson;
import gateway.engine.Jid;
import gateway.store.Read;
import gateway.store.Row;
import gateway.store.Store;
import gateway.store.Tx;

/**
 * The chats of an account and the messages in them, whichever side wrote them. One of ours that waits to be sent is a
 * row of the outbox; it is shown all the same, and kept here when it is finished.
 */
public final class Chats {
    /** The kinds of {@link Content.Media}. */
    static final String MEDIA = "kind IN ('image', 'video', 'audio', 'document', 'sticker', 'video_note')";
    /** What a content takes from the request's share, in bytes for each character: its row, its tree, and the reply. */
    static final long CONTENT_TIMES = 6;

    private final Store store;

    public Chats(Store store) {
        this.store = store;
    }

    /** A chat in the list. Times are epoch milliseconds; {@code ephemeral} is seconds, 0 when messages stay. */
    public record Chat(
            String jid,
            String name,
            long lastMessageAt,
            long ephemeral,
            boolean archived,
            boolean pinned,
            long createdAt,
            long updatedAt) {
        static Chat of(Row row) {
            return new Chat(
                    row.text("jid"),
                    row.text("name"),
                    row.number("last_message_at"),
                    row.number("ephemeral"),
                    row.number("archived") == 1,
                    row.number("pinned") == 1,
                    row.number("created_at"),
                    row.number("updated_at"));
        }
    }

    /** A message in a chat; {@code refused} says why WhatsApp will never take it, and is empty for all others. */
    public record Message(
            String id,
            String chat,
            String sender,
            boolean fromMe,
            Content content,
            long sentAt,
            long createdAt,
            long updatedAt,
            String refused) {
        /** A message that WhatsApp did not refuse. */
        Message(
                String id,
                String chat,
                String sender,
                boolean fromMe,
                Content content,
                long sentAt,
                long createdAt,
                long updatedAt) {
            this(id, chat, sender, fromMe, content, sentAt, createdAt, updatedAt, "");
        }

        static Message of(Row row) {
            var content = row.text("content");
            Share.current().take(CONTENT_TIMES * content.length());
            return new Message(
                    row.text("id"),
                    row.text("chat"),
                    row.text("sender"),
                    row.number("from_me") == 1,
                    read(content),
                    row.number("sent_at"),
                    row.number("created_at"),
                    row.number("updated_at"),
                    row.text("refused"));
        }
    }

    /** Reads a content. A message whose JSON is damaged is shown without words, and does not hide the others. */
    static Content read(String json) {
        try {
            return ContentJson.read(json);
        } catch (RuntimeException e) {
            return new Content.Text("", Content.Options.NONE);
        }
    }

    /** Part of a list: rows {@code offset} to {@code offset + limit} of {@code total}. */
    public record Page<T>(List<T> rows, int limit, int offset, long total) {
        /** Whether rows may stand behind the last one. */
        public boolean isFull() {
            return rows.size() == limit && offset + (long) limit < total;
        }
    }

    /**
     * A place in a list, where its next page begins: the time and the key of the row that the last page ended with. Rows
     * that come to the top meanwhile move no other page.
     */
    public record Place(long at, String key) {}

    /** Which chats; {@code name} is part of a name or address, empty for all. */
    public record ChatQuery(
            int limit, int offset, Optional<Place> before, String name, boolean hasMedia, Optional<Boolean> archived) {}

    /** Which messages of a chat; times are epoch milliseconds, both ends included. */
    public record MessageQuery(
            int limit,
            int offset,
            Optional<Place> before,
            Optional<Long> from,
            Optional<Long> to,
            Optional<Boolean> fromMe,
            boolean mediaOnly,
            String words) {}

    /** The chat; empty when there is none. */
    public Optional<Chat> find(String device, Jid jid) {
        return store.one(
                Chat::of,
                "SELECT jid, name, last_message_at, ephemeral, archived, pinned, created_at, updated_at FROM chat WHERE device = ? AND jid = ?",
                device,
                jid.toString());
    }

    /** Kept and waiting messages in one statement, so that none is missed while it moves between the tables. */
    private static String with(String waiting) {
        return """
                (SELECT device, chat, id, sender, from_me, kind, content, sent_at, created_at, updated_at, refused FROM message
                 UNION ALL
                 SELECT device, chat, message_id, sender, 1, kind, content, accepted_at, accepted_at, accepted_at, '' AS refused FROM %s) AS shown""".formatted(waiting);
    }

    /**
     * The message of that id, also one that is still to be sent; the chat need not be known. Of several chats' messages
     * it is the one that came first, so that nobody puts another in its place.
     */
    public Optional<Message> message(String device, String id) {
        return store.one(
                Message::of,
                "SELECT * FROM " + with(OutboxShown.SHOWN) + " WHERE device = ? AND id = ? ORDER BY created_at LIMIT 1",
                device,
                id);
    }

    /** As {@link #message(String, String)}, in this chat only. */
    public Optional<Message> message(String device, Jid chat, String id) {
        return store.one(
                Message::of,
                "SELECT * FROM " + with(OutboxShown.SHOWN) + " WHERE device = ? AND chat = ? AND id = ?",
                device,
                chat.toString(),
                id);
    }

    /** A reaction to a message; {@code at} is epoch milliseconds. */
    public record Reaction(String message, String sender, String emoji, long at) {}

    /** The reactions to the messages of a chat that were sent between the two times, both included. */
    static List<Reaction> reactions(Read read, String device, String chat, long from, long to) {
        return read.all(
                row -> new Reaction(row.text(1), row.text(2), row.text(3), row.number(4)), """
                SELECT r.message, r.sender, r.emoji, r.reacted_at FROM reaction r
                JOIN message m ON m.device = r.device AND m.chat = r.chat AND m.id = r.message
                WHERE r.device = ? AND r.chat = ? AND m.sent_at BETWEEN ? AND ? ORDER BY r.reacted_at, r.sender""", device, chat, from, to);
    }

    /** Makes the chat unless it is there. */
    static void begin(Tx tx, String device, Jid chat, long now) {
        tx.insert("""
                INSERT INTO chat (device, jid, last_message_at, created_at, updated_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (device, jid) DO NOTHING""", device, chat.toString(), now, now, now);
    }

    /**
     * Keeps a message and moves its chat to the top. Whoever writes has read what came before. False when the message
     * was there already.
     */
    static boolean keep(Tx tx, String device, Jid chat, String name, Message message, long now) {
        var jid = chat.toString();
        tx.insert("""
                INSERT INTO chat (device, jid, name, last_message_at, created_at, updated_at, read_at) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (device, jid) DO UPDATE SET
                    read_at = CASE WHEN excluded.read_at > chat.read_at THEN excluded.read_at ELSE chat.read_at END,
                    name = CASE WHEN excluded.name = '' THEN chat.name ELSE excluded.name END,
                    last_message_at = CASE WHEN excluded.last_message_at > chat.last_message_at
                                           THEN excluded.last_message_at ELSE chat.last_message_at END,
                    updated_at = excluded.updated_at""", device, jid, name, message.sentAt(), now, now, message.fromMe() ? message.sentAt() : 0);
        return 1
                == tx.insert(
                        """
                INSERT INTO message (device, chat, id, sender, from_me, kind, body, content, sent_at, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (device, chat, id) DO NOTHING""",
                        device,
                        jid,
                        message.id(),
                        message.sender(),
                        message.fromMe() ? 1 : 0,
                        message.content().kind(),
                        message.content().body(),
                        ContentJson.write(message.content()),
                        message.sentAt(),
                        now,
                        now);
    }

    /**
     * Notes why WhatsApp will never take a message that is kept, or, when empty, that it has. How many messages
     * changed.
     */
    static long refused(Tx tx, String device, Jid chat, String id, String why) {
        return tx.update(
                "UPDATE message SET refused = ? WHERE device = ? AND chat = ? AND id = ? AND refused <> ?",
                why,
                device,
                chat.toString(),
                id,
                why);
    }

    /**
     * Removes the chat that this message made when it was accepted, unless something is in it or was noted on it since.
     */
    static void undo(Tx tx, String device, Jid chat, long seq, long acceptedAt) {
        tx.delete("""
                DELETE FROM chat WHERE device = ? AND jid = ? AND created_at = ? AND updated_at = ? AND last_message_at = ? AND name = ''
                AND archived = 0 AND pinned = 0 AND ephemeral = 0
                AND NOT EXISTS (SELECT 1 FROM message m WHERE m.device = chat.device AND m.chat = chat.jid)
                AND NOT EXISTS (SELECT 1 FROM chat_label l WHERE l.device = chat.device AND l.chat = chat.jid)
                AND\s""" + OutboxShown.NONE_LATER, device, chat.toString(), acceptedAt, acceptedAt, acceptedAt, seq);
    }
}
