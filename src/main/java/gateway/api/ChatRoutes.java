package gateway.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import gateway.engine.Jid;
import gateway.http.Envelope;
import gateway.http.Problem;
import gateway.messaging.Chats;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** {@code /chats} and {@code /chat}: the history. */
final class ChatRoutes implements HttpService {
    private static final int MOST_ROWS = 100;

    private final AccountCalls accounts;
    private final Chats chats;
    private final Recipients recipients;

    ChatRoutes(AccountCalls accounts, Chats chats, Recipients recipients) {
        this.accounts = accounts;
        this.chats = chats;
        this.recipients = recipients;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/chats", this::list)
                .get("/chat/{jid}/messages", this::messages);
    }

    private void list(ServerRequest request, ServerResponse response) {
        var query = Fields.ofQuery(request);
        var page = chats.list(accounts.of(request).device(), new Chats.ChatQuery(
                (int) query.number("limit", 1, MOST_ROWS, 25), (int) query.number("offset", 0, Integer.MAX_VALUE, 0),
                query.optionalText("search")));
        var results = Envelope.JSON.createObjectNode();
        var data = results.putArray("data");
        page.rows().forEach(chat -> data.add(chat(chat)));
        results.set("pagination", pagination(page));
        Envelope.success(response, "Success get chat list", results);
    }

    private void messages(ServerRequest request, ServerResponse response) {
        var device = accounts.of(request).device();
        var jid = recipients.chat("chat_jid", request.path().pathParameters().get("jid"));
        var query = Fields.ofQuery(request);
        var chat = chats.find(device, jid).orElseThrow(() -> Problem.notFound("There is no chat with " + jid + "."));
        var page = chats.messages(device, jid, new Chats.MessageQuery(
                (int) query.number("limit", 1, MOST_ROWS, 50), (int) query.number("offset", 0, Integer.MAX_VALUE, 0),
                Times.parse("start_time", query.optionalText("start_time")),
                Times.parse("end_time", query.optionalText("end_time")),
                query.optionalFlag("is_from_me"), query.optionalText("search")));
        var results = Envelope.JSON.createObjectNode();
        var data = results.putArray("data");
        page.rows().forEach(message -> data.add(message(message)));
        results.set("pagination", pagination(page));
        results.set("chat_info", chat(chat));
        Envelope.success(response, "Success get chat messages", results);
    }

    static ObjectNode chat(Chats.Chat chat) {
        return Envelope.JSON.createObjectNode()
                .put("jid", chat.jid())
                .put("name", chat.name().isEmpty() ? Jid.parse(chat.jid()).user() : chat.name())
                .put("last_message_time", Times.rfc3339(chat.lastMessageAt()))
                .put("ephemeral_expiration", chat.ephemeral())
                .put("created_at", Times.rfc3339(chat.createdAt()))
                .put("updated_at", Times.rfc3339(chat.updatedAt()));
    }

    static ObjectNode message(Chats.Message message) {
        return Envelope.JSON.createObjectNode()
                .put("id", message.id())
                .put("chat_jid", message.chat())
                .put("sender_jid", message.sender())
                .put("content", message.content().body())
                .put("timestamp", Times.rfc3339(message.sentAt()))
                .put("is_from_me", message.fromMe())
                .put("media_type", "")
                .put("filename", "")
                .put("url", "")
                .put("file_length", 0)
                .put("created_at", Times.rfc3339(message.createdAt()))
                .put("updated_at", Times.rfc3339(message.updatedAt()));
    }

    private static ObjectNode pagination(Chats.Page<?> page) {
        return Envelope.JSON.createObjectNode()
                .put("limit", page.limit()).put("offset", page.offset()).put("total", page.total());
    }
}
