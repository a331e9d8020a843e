package gateway.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.AccountCalls.Account;
import gateway.api.request.Bodies;
import gateway.api.request.Fields;
import gateway.api.request.Recipients;
import gateway.api.request.Times;
import gateway.engine.Jid;
import gateway.http.EntityTag;
import gateway.http.Envelope;
import gateway.http.KeptReplies;
import gateway.http.Problem;
import gateway.messaging.ChatNotes;
import gateway.messaging.ChatPreview;
import gateway.messaging.Chats;
import gateway.messaging.History;

/** {@code /chats} and {@code /chat}: the history, and what the account notes on its chats. */
final class ChatRoutes implements HttpService {
    private static final int MAX_ROWS = 100;
    private static final int MAX_SEARCH = 256;
    private static final int MAX_LABEL = 100;
    /** Off, a day, a week, 90 days: WhatsApp knows no others. */
    private static final List<Long> TIMERS = List.of(0L, 86_400L, 604_800L, 7_776_000L);

    private final AccountCalls accounts;
    private final Bodies bodies;
    private final Chats chats;
    private final History history;
    private final ChatNotes notes;
    private final Recipients recipients;
    private final String version;
    private final KeptReplies kept;

    /**
     * Makes the routes.
     *
     * @param version the program's
     * @param kept the replies of the last moment
     */
    ChatRoutes(
            AccountCalls accounts,
            Bodies bodies,
            Chats chats,
            History history,
            ChatNotes notes,
            Recipients recipients,
            String version,
            KeptReplies kept) {
        this.accounts = accounts;
        this.bodies = bodies;
        this.chats = chats;
        this.history = history;
        this.notes = notes;
        this.recipients = recipients;
        this.version = version;
        this.kept = kept;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/chats", this::list)
                .get("/chat/{chat_jid}/messages", this::messages)
                .post("/chat/{chat_jid}/pin", this::pin)
                .post("/chat/{chat_jid}/archive", this::archive)
                .post("/chat/{chat_jid}/label", this::label)
                .post("/chat/{chat_jid}/disappearing", this::disappearing);
    }

    private void list(ServerRequest request, ServerResponse response) {
        var account = accounts.of(request).device();
        kept.answer(request, response, account, () -> list(request, account));
    }

    private Optional<KeptReplies.Made> list(ServerRequest request, String account) {
        var query = bodies.query(request);
        int offset = offset(query);
        var asked = new Chats.ChatQuery(
                limit(query, 25),
                offset,
                NextPage.asked(query, offset),
                query.optionalText("search", MAX_SEARCH),
                query.flag("has_media"),
                query.optionalFlag("archived"));
        var page = history.chats(account, asked);
        var next = next(request, page, chat -> new Chats.Place(chat.lastMessageAt(), chat.jid()));
        var previews = query.flag("preview") ? history.previews(account, page.rows()) : Map.<String, ChatPreview>of();
        return Optional.of(new KeptReplies.Made(
                "Success get chat list",
                json -> ChatJson.chats(json, account, page, previews),
                next,
                new KeptReplies.Tag.OfBody()));
    }

    private static <T> Optional<String> next(
            ServerRequest request, Chats.Page<T> page, Function<T, Chats.Place> place) {
        return page.isFull()
                ? Optional.of(NextPage.link(request, place.apply(page.rows().getLast())))
                : Optional.empty();
    }

    private void messages(ServerRequest request, ServerResponse response) {
        var account = accounts.of(request).device();
        kept.answer(request, response, account, () -> messages(request, response, account));
    }

    private Optional<KeptReplies.Made> messages(ServerRequest request, ServerResponse response, String account) {
        var jid = jid(request);
        var query = bodies.query(request);
        int offset = offset(query);
        var asked = new Chats.MessageQuery(
                limit(query, 50),
                offset,
                NextPage.asked(query, offset),
                Times.parse("start_time", query.optionalText("start_time")),
                Times.parse("end_time", query.optionalText("end_time")),
                query.optionalFlag("is_from_me"),
                query.flag("media_only"),
                query.optionalText("search", MAX_SEARCH));
        if (EntityTag.isAsked(request)) {
            // What the client has is told from the chat alone; the messages are not read.
            var known =
                    history.state(account, jid, asked).map(this::tag).filter(tag -> EntityTag.isKnown(request, tag));
            if (known.isPresent()) {
                EntityTag.notModified(response, known.get());
                return Optional.empty();
            }
        }
        var found = history.messages(account, jid, asked).orElseThrow(() -> unknown(jid));
        return Optional.of(new KeptReplies.Made(
                "Success get chat messages",
                json -> ChatJson.messages(json, account, found),
                next(request, found.page(), message -> new Chats.Place(message.sentAt(), message.id())),
                found.state()
                        .<KeptReplies.Tag>map(state -> new KeptReplies.Tag.Known(tag(state)))
                        .orElseGet(KeptReplies.Tag.None::new)));
    }

    /** Another version of the program may write the same state in other words. */
    private String tag(String state) {
        return EntityTag.of(version + " " + state);
    }

    private static int limit(Fields query, int otherwise) {
        return (int) query.number("limit", 1, MAX_ROWS, otherwise);
    }

    private static int offset(Fields query) {
        return (int) query.number("offset", 0, Integer.MAX_VALUE, 0);
    }

    private void pin(ServerRequest request, ServerResponse response) {
        var jid = jid(request);
        boolean pinned = bodies.of(request).requiredFlag("pinned");
        var account = ready(request, jid);
        account.session().marks().pin(jid, pinned);
        notes.pin(account.device(), jid, pinned);
        noted(
                response,
                jid,
                pinned ? "Chat pinned successfully" : "Chat unpinned successfully",
                Envelope.JSON.createObjectNode().put("pinned", pinned));
    }

    private void archive(ServerRequest request, ServerResponse response) {
        var jid = jid(request);
        boolean archived = bodies.of(request).requiredFlag("archived");
        var account = ready(request, jid);
        account.session().marks().archive(jid, archived);
        notes.archive(account.device(), jid, archived);
        noted(
                response,
                jid,
                archived ? "Chat archived successfully" : "Chat unarchived successfully",
                Envelope.JSON.createObjectNode().put("archived", archived));
    }

    private void label(ServerRequest request, ServerResponse response) {
        var jid = jid(request);
        var fields = bodies.of(request).requiring("label_id", "label_name", "labeled");
        var label = new ChatNotes.Label(fields.text("label_id", MAX_LABEL), fields.text("label_name", MAX_LABEL));
        boolean labeled = fields.requiredFlag("labeled");
        var account = ready(request, jid);
        account.session().marks().label(jid, label.id(), label.name(), labeled);
        notes.label(account.device(), jid, label, labeled);
        noted(
                response,
                jid,
                labeled
                        ? "Chat labeled successfully with label '" + label.name() + "'"
                        : "Label '" + label.name() + "' removed from chat successfully",
                Envelope.JSON.createObjectNode().put("label_id", label.id()).put("labeled", labeled));
    }

    private void disappearing(ServerRequest request, ServerResponse response) {
        var jid = jid(request);
        long seconds = bodies.of(request).requiredNumber("timer_seconds", 0, Long.MAX_VALUE);
        if (!TIMERS.contains(seconds)) {
            throw Problem.badField(
                    "timer_seconds", "must be 0 (off), 86400 (24 hours), 604800 (7 days) or 7776000 (90 days)");
        }
        var account = ready(request, jid);
        account.session().marks().disappearing(jid, seconds);
        notes.disappearing(account.device(), jid, seconds);
        noted(
                response,
                jid,
                seconds == 0
                        ? "Disappearing messages disabled"
                        : "Disappearing messages set to " + seconds + " seconds",
                Envelope.JSON.createObjectNode().put("timer_seconds", seconds));
    }

    private static void noted(ServerResponse response, Jid chat, String sentence, ObjectNode more) {
        var results = Envelope.JSON
                .createObjectNode()
                .put("status", "success")
                .put("message", sentence)
                .put("chat_jid", chat.toString());
        results.setAll(more);
        Envelope.success(response, sentence, results);
    }

    private Account ready(ServerRequest request, Jid jid) {
        var account = accounts.of(request);
        account.self();
        known(account, jid);
        return account;
    }

    private Chats.Chat known(Account account, Jid jid) {
        return chats.find(account.device(), jid).orElseThrow(() -> unknown(jid));
    }

    private static Problem unknown(Jid jid) {
        return Problem.notFound("There is no chat with " + jid + ".");
    }

    private Jid jid(ServerRequest request) {
        return recipients.chat("chat_jid", request.path().pathParameters().get("chat_jid"));
    }
}
