package gateway.api;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;
import gateway.engine.Content;
import gateway.engine.Jid;
import gateway.engine.MediaFile;
import gateway.http.Envelope;
import gateway.messaging.Chats;

/** How chats and their messages are written. */
final class ChatJson {
    private ChatJson() {
    }

    static ObjectNode chat(Chats.Chat chat) {
        return Envelope.JSON.createObjectNode()
                .put("jid", chat.jid())
                .put("name", chat.name().isEmpty() ? Jid.parse(chat.jid()).user() : chat.name())
                .put("last_message_time", Times.rfc3339(chat.lastMessageAt()))
                .put("ephemeral_expiration", chat.ephemeral())
                .put("archived", chat.archived())
                .put("pinned", chat.pinned())
                .put("created_at", Times.rfc3339(chat.createdAt()))
                .put("updated_at", Times.rfc3339(chat.updatedAt()));
    }

    /** {@code url} is the path of the message's file on this gateway. */
    static ObjectNode message(String device, Chats.Message message, List<Chats.Reaction> reactions) {
        var file = message.content() instanceof Content.Media media ? Optional.of(media.file())
                : Optional.<MediaFile>empty();
        var json = Envelope.JSON.createObjectNode()
                .put("id", message.id())
                .put("chat_jid", message.chat())
                .put("sender_jid", message.sender())
                .put("content", message.content().body())
                .put("timestamp", Times.rfc3339(message.sentAt()))
                .put("is_from_me", message.fromMe())
                .put("kind", message.content().kind())
                .put("media_type", file.isPresent() ? message.content().kind() : "")
                .put("filename", file.map(MediaFile::name).orElse(""))
                .put("url", file.map(kept -> "/statics/media/" + device + "/" + kept.id()).orElse(""))
                .put("file_length", file.map(MediaFile::size).orElse(0L))
                .put("created_at", Times.rfc3339(message.createdAt()))
                .put("updated_at", Times.rfc3339(message.updatedAt()));
        if (!message.refused().isEmpty()) {
            json.put("status", "failed").put("failure", message.refused());
        }
        if (!reactions.isEmpty()) {
            var array = json.putArray("reactions");
            reactions.forEach(reaction -> array.addObject().put("sender_jid", reaction.sender())
                    .put("emoji", reaction.emoji()).put("timestamp", Times.rfc3339(reaction.at())));
        }
        return json;
    }

    static ObjectNode pagination(Chats.Page<?> page) {
        return Envelope.JSON.createObjectNode()
                .put("limit", page.limit()).put("offset", page.offset()).put("total", page.total());
    }
}
