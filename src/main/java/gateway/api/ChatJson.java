package gateway.api;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;

import gateway.api.request.Times;
import gateway.engine.Attachment;
import gateway.engine.MediaFile;
import gateway.engine.MediaFiles;
import gateway.engine.RemoteFile;
import gateway.messaging.ChatPreview;
import gateway.messaging.Chats;
import gateway.messaging.History;

/** How chats and their messages are written. */
final class ChatJson {
    /** Names of members: made into bytes once, because a page writes each of them a hundred times. */
    private static final SerializedString JID = new SerializedString("jid");

    private static final SerializedString NAME = new SerializedString("name");
    private static final SerializedString LAST_MESSAGE_TIME = new SerializedString("last_message_time");
    private static final SerializedString EPHEMERAL_EXPIRATION = new SerializedString("ephemeral_expiration");
    private static final SerializedString ARCHIVED = new SerializedString("archived");
    private static final SerializedString PINNED = new SerializedString("pinned");
    private static final SerializedString CREATED_AT = new SerializedString("created_at");
    private static final SerializedString UPDATED_AT = new SerializedString("updated_at");
    private static final SerializedString ID = new SerializedString("id");
    private static final SerializedString CHAT_JID = new SerializedString("chat_jid");
    private static final SerializedString SENDER_JID = new SerializedString("sender_jid");
    private static final SerializedString CONTENT = new SerializedString("content");
    private static final SerializedString TIMESTAMP = new SerializedString("timestamp");
    private static final SerializedString IS_FROM_ME = new SerializedString("is_from_me");
    private static final SerializedString KIND = new SerializedString("kind");
    private static final SerializedString MEDIA_TYPE = new SerializedString("media_type");
    private static final SerializedString FILENAME = new SerializedString("filename");
    private static final SerializedString URL = new SerializedString("url");
    private static final SerializedString FILE_LENGTH = new SerializedString("file_length");
    private static final SerializedString FILE_PENDING = new SerializedString("file_pending");
    private static final SerializedString STATUS = new SerializedString("status");
    private static final SerializedString STARRED = new SerializedString("starred");
    private static final SerializedString LAST_MESSAGE = new SerializedString("last_message");
    private static final SerializedString UNREAD_COUNT = new SerializedString("unread_count");
    private static final SerializedString FAILURE = new SerializedString("failure");
    private static final SerializedString REACTIONS = new SerializedString("reactions");
    private static final SerializedString EMOJI = new SerializedString("emoji");
    private static final SerializedString PAGINATION = new SerializedString("pagination");
    private static final SerializedString LIMIT = new SerializedString("limit");
    private static final SerializedString OFFSET = new SerializedString("offset");
    private static final SerializedString TOTAL = new SerializedString("total");

    private ChatJson() {}

    /** The result of a list of chats. */
    static void chats(JsonGenerator json, String device, Chats.Page<Chats.Chat> page, Map<String, ChatPreview> previews)
            throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("data");
        for (var chat : page.rows()) {
            json.writeStartObject();
            chat(json, chat);
            var preview = previews.get(chat.jid());
            if (preview != null) {
                number(json, UNREAD_COUNT, preview.unread());
                if (preview.last().isPresent()) {
                    json.writeFieldName(LAST_MESSAGE);
                    message(json, device, chat.jid(), preview.last().get(), List.of());
                }
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        pagination(json, page);
        json.writeEndObject();
    }

    /** The result of a list of messages. */
    static void messages(JsonGenerator json, String device, History.Messages found) throws IOException {
        Map<String, List<Chats.Reaction>> reactions = found.reactions().isEmpty()
                ? Map.of()
                : found.reactions().stream().collect(Collectors.groupingBy(Chats.Reaction::message));
        json.writeStartObject();
        json.writeArrayFieldStart("data");
        for (var message : found.page().rows()) {
            message(json, device, found.chat().jid(), message, reactions.getOrDefault(message.id(), List.of()));
        }
        json.writeEndArray();
        pagination(json, found.page());
        json.writeFieldName("chat_info");
        json.writeStartObject();
        chat(json, found.chat());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void chat(JsonGenerator json, Chats.Chat chat) throws IOException {
        text(json, JID, chat.jid());
        text(json, NAME, chat.name().isEmpty() ? user(chat.jid()) : chat.name());
        time(json, LAST_MESSAGE_TIME, chat.lastMessageAt());
        number(json, EPHEMERAL_EXPIRATION, chat.ephemeral());
        truth(json, ARCHIVED, chat.archived());
        truth(json, PINNED, chat.pinned());
        time(json, CREATED_AT, chat.createdAt());
        time(json, UPDATED_AT, chat.updatedAt());
    }

    /** {@code url} is the path of the message's file on this gateway. */
    private static void message(
            JsonGenerator json, String device, String chat, History.Shown message, List<Chats.Reaction> reactions)
            throws IOException {
        var file = message.file();
        json.writeStartObject();
        text(json, ID, message.id());
        text(json, CHAT_JID, chat);
        text(json, SENDER_JID, message.sender());
        text(json, CONTENT, message.body());
        time(json, TIMESTAMP, message.sentAt());
        truth(json, IS_FROM_ME, message.fromMe());
        text(json, KIND, message.kind());
        text(json, MEDIA_TYPE, file.isPresent() ? message.kind() : "");
        text(json, FILENAME, file.map(Attachment::name).orElse(""));
        text(
                json,
                URL,
                file.map(some -> some instanceof MediaFile kept ? "/" + MediaFiles.path(device, kept.id()) : "")
                        .orElse(""));
        number(json, FILE_LENGTH, file.map(Attachment::size).orElse(0L));
        if (file.filter(RemoteFile.class::isInstance).isPresent()) {
            truth(json, FILE_PENDING, true);
        }
        time(json, CREATED_AT, message.createdAt());
        time(json, UPDATED_AT, message.updatedAt());
        if (!message.refused().isEmpty()) {
            text(json, STATUS, "failed");
            text(json, FAILURE, message.refused());
        } else if (message.waiting()) {
            text(json, STATUS, "waiting");
        }
        if (message.starred()) {
            truth(json, STARRED, true);
        }
        if (message.content().isPresent()) {
            ContentShown.write(json, message.content().get());
        }
        if (!reactions.isEmpty()) {
            json.writeFieldName(REACTIONS);
            json.writeStartArray();
            for (var reaction : reactions) {
                json.writeStartObject();
                text(json, SENDER_JID, reaction.sender());
                text(json, EMOJI, reaction.emoji());
                time(json, TIMESTAMP, reaction.at());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void pagination(JsonGenerator json, Chats.Page<?> page) throws IOException {
        json.writeFieldName(PAGINATION);
        json.writeStartObject();
        number(json, LIMIT, page.limit());
        number(json, OFFSET, page.offset());
        number(json, TOTAL, page.total());
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, SerializedString name, String value) throws IOException {
        json.writeFieldName(name);
        json.writeString(value);
    }

    private static void number(JsonGenerator json, SerializedString name, long value) throws IOException {
        json.writeFieldName(name);
        json.writeNumber(value);
    }

    private static void truth(JsonGenerator json, SerializedString name, boolean value) throws IOException {
        json.writeFieldName(name);
        json.writeBoolean(value);
    }

    private static void time(JsonGenerator json, SerializedString name, long epochMillis) throws IOException {
        text(json, name, Times.rfc3339(epochMillis));
    }

    /** A stored address before its {@code @}. */
    private static String user(String jid) {
        return jid.substring(0, jid.indexOf('@'));
    }
}
