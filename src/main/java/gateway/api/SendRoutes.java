package gateway.api;

import java.util.HashSet;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import gateway.api.media.Intake;
import gateway.api.request.Bodies;
import gateway.api.request.Recipients;
import gateway.engine.Content;
import gateway.engine.Jid;
import gateway.http.Problem;

/** {@code /send}: messages without a file, and presence. */
final class SendRoutes implements HttpService {
    private static final int MAX_NAME = 256;
    private static final int MAX_URL = 2_048;
    /** WhatsApp's own limits of a poll. */
    private static final int MAX_CHOICES = 12;

    private static final int MAX_CHOICE = 100;
    private static final int MAX_QUESTION = 255;

    private final AccountCalls accounts;
    private final Bodies bodies;
    private final Outgoing outgoing;
    private final Recipients recipients;

    SendRoutes(AccountCalls accounts, Bodies bodies, Outgoing outgoing, Recipients recipients) {
        this.accounts = accounts;
        this.bodies = bodies;
        this.outgoing = outgoing;
        this.recipients = recipients;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/message", this::message)
                .post("/contact", this::contact)
                .post("/link", this::link)
                .post("/location", this::location)
                .post("/poll", this::poll)
                .post("/presence", this::presence)
                .post("/chat-presence", this::chatPresence);
    }

    private void message(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request).requiring("message", "phone");
        var words = fields.text("message");
        var to = outgoing.read(fields, words);
        var account = outgoing.ready(request, to.chat());
        outgoing.send(
                response,
                account,
                to.chat(),
                new Content.Text(words, outgoing.complete(account, to)),
                "Message sent to");
    }

    private void contact(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request).requiring("contact_name", "contact_phone", "phone");
        var to = outgoing.read(fields, "");
        var name = fields.text("contact_name", MAX_NAME);
        var phone = recipients.phone("contact_phone", fields.text("contact_phone"));
        var account = outgoing.ready(request, to.chat());
        outgoing.send(
                response,
                account,
                to.chat(),
                Content.Card.of(name, phone, outgoing.complete(account, to)),
                "Contact sent to");
    }

    private void link(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request).requiring("caption", "link", "phone");
        var caption = fields.text("caption");
        var to = outgoing.read(fields, caption);
        var link = Intake.http("link", fields.text("link", MAX_URL)).toString();
        var account = outgoing.ready(request, to.chat());
        outgoing.send(
                response,
                account,
                to.chat(),
                new Content.Link(link, caption, outgoing.complete(account, to)),
                "Link sent to");
    }

    private void location(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request).requiring("latitude", "longitude", "phone");
        var to = outgoing.read(fields, "");
        double latitude = fields.decimal("latitude", -90, 90);
        double longitude = fields.decimal("longitude", -180, 180);
        var account = outgoing.ready(request, to.chat());
        outgoing.send(
                response,
                account,
                to.chat(),
                new Content.Location(latitude, longitude, "", "", false, outgoing.complete(account, to)),
                "Send location success");
    }

    private void poll(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request).requiring("max_answer", "options", "phone", "question");
        var to = outgoing.read(fields, "");
        var question = fields.text("question", MAX_QUESTION);
        var choices = fields.texts("options", MAX_CHOICES, MAX_CHOICE);
        if (new HashSet<>(choices).size() < choices.size()) {
            throw Problem.badField("options", "must be different from one another");
        }
        int most = (int) fields.requiredNumber("max_answer", 1, choices.size());
        var account = outgoing.ready(request, to.chat());
        outgoing.send(
                response,
                account,
                to.chat(),
                new Content.Poll(question, choices, most, outgoing.complete(account, to)),
                "Send poll success");
    }

    private void presence(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request);
        var type = fields.word("type", "available", "unavailable");
        if (fields.flag("is_forwarded")) {
            throw Problem.badField("is_forwarded", "cannot be true: a presence is not forwarded");
        }
        accounts.of(request).session().presence().available(type.equals("available"));
        Outgoing.reply(response, "presence", "Send presence success " + type);
    }

    private void chatPresence(ServerRequest request, ServerResponse response) {
        var fields = bodies.of(request).requiring("action", "phone");
        Jid chat = recipients.chat("phone", fields);
        boolean start = fields.word("action", "start", "stop").equals("start");
        outgoing.ready(request, chat).session().presence().typing(chat, start);
        Outgoing.reply(
                response,
                start ? "chat-presence-start" : "chat-presence-stop",
                "Send chat presence success " + chat + " (" + (start ? "start" : "stop") + ")");
    }
}
