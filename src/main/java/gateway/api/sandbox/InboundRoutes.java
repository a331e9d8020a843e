package gateway.api.sandbox;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.AccountCalls;
import gateway.api.RequestTools;
import gateway.api.media.FileType;
import gateway.api.media.Intake;
import gateway.api.media.Intake.Wanted;
import gateway.api.request.Bodies;
import gateway.api.request.Fields;
import gateway.api.request.Recipients;
import gateway.engine.Content;
import gateway.engine.Content.Media.Type;
import gateway.engine.Event;
import gateway.engine.Jid;
import gateway.http.Envelope;
import gateway.http.Problem;

/** {@code /sandbox/inbound} and what comes in without being a message: typing, deletions, labels. */
final class InboundRoutes implements HttpService {
    private static final String[] KINDS = {
        "text",
        "image",
        "video",
        "audio",
        "document",
        "sticker",
        "video_note",
        "contact",
        "location",
        "live_location",
        "poll",
        "list",
        "order",
        "unsupported",
        "reaction",
        "edit",
        "revoke"
    };

    private final AccountCalls accounts;
    private final Bodies bodies;
    private final Recipients recipients;
    private final Intake intake;

    InboundRoutes(RequestTools tools) {
        this.accounts = tools.accounts();
        this.bodies = tools.bodies();
        this.recipients = tools.recipients();
        this.intake = tools.intake();
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/inbound", this::inbound)
                .post("/typing", this::typing)
                .post("/delete-for-me", this::deleteForMe)
                .post("/label", this::label);
    }

    private void inbound(ServerRequest request, ServerResponse response) {
        try (var fields = bodies.of(request, Map.of("file", intake.limits().video()))) {
            var account = accounts.of(request);
            var scenario = SandboxRoutes.session(request, accounts).scenario();
            var from = recipients.user("from", fields.text("from"));
            var chat = fields.given("chat") ? recipients.chat("chat", fields.text("chat")) : from;
            boolean fromMe = fields.flag("from_me");
            var kind = fields.given("type") ? fields.word("type", KINDS) : "text";
            var name = fields.optionalText("name", 256);
            // Refused before its file is kept.
            account.self();
            var content = content(account.device(), fields, kind);
            var sender = fromMe ? account.self() : from;
            var id = scenario.receive(chat, sender, name, content, fields.flag("pending"));
            Envelope.success(
                    response,
                    "Sandbox: a message came in",
                    Envelope.JSON.createObjectNode().put("message_id", id));
        }
    }

    private Content content(String device, Fields fields, String kind) {
        var options = new Content.Options(
                fields.optionalText("reply_message_id", 128),
                fields.optionalText("quoted"),
                fields.flag("is_forwarded"),
                fields.number("duration", 0, 4_294_967_295L, 0),
                List.of());
        return switch (kind) {
            case "text" -> new Content.Text(fields.text("message"), options);
            case "contact" ->
                Content.Card.of(
                        fields.text("contact_name", 256),
                        recipients.phone("contact_phone", fields.text("contact_phone")),
                        options);
            case "location", "live_location" ->
                new Content.Location(
                        fields.decimal("latitude", -90, 90),
                        fields.decimal("longitude", -180, 180),
                        fields.optionalText("place", 256),
                        fields.optionalText("address", 256),
                        kind.equals("live_location"),
                        options);
            case "poll" -> new Content.Poll(fields.text("question", 255), fields.texts("options", 12, 100), 1, options);
            case "list" ->
                new Content.Structured(
                        "list",
                        Envelope.JSON
                                .createObjectNode()
                                .put("title", fields.text("message"))
                                .put("buttonText", "Choose")
                                .put("listType", 1)
                                .toString(),
                        options);
            case "order" ->
                new Content.Structured(
                        "order",
                        Envelope.JSON
                                .createObjectNode()
                                .put("orderID", "sandbox-order")
                                .put("itemCount", 1)
                                .put("message", fields.text("message"))
                                .put("orderTitle", "Sandbox")
                                .toString(),
                        options);
            case "unsupported" -> new Content.Unsupported(what(fields), options);
            case "reaction" -> new Content.Reaction(target(fields), fields.optionalText("emoji", 32));
            case "edit" -> new Content.Edit(target(fields), fields.text("message"));
            case "revoke" -> new Content.Revoke(target(fields), fields.flag("from_me"));
            default -> media(device, fields, Type.valueOf(kind.toUpperCase(Locale.ROOT)), options);
        };
    }

    private static String target(Fields fields) {
        return fields.text("message_id", 128);
    }

    private static String what(Fields fields) {
        var what = fields.given("what") ? fields.text("what", 64) : "album";
        if (!Content.Unsupported.isWord(what)) {
            throw Problem.badField("what", "must be lower-case letters, digits and underscores");
        }
        return what;
    }

    private Content media(String device, Fields fields, Type type, Content.Options options) {
        Set<FileType> types = switch (type) {
            case IMAGE -> FileType.IMAGES;
            case VIDEO, VIDEO_NOTE -> FileType.VIDEOS;
            case AUDIO -> FileType.AUDIO;
            case STICKER -> FileType.STICKERS;
            case DOCUMENT -> FileType.ANY;
        };
        var caption = fields.optionalText("caption");
        var file = intake.keep(
                device, fields, new Wanted("file", "", intake.limits().video(), types), false);
        return new Content.Media(type, file, caption, fields.flag("view_once"), type == Type.AUDIO, options);
    }

    private void typing(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request);
        var from = recipients.user("from", fields.text("from"));
        Jid chat = fields.given("chat") ? recipients.chat("chat", fields.text("chat")) : from;
        boolean composing = fields.word("state", "composing", "paused").equals("composing");
        boolean audio = fields.flag("audio");
        happen(request, response, now -> new Event.Typing(chat, from, composing, audio, now));
    }

    private void deleteForMe(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request);
        var chat = recipients.chat("chat", fields.text("chat"));
        var id = target(fields);
        happen(request, response, now -> new Event.DeletedForMe(id, chat, chat, Optional.empty(), now));
    }

    private void label(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request);
        var id = fields.text("label_id", 100);
        if (fields.given("chat")) {
            var chat = recipients.chat("chat", fields.text("chat"));
            boolean labeled = fields.optionalFlag("labeled").orElse(true);
            happen(request, response, now -> new Event.LabelChat(id, chat, labeled, now));
        } else {
            var name = fields.text("name", 100);
            int color = (int) fields.number("color", 0, 19, 0);
            boolean deleted = fields.flag("deleted");
            happen(request, response, now -> new Event.LabelEdit(id, name, color, deleted, now));
        }
    }

    private void happen(ServerRequest request, ServerResponse response, LongFunction<Event> event) {
        SandboxRoutes.session(request, accounts).scenario().happen(event);
        Envelope.success(response, "Sandbox: it happened", null);
    }
}
