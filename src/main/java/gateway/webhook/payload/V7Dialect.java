package gateway.webhook.payload;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.engine.Content;
import gateway.engine.Event;
import gateway.engine.Jid;

/**
 * What version 7 sends, and the guide's receivers expect. Messages have no {@code event} member; members stand sorted
 * by name, because the original writes maps that way.
 */
final class V7Dialect implements PayloadDialect {

    @Override
    public String name() {
        return "v7";
    }

    @Override
    public Optional<String> render(Account account, Event event) {
        return switch (event) {
            case Event.Message message ->
                PayloadDialect.isBroadcast(message.chat(), message.sender())
                        ? Optional.empty()
                        : Optional.of(message(account, message).toString());
            case Event.Receipt receipt ->
                receipt.kind() == Event.Receipt.Kind.READ_SELF
                                || PayloadDialect.isBroadcast(receipt.chat(), receipt.sender())
                        ? Optional.empty()
                        : Optional.of(receipt(receipt).toString());
            case Event.Failed failed -> Optional.of(failed(failed).toString());
            case Event.Connection connection ->
                Optional.of(connection(connection).toString());
            case Event.DeletedForMe deleted -> Optional.of(deleted(deleted).toString());
            case Event.Members members ->
                Optional.of(members(members.group(), members.change(), members.members(), members.at()));
            case Event.GroupJoined joined ->
                Optional.of(members(joined.group(), Event.Members.Change.JOIN, joined.members(), joined.at()));
            // Version 7 tells nobody of these; its receivers would not know what to make of them.
            case Event.Typing typing -> Optional.empty();
            case Event.Newsletter newsletter -> Optional.empty();
            case Event.CallOffer call -> Optional.empty();
            case Event.IdentityChanged changed -> Optional.empty();
            case Event.LabelEdit label -> Optional.empty();
            case Event.LabelChat label -> Optional.empty();
            case Event.Marked marked -> Optional.empty();
        };
    }

    @Override
    public String ping(Account account, long at) {
        return envelope(EventName.PING, at, sorted()).node().toString();
    }

    private static ObjectNode message(Account account, Event.Message message) {
        var body = sorted();
        body.put("sender_id", message.sender().user());
        body.put("chat_id", message.chat().user());
        body.put("from", PayloadDialect.source(message.chat(), message.sender()));
        if (message.sender().server().equals(Jid.LID)) {
            body.put("from_lid", message.sender().toString());
        }
        body.put("timestamp", PayloadDialect.time(message.at()));
        if (!message.pushName().isEmpty()) {
            body.put("pushname", message.pushName());
        }
        var content = message.content();
        var spoken = content instanceof Content.Text
                        || content instanceof Content.Link
                        || content instanceof Content.Unsupported
                ? content.body()
                : "";
        body.put("message", words(spoken, message.id(), content.options()));
        if (content.forwarded()) {
            body.put("forwarded", true);
        }
        PayloadDialect.raw(content).ifPresent(raw -> body.put(content.kind(), raw));
        switch (content) {
            case Content.Media media -> media(account, body, media);
            case Content.Change change -> change(body, message.chat(), change);
            default -> {}
        }
        return body.node();
    }

    private static void media(Account account, Sorted body, Content.Media media) {
        var file = JsonNodeFactory.instance
                .objectNode()
                .put("media_path", PayloadDialect.path(account, media.file()))
                .put("mime_type", media.file().mime())
                .put("caption", media.caption());
        PayloadDialect.pending(file, media.file());
        body.put(media.kind(), file);
        if (media.viewOnce()) {
            body.put("view_once", true);
        }
    }

    private static void change(Sorted body, Jid chat, Content.Change change) {
        switch (change) {
            case Content.Reaction reaction ->
                body.put(
                        "reaction",
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("message", reaction.emoji())
                                .put("id", reaction.target()));
            case Content.Revoke revoke -> {
                body.put("action", "message_revoked");
                body.put("revoked_message_id", revoke.target());
                body.put("revoked_from_me", revoke.targetFromMe());
                body.put("revoked_chat", chat.toString());
            }
            case Content.Edit edit -> {
                body.put("action", "message_edited");
                body.put("original_message_id", edit.target());
                body.put("edited_text", edit.body());
            }
        }
    }

    private static ObjectNode deleted(Event.DeletedForMe deleted) {
        var body = sorted();
        body.put("action", "event.delete_for_me");
        body.put("deleted_message_id", deleted.id());
        body.put("sender_id", deleted.sender().user());
        body.put("from", PayloadDialect.source(deleted.chat(), deleted.sender()));
        body.put("timestamp", PayloadDialect.time(deleted.at()));
        deleted.original().ifPresent(original -> {
            body.put("chat_id", deleted.chat().toString());
            body.put("original_content", original.words());
            body.put("original_sender", original.sender().toString());
            body.put("original_timestamp", PayloadDialect.time(original.at()));
            body.put("was_from_me", original.fromMe());
            if (!original.mediaType().isEmpty()) {
                body.put("original_media_type", original.mediaType());
                body.put("original_filename", original.fileName());
            }
        });
        return body.node();
    }

    private static String members(Jid group, Event.Members.Change change, List<Jid> members, long at) {
        var payload = sorted();
        payload.put("chat_id", group.toString());
        payload.put("type", change.name().toLowerCase(Locale.ROOT));
        var jids = JsonNodeFactory.instance.arrayNode();
        members.forEach(member -> jids.add(member.toString()));
        payload.put("jids", jids);
        return envelope(EventName.MEMBERS, at, payload).node().toString();
    }

    /** Its members keep their order: the original has a struct here. All are always there, empty if need be. */
    private static ObjectNode words(String text, String id, Content.Options options) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("text", text)
                .put("id", id)
                .put("replied_id", options.replyTo())
                .put("quoted_message", options.quoted());
    }

    private static ObjectNode receipt(Event.Receipt receipt) {
        var payload = sorted();
        var ids = JsonNodeFactory.instance.arrayNode();
        receipt.ids().forEach(ids::add);
        payload.put("ids", ids);
        payload.put("chat_id", receipt.chat().toString());
        payload.put("sender_id", receipt.sender().toString());
        payload.put("from", PayloadDialect.source(receipt.chat(), receipt.sender()));
        payload.put("receipt_type", PayloadDialect.receiptType(receipt.kind()));
        payload.put("receipt_type_description", PayloadDialect.receiptDescription(receipt.kind()));
        return envelope(EventName.ACK, receipt.at(), payload).node();
    }

    private static ObjectNode failed(Event.Failed failed) {
        var payload = sorted();
        PayloadDialect.failed(JsonNodeFactory.instance.objectNode(), failed)
                .properties()
                .forEach(member -> payload.put(member.getKey(), member.getValue()));
        return envelope(EventName.ACK, failed.at(), payload).node();
    }

    /** The original tells nobody of its line; the members follow its other events. */
    private static ObjectNode connection(Event.Connection connection) {
        var payload = sorted();
        payload.put("state", connection.state().name().toLowerCase(Locale.ROOT));
        if (!connection.reason().isEmpty()) {
            payload.put("reason", connection.reason());
            payload.put("detail", connection.detail());
        }
        return envelope(EventName.CONNECTION, connection.at(), payload).node();
    }

    private static Sorted envelope(String event, long at, Sorted payload) {
        var body = sorted();
        body.put("event", event);
        body.put("timestamp", PayloadDialect.time(at));
        body.put("payload", payload.node());
        return body;
    }

    private static Sorted sorted() {
        return new Sorted(new TreeMap<>());
    }

    /** An object whose members are written in the order of their names. */
    private record Sorted(TreeMap<String, com.fasterxml.jackson.databind.JsonNode> members) {
        void put(String name, String value) {
            members.put(name, JsonNodeFactory.instance.textNode(value));
        }

        void put(String name, boolean value) {
            members.put(name, JsonNodeFactory.instance.booleanNode(value));
        }

        void put(String name, com.fasterxml.jackson.databind.JsonNode value) {
            members.put(name, value);
        }

        ObjectNode node() {
            var node = JsonNodeFactory.instance.objectNode();
            members.forEach(node::set);
            return node;
        }
    }
}
