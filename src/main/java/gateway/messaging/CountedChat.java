package gateway.messaging;

import java.util.Optional;

import gateway.messaging.Chats.Chat;
import gateway.store.Row;

/**
 * A chat with the figures that the database keeps of it: how many messages are in it, how many of these are the
 * account's own, and a number that rises with each change of its messages or their reactions.
 */
record CountedChat(Chat chat, long messages, boolean anyReaction, long own, long changes) {
    /** The columns of {@link #chat(Row)}, and the number of messages. */
    static final String CHAT =
            "jid, name, last_message_at, ephemeral, archived, pinned, created_at, updated_at, messages";
    /** The statement that reads one. */
    static final String ONE = "SELECT " + CHAT + ", CASE WHEN EXISTS (SELECT 1 FROM reaction r"
            + " WHERE r.device = chat.device AND r.chat = chat.jid) THEN 1 ELSE 0 END, own_messages, changes"
            + " FROM chat WHERE device = ? AND jid = ?";

    static CountedChat of(Row row) {
        return new CountedChat(chat(row), row.number(9), row.flag(10), row.number(11), row.number(12));
    }

    static Chat chat(Row row) {
        return new Chat(
                row.text(1),
                row.text(2),
                row.number(3),
                row.number(4),
                row.flag(5),
                row.flag(6),
                row.number(7),
                row.number(8));
    }

    long messages(Optional<Boolean> fromMe) {
        return fromMe.map(mine -> mine ? own : messages - own).orElse(messages);
    }

    /** What an answer about this chat is made from. */
    String state(String device, Chats.MessageQuery query) {
        return changes + " " + device + " " + chat + " " + query;
    }
}
