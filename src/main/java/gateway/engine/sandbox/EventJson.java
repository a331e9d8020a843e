package gateway.engine.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.engine.Event;
import gateway.engine.Jid;

/** How an event that is neither a message nor a receipt waits on disk to be told. Its time is the row's. */
final class EventJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private EventJson() {}

    static String kind(Event event) {
        return switch (event) {
            case Event.DeletedForMe deleted -> "deleted";
            case Event.Failed failed -> "failed";
            case Event.Typing typing -> "typing";
            case Event.Members members -> "members";
            case Event.GroupJoined joined -> "group_joined";
            case Event.Newsletter newsletter -> "newsletter";
            case Event.CallOffer call -> "call";
            case Event.LabelEdit label -> "label_edit";
            case Event.LabelChat label -> "label_chat";
            case Event.Connection connection -> throw unexpected(event);
            case Event.Message message -> throw unexpected(event);
            case Event.Receipt receipt -> throw unexpected(event);
            case Event.Marked marked -> throw unexpected(event);
            case Event.IdentityChanged changed -> throw unexpected(event);
        };
    }

    static String write(Event event) {
        var json = JSON.createObjectNode();
        switch (event) {
            case Event.DeletedForMe e ->
                json.put("id", e.id())
                        .put("chat", e.chat().toString())
                        .put("sender", e.sender().toString());
            case Event.Failed e ->
                json.put("id", e.id())
                        .put("chat", e.chat().toString())
                        .put("code", e.code())
                        .put("why", e.why());
            case Event.Typing e ->
                json.put("chat", e.chat().toString())
                        .put("sender", e.sender().toString())
                        .put("composing", e.composing())
                        .put("audio", e.audio());
            case Event.Members e ->
                members(
                        json.put("group", e.group().toString())
                                .put("change", e.change().name()),
                        e.members());
            case Event.GroupJoined e ->
                members(
                        json.put("group", e.group().toString())
                                .put("name", e.name())
                                .put("reason", e.reason()),
                        e.members());
            case Event.Newsletter e ->
                json.put("change", e.change().name())
                        .put("newsletter", e.newsletter().toString())
                        .put("name", e.name())
                        .put("detail", e.detail())
                        .put("message", e.messageId());
            case Event.CallOffer e -> {
                json.put("id", e.callId()).put("from", e.from().toString()).put("platform", e.platform());
                e.group().ifPresent(group -> json.put("group", group.toString()));
            }
            case Event.LabelEdit e ->
                json.put("label", e.labelId())
                        .put("name", e.name())
                        .put("color", e.color())
                        .put("deleted", e.deleted());
            case Event.LabelChat e ->
                json.put("label", e.labelId()).put("chat", e.chat().toString()).put("labeled", e.labeled());
            case Event.Connection e -> throw unexpected(e);
            case Event.Message e -> throw unexpected(e);
            case Event.Marked e -> throw unexpected(event);
            case Event.IdentityChanged e -> throw unexpected(event);
            case Event.Receipt e -> throw unexpected(e);
        }
        return json.toString();
    }

    static Event read(String kind, String written, long at) {
        try {
            var json = JSON.readTree(written);
            return switch (kind) {
                case "deleted" ->
                    new Event.DeletedForMe(
                            text(json, "id"), jid(json, "chat"), jid(json, "sender"), Optional.empty(), at);
                case "failed" ->
                    new Event.Failed(
                            text(json, "id"),
                            jid(json, "chat"),
                            json.path("code").asInt(),
                            text(json, "why"),
                            at);
                case "typing" ->
                    new Event.Typing(
                            jid(json, "chat"),
                            jid(json, "sender"),
                            json.path("composing").asBoolean(),
                            json.path("audio").asBoolean(),
                            at);
                case "members" ->
                    new Event.Members(
                            jid(json, "group"), Event.Members.Change.valueOf(text(json, "change")), members(json), at);
                case "group_joined" ->
                    new Event.GroupJoined(
                            jid(json, "group"), text(json, "name"), text(json, "reason"), members(json), at);
                case "newsletter" ->
                    new Event.Newsletter(
                            Event.Newsletter.Change.valueOf(text(json, "change")),
                            jid(json, "newsletter"),
                            text(json, "name"),
                            text(json, "detail"),
                            text(json, "message"),
                            at);
                case "call" ->
                    new Event.CallOffer(
                            text(json, "id"),
                            jid(json, "from"),
                            json.has("group") ? Optional.of(jid(json, "group")) : Optional.empty(),
                            text(json, "platform"),
                            false,
                            at);
                case "label_edit" ->
                    new Event.LabelEdit(
                            text(json, "label"),
                            text(json, "name"),
                            json.path("color").asInt(),
                            json.path("deleted").asBoolean(),
                            at);
                case "label_chat" ->
                    new Event.LabelChat(
                            text(json, "label"),
                            jid(json, "chat"),
                            json.path("labeled").asBoolean(),
                            at);
                default -> throw new IllegalStateException("unknown kind of event: " + kind);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void members(ObjectNode json, List<Jid> members) {
        var array = json.putArray("members");
        members.forEach(member -> array.add(member.toString()));
    }

    private static List<Jid> members(JsonNode json) {
        var members = new ArrayList<Jid>();
        json.path("members").forEach(member -> members.add(Jid.parse(member.asText())));
        return members;
    }

    private static Jid jid(JsonNode json, String name) {
        return Jid.parse(text(json, name));
    }

    private static String text(JsonNode json, String name) {
        return json.path(name).asText("");
    }

    private static IllegalStateException unexpected(Event event) {
        return new IllegalStateException(event.getClass().getSimpleName()
                + " does not wait here: it has columns of its own, or the sandbox tells of none");
    }
}
