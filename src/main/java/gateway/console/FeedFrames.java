package gateway.console;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.engine.Event;
import gateway.http.Envelope;
import gateway.messaging.Progress;

/**
 * What goes over {@code /ws}: texts {@code {"code":…,"message":…,"result":…}} as the original's. A frame says what
 * changed and where, never a message's words: who may read them asks the API.
 */
final class FeedFrames {
    private FeedFrames() {}

    /** The frames that tell of an event; none for one that no page shows. */
    static List<String> of(String device, Event event) {
        return switch (event) {
            case Event.Message message ->
                List.of(frame(
                        "MESSAGE",
                        "A message was stored",
                        result(device, event)
                                .put("id", message.id())
                                .put("chat_jid", message.chat().toString())
                                .put("sender_jid", message.sender().toString())
                                .put("is_from_me", message.fromMe())
                                .put("kind", message.content().kind())));
            case Event.Receipt receipt -> {
                var result = result(device, event)
                        .put("chat_jid", receipt.chat().toString())
                        .put("kind", receipt.kind().name().toLowerCase(Locale.ROOT));
                var ids = result.putArray("ids");
                receipt.ids().forEach(ids::add);
                yield List.of(frame("RECEIPT", "Messages came further", result));
            }
            case Event.Connection connection -> connection(device, connection);
            case Event.DeletedForMe deleted ->
                List.of(frame(
                        "MESSAGE",
                        "A message was removed",
                        result(device, event)
                                .put("id", deleted.id())
                                .put("chat_jid", deleted.chat().toString())
                                .put("sender_jid", deleted.sender().toString())
                                .put("is_from_me", true)
                                .put("kind", "delete")));
            case Event.Typing typing ->
                List.of(frame(
                        "TYPING",
                        "Somebody types, or stopped",
                        result(device, event)
                                .put("chat_jid", typing.chat().toString())
                                .put("sender_jid", typing.sender().toString())
                                .put("composing", typing.composing())));
            case Event.Failed failed -> List.of(of(device, failed.id(), Progress.Stage.FAILED));
            case Event.Members members -> List.of();
            case Event.GroupJoined joined -> List.of();
            case Event.Newsletter newsletter -> List.of();
            case Event.CallOffer call ->
                List.of(frame(
                        "CALL",
                        "Somebody calls",
                        result(device, event)
                                .put("call_id", call.callId())
                                .put("from", call.from().toString())
                                .put("rejected", call.autoRejected())));
            case Event.Marked marked -> List.of();
            case Event.IdentityChanged changed -> List.of();
            case Event.LabelEdit label -> List.of();
            case Event.LabelChat label -> List.of();
        };
    }

    private static List<String> connection(String device, Event.Connection connection) {
        var changed = frame(
                "CONNECTION",
                "The line changed",
                result(device, connection)
                        .put("state", connection.state().name().toLowerCase(Locale.ROOT))
                        .put("reason", connection.reason()));
        return switch (connection.state()) {
            case PAIRED ->
                List.of(frame("LOGIN_SUCCESS", "Successfully paired " + device, result(device, connection)), changed);
            case LOGGED_OUT ->
                List.of(frame("LOGOUT_COMPLETE", "Logged out " + device, result(device, connection)), changed);
            default -> List.of(changed);
        };
    }

    /** A message on its way out came a step further. */
    static String of(String device, String messageId, Progress.Stage stage) {
        return frame(
                "OUTBOX",
                "A message moved",
                Envelope.JSON
                        .createObjectNode()
                        .put("device_id", device)
                        .put("id", messageId)
                        .put("state", stage.name().toLowerCase(Locale.ROOT)));
    }

    /** The answer to {@code FETCH_DEVICES}. */
    static String devices(JsonNode devices) {
        return frame("LIST_DEVICES", "Device found", devices);
    }

    private static ObjectNode result(String device, Event event) {
        return Envelope.JSON
                .createObjectNode()
                .put("device_id", device)
                .put("timestamp", Instant.ofEpochMilli(event.at()).toString());
    }

    private static String frame(String code, String message, JsonNode result) {
        var frame = Envelope.JSON.createObjectNode().put("code", code).put("message", message);
        frame.set("result", result);
        try {
            return Envelope.JSON.writeValueAsString(frame);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of nodes could not be written as JSON", e);
        }
    }
}
