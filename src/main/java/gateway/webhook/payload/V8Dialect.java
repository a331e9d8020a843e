package gateway.webhook.payload;

import java.util.Locale;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.engine.Content;
import gateway.engine.Event;
import gateway.engine.Jid;
import gateway.engine.RemoteFile;

/** What versions 8 and 9 send: {@code {event, device_id, session_id, timestamp, payload}} for every kind of event. */
final class V8Dialect implements PayloadDialect {

    @Override
    public String name() {
        return "v8";
    }

    @Override
    public Optional<String> render(Account account, Event event) {
        return switch (event) {
            case Event.Message message
            when PayloadDialect.isBroadcast(message.chat(), message.sender()) -> Optional.empty();
            case Event.Receipt receipt
            when PayloadDialect.isBroadcast(receipt.chat(), receipt.sender()) -> Optional.empty();
            case Event.Marked marked -> Optional.empty();
            case Event.Message message -> body(account, event, message(account, message));
            case Event.Receipt receipt -> body(account, event, receipt(receipt));
            case Event.Connection connection -> body(account, event, connection(connection));
            default -> body(account, event, V8Happening.payload(event));
        };
    }

    @Override
    public String ping(Account account, long at) {
        return envelope(account, EventName.PING, at, object()).toString();
    }

    private static ObjectNode connection(Event.Connection connection) {
        var payload = object().put("state", connection.state().name().toLowerCase(Locale.ROOT));
        if (!connection.reason().isEmpty()) {
            payload.put("reason", connection.reason()).put("detail", connection.detail());
        }
        return payload;
    }

    private static ObjectNode message(Account account, Event.Message message) {
        var payload = object();
        payload.put("id", message.id());
        payload.put("chat_id", message.chat().toString());
        payload.put("from", message.sender().toString());
        lid(payload, message.sender());
        if (!message.pushName().isEmpty()) {
            payload.put("from_name", message.pushName());
        }
        payload.put("timestamp", PayloadDialect.time(message.at()));
        payload.put("is_from_me", message.fromMe());
        var content = message.content();
        options(payload, content.options());
        PayloadDialect.raw(content).ifPresent(raw -> payload.set(content.kind(), raw));
        switch (content) {
            case Content.Text text -> payload.put("body", text.body());
            case Content.Link link -> payload.put("body", link.body());
            case Content.Unsupported unsupported -> payload.put("body", unsupported.body());
            case Content.Media media -> media(payload, media, PayloadDialect.path(account, media.file()));
            case Content.Reaction reaction ->
                payload.put("reaction", reaction.emoji()).put("reacted_message_id", reaction.target());
            case Content.Revoke revoke ->
                payload.put("revoked_message_id", revoke.target())
                        .put("revoked_from_me", revoke.targetFromMe())
                        .put("revoked_chat", message.chat().toString());
            case Content.Edit edit ->
                payload.put("original_message_id", edit.target()).put("body", edit.body());
            default -> {}
        }
        return payload;
    }

    private static void options(ObjectNode payload, Content.Options options) {
        if (!options.replyTo().isEmpty()) {
            payload.put("replied_to_id", options.replyTo());
            if (!options.quoted().isEmpty()) {
                payload.put("quoted_body", options.quoted());
            }
        }
        if (options.forwarded()) {
            payload.put("forwarded", true);
        }
    }

    /** A file with a caption, or one that was not downloaded, is an object; any other only its path. */
    private static void media(ObjectNode payload, Content.Media media, String path) {
        boolean pending = media.file() instanceof RemoteFile;
        if (media.caption().isEmpty() && !pending) {
            payload.put(media.kind(), path);
        } else {
            var file = payload.putObject(media.kind()).put("path", path).put("caption", media.caption());
            if (pending) {
                PayloadDialect.pending(file.put("mime_type", media.file().mime()), media.file());
            }
        }
        if (!media.caption().isEmpty()) {
            payload.put("body", media.caption());
        }
        if (media.viewOnce()) {
            payload.put("view_once", true);
        }
    }

    private static ObjectNode receipt(Event.Receipt receipt) {
        var payload = object();
        var ids = payload.putArray("ids");
        receipt.ids().forEach(ids::add);
        payload.put("chat_id", receipt.chat().toString());
        payload.put("from", receipt.sender().toString());
        lid(payload, receipt.sender());
        payload.put("receipt_type", PayloadDialect.receiptType(receipt.kind()));
        payload.put("receipt_type_description", PayloadDialect.receiptDescription(receipt.kind()));
        return payload;
    }

    static void lid(ObjectNode payload, Jid sender) {
        if (sender.server().equals(Jid.LID)) {
            payload.put("from_lid", sender.toString());
        }
    }

    private static Optional<String> body(Account account, Event event, ObjectNode payload) {
        return Optional.of(
                envelope(account, EventName.of(event), event.at(), payload).toString());
    }

    private static ObjectNode envelope(Account account, String event, long at, ObjectNode payload) {
        var body = object();
        body.put("event", event);
        body.put("device_id", account.jid().map(Jid::toString).orElse(""));
        body.put("session_id", account.device());
        body.put("timestamp", PayloadDialect.time(at));
        body.set("payload", payload);
        return body;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
