package gateway.api;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonGenerator;
import gateway.engine.Jid;
import gateway.engine.MediaFile;
import gateway.messaging.Chats;
import gateway.messaging.History;

/** How chats and their messages are written. */
final class ChatJson {
    private ChatJson() {
    }

    /** The result of a list of chats. */
    static void chats(JsonGenerator json, Chats.Page<Chats.Chat> page) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("data");
        for (var chat : page.rows()) {
            chat(json, chat);
        }
        json.writeEndArray();
        pagination(json, page);
        json.writeEndObject();
    }

    /** The result of a list of messages. */
    static void messages(JsonGenerator json, String device, History.Messages found) throws IOException {
        Map<String, List<Chats.Reaction>> reactions = found.reactions().isEmpty() ? Map.of()
                : found.reactions().stream().collect(Collectors.groupingBy(Chats.Reaction::message));
        json.writeStartObject();
        json.writeArrayFieldStart("data");
        for (var message : found.page().rows()) {
            message(json, device, found.chat().jid(), message, reactions.getOrDefault(message.id(), List.of()));
        }
        json.writeEndArray();
        pagination(json, found.page());
        json.writeFieldName("chat_info");
        chat(json, found.chat());
        json.writeEndObject();
    }

    private static void chat(JsonGenerator json, Chats.Chat chat) throws IOException {
        json.writeStartObject();
        json.writeStringField("jid", chat.jid());
        json.writeStringField("name", chat.name().isEmpty() ? Jid.parse(chat.jid()).user() : chat.name());
        time(json, "last_message_time", chat.lastMessageAt());
        json.writeNumberField("ephemeral_expiration", chat.ephemeral());
        json.writeBooleanField("archived", chat.archived());
        json.writeBooleanField("pinned", chat.pinned());
        time(json, "created_at", chat.createdAt());
        time(json, "updated_at", chat.updatedAt());
        json.writeEndObject();
    }

    /** {@code url} is the path of the message's file on this gateway. */
    private static void message(JsonGenerator json, String device, String chat, History.Shown message,
                                List<Chats.Reaction> reactions) throws IOException {
        var file = message.file();
        json.writeStartObject();
        json.writeStringField("id", message.id());
        json.writeStringField("chat_jid", chat);
        json.writeStringField("sender_jid", message.sender());
        json.writeStringField("content", message.body());
        time(json, "timestamp", message.sentAt());
        json.writeBooleanField("is_from_me", message.fromMe());
        json.writeStringField("kind", message.kind());
        json.writeStringField("media_type", file.isPresent() ? message.kind() : "");
        json.writeStringField("filename", file.map(MediaFile::name).orElse(""));
        json.writeStringField("url", file.map(kept -> "/statics/media/" + device + "/" + kept.id()).orElse(""));
        json.writeNumberField("file_length", file.map(MediaFile::size).orElse(0L));
        time(json, "created_at", message.createdAt());
        time(json, "updated_at", message.updatedAt());
        if (!message.refused().isEmpty()) {
            json.writeStringField("status", "failed");
            json.writeStringField("failure", message.refused());
        }
        if (!reactions.isEmpty()) {
            json.writeArrayFieldStart("reactions");
            for (var reaction : reactions) {
                json.writeStartObject();
                json.writeStringField("sender_jid", reaction.sender());
                json.writeStringField("emoji", reaction.emoji());
                time(json, "timestamp", reaction.at());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void pagination(JsonGenerator json, Chats.Page<?> page) throws IOException {
        json.writeObjectFieldStart("pagination");
        json.writeNumberField("limit", page.limit());
        json.writeNumberField("offset", page.offset());
        json.writeNumberField("total", page.total());
        json.writeEndObject();
    }

    private static void time(JsonGenerator json, String name, long epochMillis) throws IOException {
        json.writeStringField(name, Times.rfc3339(epochMillis));
    }
}
