package gateway.webhook.payload;

import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.engine.Event;
import gateway.engine.Jid;

/** The payloads of version 8 for what is no message and no receipt. */
final class V8Happening {
    private V8Happening() {}

    static ObjectNode payload(Event event) {
        var payload = JsonNodeFactory.instance.objectNode();
        return switch (event) {
            case Event.DeletedForMe deleted -> deleted(payload, deleted);
            case Event.Failed failed ->
                PayloadDialect.failed(payload, failed).put("from", failed.chat().toString());
            case Event.Typing typing ->
                payload.put("from", typing.sender().toString())
                        .put("chat_id", typing.chat().toString())
                        .put("state", typing.composing() ? "composing" : "paused")
                        .put("media", typing.audio() ? "audio" : "")
                        .put("is_group", typing.chat().isGroup());
            case Event.Members members ->
                jids(
                        payload.put("chat_id", members.group().toString())
                                .put("type", members.change().name().toLowerCase(Locale.ROOT)),
                        members.members());
            case Event.GroupJoined joined ->
                jids(payload.put("chat_id", joined.group().toString()).put("type", "join"), joined.members())
                        .put("reason", joined.reason())
                        .put("group_name", joined.name());
            case Event.Newsletter newsletter ->
                newsletter(payload.put("newsletter_id", newsletter.newsletter().toString()), newsletter);
            case Event.CallOffer call -> call(payload, call);
            case Event.IdentityChanged changed -> {
                payload.put("from", changed.person().toString());
                V8Dialect.lid(payload, changed.person());
                yield payload.put("timestamp", PayloadDialect.time(changed.at()));
            }
            case Event.LabelEdit label ->
                payload.put("label_id", label.labelId())
                        .put("name", label.name())
                        .put("color", label.color())
                        .put("deleted", label.deleted());
            case Event.LabelChat label ->
                payload.put("label_id", label.labelId())
                        .put("chat_id", label.chat().toString())
                        .put("labeled", label.labeled());
            case Event.Message other -> throw unexpected(other);
            case Event.Receipt other -> throw unexpected(other);
            case Event.Connection other -> throw unexpected(other);
            case Event.Marked other -> throw unexpected(other);
        };
    }

    private static ObjectNode deleted(ObjectNode payload, Event.DeletedForMe deleted) {
        payload.put("deleted_message_id", deleted.id())
                .put("timestamp", PayloadDialect.time(deleted.at()))
                .put("from", deleted.sender().toString());
        deleted.original().ifPresent(original -> {
            payload.put("chat_id", deleted.chat().toString())
                    .put("original_content", original.words())
                    .put("original_sender", original.sender().toString())
                    .put("original_timestamp", PayloadDialect.time(original.at()))
                    .put("was_from_me", original.fromMe());
            if (!original.mediaType().isEmpty()) {
                payload.put("original_media_type", original.mediaType()).put("original_filename", original.fileName());
            }
        });
        return payload;
    }

    private static ObjectNode newsletter(ObjectNode payload, Event.Newsletter event) {
        return switch (event.change()) {
            case JOINED -> payload.put("name", event.name()).put("description", event.detail());
            case LEFT -> payload.put("role", event.detail());
            case MUTE -> payload.put("mute", event.detail());
            case MESSAGE -> {
                payload.putArray("messages")
                        .addObject()
                        .put("id", event.messageId())
                        .put("body", event.detail())
                        .put("timestamp", PayloadDialect.time(event.at()));
                yield payload;
            }
        };
    }

    private static ObjectNode call(ObjectNode payload, Event.CallOffer call) {
        payload.put("call_id", call.callId()).put("from", call.from().toString());
        V8Dialect.lid(payload, call.from());
        payload.put("auto_rejected", call.autoRejected());
        if (!call.platform().isEmpty()) {
            payload.put("remote_platform", call.platform());
        }
        call.group().ifPresent(group -> payload.put("group_jid", group.toString()));
        return payload;
    }

    private static ObjectNode jids(ObjectNode payload, List<Jid> members) {
        var jids = payload.putArray("jids");
        members.forEach(member -> jids.add(member.toString()));
        return payload;
    }

    private static IllegalStateException unexpected(Event event) {
        return new IllegalStateException(event.getClass().getSimpleName() + " has a form of its own");
    }
}
